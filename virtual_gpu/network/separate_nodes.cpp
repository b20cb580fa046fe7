// SPDX-License-Identifier: Apache-2.0
// The processes of a modelled network are nodes, and nodes share no memory. Realm detects processes
// on the same machine by sending to a local socket of each, and bypasses the network for copies
// between them. This library drops those messages.
#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <string_view>

#include "network.h"

namespace {

/// Whether a message goes to a Realm socket in this machine's abstract namespace.
bool is_for_a_neighbour(const msghdr& message) {
  constexpr std::string_view kName("\0realm_uds.", 11);
  constexpr std::size_t kStart = offsetof(sockaddr_un, sun_path);
  if (message.msg_name == nullptr || message.msg_namelen < kStart + kName.size()) return false;
  const auto& address = *static_cast<const sockaddr_un*>(message.msg_name);
  return address.sun_family == AF_UNIX &&
         std::memcmp(address.sun_path, kName.data(), kName.size()) == 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) ssize_t sendmsg(int socket, const msghdr* message,
                                                                  int flags) {
  static const auto next =
      reinterpret_cast<ssize_t (*)(int, const msghdr*, int)>(dlsym(RTLD_NEXT, "sendmsg"));
  if (message != nullptr && is_for_a_neighbour(*message) &&
      placewright::network::Network::get() != nullptr) {
    errno = ECONNREFUSED;
    return -1;
  }
  return next(socket, message, flags);
}
