// SPDX-License-Identifier: Apache-2.0
// The part of UCX's binary interface that the modelled network uses, declared here because UCX need
// not be installed where this is built. Names in comments are UCX's; tests/virtual_gpu compares
// sizes and numbers with the real header if it is available.
#pragma once

#include <cstddef>
#include <cstdint>

namespace placewright::network::ucp {

using Status = std::int8_t;  ///< ucs_status_t
inline constexpr Status kInProgress = 1;

/// UCS_PTR_IS_ERR: one of the last hundred addresses instead of a request.
inline bool is_error(const void* request) {
  return reinterpret_cast<std::uintptr_t>(request) >= static_cast<std::uintptr_t>(-100);
}

inline constexpr std::uint32_t kFieldCallback = 1u << 1;       ///< UCP_OP_ATTR_FIELD_CALLBACK
inline constexpr std::uint32_t kFieldUserData = 1u << 2;       ///< UCP_OP_ATTR_FIELD_USER_DATA
inline constexpr std::uint32_t kFieldFlags = 1u << 4;          ///< UCP_OP_ATTR_FIELD_FLAGS
inline constexpr std::uint32_t kNoImmediateEnd = 1u << 16;     ///< UCP_OP_ATTR_FLAG_NO_IMM_CMPL
inline constexpr std::uint32_t kCopyHeader = 1u << 3;          ///< UCP_AM_SEND_FLAG_COPY_HEADER
inline constexpr std::uint64_t kHasReplyEndpoint = 1u << 0;    ///< UCP_AM_RECV_ATTR_FIELD_REPLY_EP
inline constexpr std::uint64_t kDataMayBeKept = 1u << 16;      ///< UCP_AM_RECV_ATTR_FLAG_DATA
inline constexpr std::uint64_t kDataIsADescriptor = 1u << 17;  ///< UCP_AM_RECV_ATTR_FLAG_RNDV
inline constexpr std::uint64_t kFieldRemoteAddress = 1u
                                                     << 0;  ///< UCP_EP_PARAM_FIELD_REMOTE_ADDRESS

/// ucp_am_recv_data_nbx_callback_t
using Received = void (*)(void* request, Status status, std::size_t length, void* user_data);

/// ucp_request_param_t
struct RequestParameters {
  std::uint32_t mask;
  std::uint32_t flags;
  void* request;
  Received received;  ///< One member of the union `cb`.
  std::uint64_t datatype;
  void* user_data;
  void* reply_buffer;
  int memory_type;
  void* receive_info;
  void* memory_handle;
};

/// ucp_am_recv_param_t
struct ReceiveParameters {
  std::uint64_t attributes;
  void* reply_endpoint;
};

/// ucp_am_recv_callback_t
using Receive = Status (*)(void* argument, const void* header, std::size_t header_length,
                           void* data, std::size_t length, const ReceiveParameters* parameters);

/// ucp_am_handler_param_t
struct HandlerParameters {
  std::uint64_t mask;
  unsigned id;
  std::uint32_t flags;
  Receive receive;
  void* argument;
};

/// The first members of ucp_ep_params_t.
struct EndpointParameters {
  std::uint64_t mask;
  const void* address;
};

}  // namespace placewright::network::ucp
