// SPDX-License-Identifier: Apache-2.0
// Stands in for UCX. For the poller: two polls that find something, then one that does not. For the
// modelled network: what is sent comes back to the handler of the same process at the next poll.
#include "fake_ucp.h"

#include <cstring>
#include <deque>
#include <vector>

namespace ucp = placewright::network::ucp;

namespace {

struct Message {
  std::vector<char> header, data;
};

ucp::HandlerParameters handler{};
std::deque<Message> sent, given;
FakeArrival arrival = FakeArrival::Passing;

void hand_over(Message& message) {
  ucp::ReceiveParameters parameters{};
  if (arrival == FakeArrival::Keepable) parameters.attributes = ucp::kDataMayBeKept;
  if (arrival == FakeArrival::Rendezvous) parameters.attributes = ucp::kDataIsADescriptor;
  const bool passing = arrival == FakeArrival::Passing;
  void* const data = passing ? static_cast<void*>(message.data.data()) : &message;
  handler.receive(handler.argument, message.header.data(), message.header.size(), data,
                  message.data.size(), &parameters);
  // What only passes is gone when the handler returns.
  if (passing) message.data.assign(message.data.size(), '?');
}

}  // namespace

const char* const kFakeAddresses[] = {"address of process 0", "address of process 1"};

void fake_arrival(FakeArrival kind) { arrival = kind; }

void* fake_released = nullptr;

extern "C" unsigned ucp_worker_progress(void* worker) {
  if (handler.receive == nullptr) {
    int& polls = *static_cast<int*>(worker);
    return ++polls < 3 ? 7u : 0u;
  }
  unsigned count = 0;
  for (; !sent.empty(); ++count) {
    given.push_back(std::move(sent.front()));
    sent.pop_front();
    hand_over(given.back());
  }
  return count;
}

extern "C" ucp::Status ucp_worker_get_address(void* worker, const void** address,
                                              std::size_t* length) {
  *address = kFakeAddresses[*static_cast<int*>(worker)];
  *length = std::strlen(kFakeAddresses[0]) + 1;
  return 0;
}

extern "C" ucp::Status ucp_ep_create(void*, const ucp::EndpointParameters*, void** endpoint) {
  static int one;
  *endpoint = &one;
  return 0;
}

extern "C" ucp::Status ucp_worker_set_am_recv_handler(void*, const ucp::HandlerParameters* given) {
  handler = *given;
  return 0;
}

extern "C" void* ucp_am_send_nbx(void*, unsigned, const void* header, std::size_t header_length,
                                 const void* buffer, std::size_t count,
                                 const ucp::RequestParameters*) {
  const auto* head = static_cast<const char*>(header);
  const auto* body = static_cast<const char*>(buffer);
  sent.push_back({{head, head + header_length}, {body, body + count}});
  return nullptr;
}

extern "C" void* ucp_am_recv_data_nbx(void*, void* descriptor, void* buffer, std::size_t count,
                                      const ucp::RequestParameters* parameters) {
  std::memcpy(buffer, static_cast<Message*>(descriptor)->data.data(), count);
  parameters->received(parameters->request, 0, count, parameters->user_data);
  return parameters->request;
}

extern "C" void* ucp_put_nbx(void*, const void*, std::size_t, std::uint64_t, void*,
                             const ucp::RequestParameters*) {
  return nullptr;
}

extern "C" void ucp_am_data_release(void*, void* data) { fake_released = data; }
