// SPDX-License-Identifier: Apache-2.0
// A preload library between Realm and UCX that delays messages between processes as a modelled
// network would. The sender reserves the links for every message and appends the arrival time to
// the header. UCX moves the bytes at once, and the receiver's handler is called when that time has
// come, so the real transfer happens during the modelled one, not after it. Both sides need the
// library. Without PLACEWRIGHT_NETWORK it does nothing.
//
// For a rendezvous message the handler is called at once, because it only names the buffer; the
// completion of the receive is delayed. A put reserves the links, which delays later messages, but
// completes when UCX is done with it.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "network.h"
#include "ucp_abi.h"

#define PLACEWRIGHT_EXPORT extern "C" __attribute__((visibility("default")))

namespace placewright::network {
namespace {

/// Appended to every header.
struct Stamp {
  Time due;
  std::int32_t from;
  std::uint32_t mark;
};
constexpr std::uint32_t kMark = 0x706c6163;

/// The next function with this name: UCX's own, or another preload library's.
template <class Function>
Function* next(const char* name) {
  auto* const found = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
  if (found == nullptr) {
    std::fprintf(stderr, "virtual GPU: UCX has no `%s`\n", name);
    std::abort();
  }
  return found;
}

struct Handler {
  ucp::Receive receive;
  void* argument;
  void* worker;
};

/// Arrival times of the data described by descriptors.
class Descriptors {
 public:
  void add(const void* descriptor, Time due) {
    std::lock_guard lock(mutex_);
    due_[descriptor] = due;
  }
  Time take(const void* descriptor) {
    std::lock_guard lock(mutex_);
    const auto found = due_.find(descriptor);
    if (found == due_.end()) return 0;
    const Time due = found->second;
    due_.erase(found);
    return due;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<const void*, Time> due_;
};

Descriptors& descriptors() {
  static auto* const all = new Descriptors;
  return *all;
}

Stamp read_stamp(const void* header, std::size_t length) {
  Stamp stamp{};
  if (length >= sizeof stamp) {
    std::memcpy(&stamp, static_cast<const char*>(header) + length - sizeof stamp, sizeof stamp);
  }
  if (stamp.mark != kMark) {
    std::fprintf(stderr, "virtual GPU: a message came from a process without a modelled network\n");
    std::abort();
  }
  return stamp;
}

/// Holds an eager message until it is due.
ucp::Status hold(const Handler& handler, Time due, const void* header, std::size_t header_length,
                 void* data, std::size_t length, const ucp::ReceiveParameters& parameters) {
  static auto* const release = next<void(void*, void*)>("ucp_am_data_release");
  // The handler returns such data to UCX, even if empty, so it must belong to UCX.
  const bool keep = (parameters.attributes & ucp::kDataMayBeKept) != 0;
  const auto* begin = static_cast<const char*>(header);
  std::vector<char> header_copy(begin, begin + header_length);
  std::vector<char> data_copy;
  if (!keep && length > 0) {
    data_copy.assign(static_cast<const char*>(data), static_cast<const char*>(data) + length);
  }
  Network::get()
      ->arrivals(handler.worker)
      .hold(due, [=, header_copy = std::move(header_copy), data_copy = std::move(data_copy),
                  handler = handler, parameters = parameters]() mutable {
        void* const bytes = keep ? data : data_copy.data();
        const ucp::Status status = handler.receive(handler.argument, header_copy.data(),
                                                   header_length, bytes, length, &parameters);
        if (keep && status != ucp::kInProgress) release(handler.worker, data);
      });
  return keep ? ucp::kInProgress : ucp::Status{0};
}

ucp::Status receive(void* argument, const void* header, std::size_t header_length, void* data,
                    std::size_t length, const ucp::ReceiveParameters* parameters) {
  const Handler& handler = *static_cast<const Handler*>(argument);
  const Stamp stamp = read_stamp(header, header_length);
  header_length -= sizeof stamp;
  Network* const network = Network::get();
  if ((parameters->attributes & ucp::kHasReplyEndpoint) != 0) {
    network->note_endpoint(parameters->reply_endpoint, stamp.from);
  }
  const auto call = [&] {
    return handler.receive(handler.argument, header, header_length, data, length, parameters);
  };
  if ((parameters->attributes & ucp::kDataIsADescriptor) != 0) {
    descriptors().add(data, stamp.due);
    return call();
  }
  const Time late = now() - stamp.due;
  if (late < 0) return hold(handler, stamp.due, header, header_length, data, length, *parameters);
  if (stamp.due != 0) network->arrivals(handler.worker).note_late(stamp.due, late);
  return call();
}

/// A receive whose completion is delayed until it is due.
struct Receiving {
  ucp::Received received;
  void* user_data;
  Time due;
  void* worker;
};

void received(void* request, ucp::Status status, std::size_t length, void* user_data) {
  const std::unique_ptr<Receiving> receiving(static_cast<Receiving*>(user_data));
  Network::get()->arrivals(receiving->worker).hold(receiving->due, [=, receiving = *receiving] {
    receiving.received(request, status, length, receiving.user_data);
  });
}

}  // namespace
}  // namespace placewright::network

using namespace placewright::network;

PLACEWRIGHT_EXPORT unsigned ucp_worker_progress(void* worker) {
  static auto* const progress = next<unsigned(void*)>("ucp_worker_progress");
  Network* const network = Network::get();
  const unsigned delivered = network == nullptr ? 0 : network->arrivals(worker).deliver_due();
  return delivered + progress(worker);
}

PLACEWRIGHT_EXPORT ucp::Status ucp_worker_get_address(void* worker, void** address,
                                                      std::size_t* length) {
  static auto* const get = next<ucp::Status(void*, void**, std::size_t*)>("ucp_worker_get_address");
  const ucp::Status status = get(worker, address, length);
  if (Network* const network = Network::get(); network != nullptr && status == 0) {
    network->enter_own_address(*address, *length);
  }
  return status;
}

PLACEWRIGHT_EXPORT ucp::Status ucp_ep_create(void* worker,
                                             const ucp::EndpointParameters* parameters,
                                             void** endpoint) {
  static auto* const create =
      next<ucp::Status(void*, const ucp::EndpointParameters*, void**)>("ucp_ep_create");
  const ucp::Status status = create(worker, parameters, endpoint);
  if (Network* const network = Network::get();
      network != nullptr && status == 0 && (parameters->mask & ucp::kFieldRemoteAddress) != 0) {
    network->note_endpoint_address(*endpoint, parameters->address);
  }
  return status;
}

PLACEWRIGHT_EXPORT ucp::Status ucp_worker_set_am_recv_handler(
    void* worker, const ucp::HandlerParameters* parameters) {
  static auto* const set =
      next<ucp::Status(void*, const ucp::HandlerParameters*)>("ucp_worker_set_am_recv_handler");
  if (Network::get() == nullptr || parameters->receive == nullptr) return set(worker, parameters);
  ucp::HandlerParameters changed = *parameters;
  changed.receive = receive;
  // UCX may call it as long as the worker lives.
  changed.argument = new Handler{parameters->receive, parameters->argument, worker};
  return set(worker, &changed);
}

PLACEWRIGHT_EXPORT void* ucp_am_recv_data_nbx(void* worker, void* descriptor, void* buffer,
                                              std::size_t count,
                                              const ucp::RequestParameters* parameters) {
  using Call = void*(void*, void*, void*, std::size_t, const ucp::RequestParameters*);
  static auto* const receive_data = next<Call>("ucp_am_recv_data_nbx");
  const bool tells = (parameters->mask & ucp::kFieldCallback) != 0;
  const Time due = Network::get() == nullptr ? 0 : descriptors().take(descriptor);
  if (due == 0 || !tells) return receive_data(worker, descriptor, buffer, count, parameters);
  ucp::RequestParameters changed = *parameters;
  void* const user_data =
      (parameters->mask & ucp::kFieldUserData) != 0 ? parameters->user_data : nullptr;
  auto receiving =
      std::make_unique<Receiving>(Receiving{parameters->received, user_data, due, worker});
  changed.mask |= ucp::kFieldUserData | ucp::kNoImmediateEnd;
  changed.received = received;
  changed.user_data = receiving.get();
  void* const request = receive_data(worker, descriptor, buffer, count, &changed);
  if (!ucp::is_error(request)) static_cast<void>(receiving.release());
  return request;
}

PLACEWRIGHT_EXPORT void* ucp_am_send_nbx(void* endpoint, unsigned id, const void* header,
                                         std::size_t header_length, const void* buffer,
                                         std::size_t count,
                                         const ucp::RequestParameters* parameters) {
  using Call = void*(void*, unsigned, const void*, std::size_t, const void*, std::size_t,
                     const ucp::RequestParameters*);
  static auto* const send = next<Call>("ucp_am_send_nbx");
  Network* const network = Network::get();
  if (network == nullptr) {
    return send(endpoint, id, header, header_length, buffer, count, parameters);
  }
  // A message that UCX refuses is sent again and reserves the links twice: at most 2 KiB, in Realm.
  const Stamp stamp{network->send(endpoint, header_length + count), network->process(), kMark};
  std::vector<char> stamped(header_length + sizeof stamp);
  if (header_length > 0) std::memcpy(stamped.data(), header, header_length);
  std::memcpy(stamped.data() + header_length, &stamp, sizeof stamp);
  ucp::RequestParameters changed = *parameters;
  if ((changed.mask & ucp::kFieldFlags) == 0) changed.flags = 0;
  changed.mask |= ucp::kFieldFlags;
  changed.flags |= ucp::kCopyHeader;
  return send(endpoint, id, stamped.data(), stamped.size(), buffer, count, &changed);
}

PLACEWRIGHT_EXPORT void* ucp_put_nbx(void* endpoint, const void* buffer, std::size_t count,
                                     std::uint64_t remote, void* key,
                                     const ucp::RequestParameters* parameters) {
  using Call =
      void*(void*, const void*, std::size_t, std::uint64_t, void*, const ucp::RequestParameters*);
  static auto* const put = next<Call>("ucp_put_nbx");
  if (Network* const network = Network::get(); network != nullptr) {
    static_cast<void>(network->send(endpoint, count));
  }
  return put(endpoint, buffer, count, remote, key, parameters);
}

/// What the virtual GPU driver adds to its statistics; valid until the next call.
PLACEWRIGHT_EXPORT const char* placewright_network_statistics() {
  static std::string text;
  Network* const network = Network::get();
  text = network == nullptr ? "null" : network->statistics();
  return text.c_str();
}
