// SPDX-License-Identifier: Apache-2.0
// What the stand-in for UCX offers beside UCX's own names.
#pragma once

#include "virtual_gpu/network/ucp_abi.h"

/// How a message reaches its handler: data that is gone when it returns, data that it may keep (the
/// fake passes the message itself), or a descriptor.
enum class FakeArrival { Passing, Keepable, Rendezvous };

void fake_arrival(FakeArrival kind);

extern const char* const kFakeAddresses[2];
/// The last data that was given back.
extern void* fake_released;

extern "C" {
unsigned ucp_worker_progress(void* worker);
placewright::network::ucp::Status ucp_worker_get_address(void* worker, const void** address,
                                                         std::size_t* length);
placewright::network::ucp::Status ucp_ep_create(
    void* worker, const placewright::network::ucp::EndpointParameters* parameters, void** endpoint);
placewright::network::ucp::Status ucp_worker_set_am_recv_handler(
    void* worker, const placewright::network::ucp::HandlerParameters* parameters);
void* ucp_am_send_nbx(void* endpoint, unsigned id, const void* header, std::size_t header_length,
                      const void* buffer, std::size_t count,
                      const placewright::network::ucp::RequestParameters* parameters);
void* ucp_am_recv_data_nbx(void* worker, void* descriptor, void* buffer, std::size_t count,
                           const placewright::network::ucp::RequestParameters* parameters);
void ucp_am_data_release(void* worker, void* data);
}
