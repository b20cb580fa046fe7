// SPDX-License-Identifier: Apache-2.0
// Under the network's preload library, with the stand-in for UCX: every kind of arrival reaches its
// handler unchanged, and not before it is due (20 ms in small_network.table). Exits 1 if one does
// not.
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "fake_ucp.h"

namespace {

namespace ucp = placewright::network::ucp;
using Clock = std::chrono::steady_clock;

int worker = 0;
int failures = 0;
std::string heard;      ///< Header and data, as the handler got them.
Clock::time_point end;  ///< When the message was complete.
bool complete = false;
void* kept = nullptr;

void check(bool good, const char* kind, const char* fact) {
  std::printf("%s: %s: %s\n", kind, fact, good ? "yes" : "NO");
  if (!good) ++failures;
}

void finish(const void* data, std::size_t length) {
  heard += "|" + std::string(static_cast<const char*>(data), length);
  end = Clock::now();
  complete = true;
}

char buffer[64];

void received(void*, ucp::Status, std::size_t length, void*) { finish(buffer, length); }

ucp::Status handle(void*, const void* header, std::size_t header_length, void* data,
                   std::size_t length, const ucp::ReceiveParameters* parameters) {
  heard = std::string(static_cast<const char*>(header), header_length);
  if ((parameters->attributes & ucp::kDataIsADescriptor) != 0) {
    ucp::RequestParameters request{};
    request.mask = ucp::kFieldCallback;
    request.received = received;
    ucp_am_recv_data_nbx(&worker, data, buffer, length, &request);
    return ucp::kInProgress;
  }
  if ((parameters->attributes & ucp::kDataMayBeKept) != 0) {
    kept = data;
    finish("", 0);
    return ucp::kInProgress;
  }
  finish(data, length);
  return 0;
}

void exchange(const char* kind, FakeArrival arrival, const std::string& data,
              const std::string& expected, void* endpoint) {
  fake_arrival(arrival);
  complete = false;
  const std::string header = "header";
  const ucp::RequestParameters parameters{};
  const Clock::time_point start = Clock::now();
  ucp_am_send_nbx(endpoint, 1, header.data(), header.size(), data.data(), data.size(), &parameters);
  while (!complete && Clock::now() - start < std::chrono::seconds(10)) ucp_worker_progress(&worker);
  check(complete, kind, "it arrives");
  check(heard == expected, kind, "unchanged");
  check(end - start >= std::chrono::milliseconds(20), kind, "when it is due");
}

/// The other process only says where it is.
void introduce_the_other_process() {
  if (fork() == 0) {
    setenv("OMPI_COMM_WORLD_RANK", "1", 1);
    int other = 1;
    const void* address = nullptr;
    std::size_t length = 0;
    ucp_worker_get_address(&other, &address, &length);
    _exit(0);
  }
  wait(nullptr);
}

}  // namespace

int main() {
  if (const char* links = std::getenv("PLACEWRIGHT_NETWORK")) unlink(links);
  introduce_the_other_process();
  setenv("OMPI_COMM_WORLD_RANK", "0", 1);
  ucp::HandlerParameters parameters{};
  parameters.receive = handle;
  ucp_worker_set_am_recv_handler(&worker, &parameters);
  const ucp::EndpointParameters far{ucp::kFieldRemoteAddress, kFakeAddresses[1]};
  void* endpoint = nullptr;
  ucp_ep_create(&worker, &far, &endpoint);

  exchange("passing data", FakeArrival::Passing, "data", "header|data", endpoint);
  exchange("no data", FakeArrival::Passing, "", "header|", endpoint);
  exchange("data to keep", FakeArrival::Keepable, "data", "header|", endpoint);
  check(kept != nullptr && fake_released == nullptr, "data to keep", "it stays the handler's");
  kept = nullptr;
  exchange("none to keep", FakeArrival::Keepable, "", "header|", endpoint);
  check(kept != nullptr, "none to keep", "it is UCX's own");
  exchange("rendezvous", FakeArrival::Rendezvous, "data", "header|data", endpoint);

  std::printf("failures: %d\n", failures);
  return failures == 0 ? 0 : 1;
}
