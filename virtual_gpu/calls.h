// SPDX-License-Identifier: Apache-2.0
// The driver calls that the virtual GPUs implement. Each function does what the CUDA driver call
// named in the comment of its group does, with the same arguments; symbols.cpp gives them CUDA's
// names.
#pragma once

#include "cuda_abi.h"

namespace placewright::vgpu {

using HostCallback = void (*)(void* stream, int status, void* argument);
using HostFunction = void (*)(void* argument);

/// Start and devices: cuInit, cuDriverGetVersion, cuDevice*.
int init(unsigned flags);
int driver_get_version(int* version);
int device_get(int* device, int ordinal);
int device_get_count(int* count);
int device_get_name(char* name, int length, int device);
int device_get_uuid(Uuid* uuid, int device);
int device_get_attribute(int* value, int attribute, int device);
int device_total_mem(std::size_t* bytes, int device);
int device_can_access_peer(int* can, int device, int peer);
int primary_ctx_retain(void** context, int device);
int primary_ctx_release(int device);
int primary_ctx_set_flags(int device, unsigned flags);

/// Contexts: cuCtx*.
int ctx_push_current(void* context);
int ctx_pop_current(void** context);
int ctx_get_device(int* device);
int ctx_get_flags(unsigned* flags);
int ctx_synchronize();
int ctx_synchronize_of(void* context);  ///< The form used since CUDA 13.
int ctx_record_event(void* context, void* event);
int ctx_get_stream_priority_range(int* least, int* greatest);
int ctx_enable_peer_access(void* context, unsigned flags);

/// Memory: cuMem*, cuIpc*.
int mem_alloc(DevicePointer* pointer, std::size_t bytes);
int mem_alloc_managed(DevicePointer* pointer, std::size_t bytes, unsigned flags);
int mem_free(DevicePointer pointer);
int mem_host_alloc(void** pointer, std::size_t bytes, unsigned flags);
int mem_free_host(void* pointer);
int mem_host_register(void* pointer, std::size_t bytes, unsigned flags);
int mem_host_unregister(void* pointer);
int mem_host_get_device_pointer(DevicePointer* device, void* host, unsigned flags);
int mem_get_info(std::size_t* free, std::size_t* total);
int mem_get_address_range(DevicePointer* base, std::size_t* bytes, DevicePointer pointer);
int ipc_get_mem_handle(IpcMemoryHandle* handle, DevicePointer pointer);

/// Streams and events: cuStream*, cuEvent*, cuLaunchHostFunc.
int stream_create(void** stream, unsigned flags);
int stream_create_with_priority(void** stream, unsigned flags, int priority);
int stream_destroy(void* stream);
int stream_synchronize(void* stream);
int stream_query(void* stream);
int stream_wait_event(void* stream, void* event, unsigned flags);
int stream_add_callback(void* stream, HostCallback callback, void* argument, unsigned flags);
int launch_host_func(void* stream, HostFunction function, void* argument);
int event_create(void** event, unsigned flags);
int event_destroy(void* event);
int event_record(void* event, void* stream);
int event_query(void* event);
int event_synchronize(void* event);
int event_elapsed_time(float* milliseconds, void* start, void* end);

/// Copies and fills: cuMemcpy*, cuMemset*.
int memcpy_async(DevicePointer to, DevicePointer from, std::size_t bytes, void* stream);
int memcpy_h_to_d_async(DevicePointer to, const void* from, std::size_t bytes, void* stream);
int memcpy_d_to_h_async(void* to, DevicePointer from, std::size_t bytes, void* stream);
int memcpy_h_to_d(DevicePointer to, const void* from, std::size_t bytes);
int memcpy_d_to_h(void* to, DevicePointer from, std::size_t bytes);
int memcpy_2d_async(const Copy2d* copy, void* stream);
int memcpy_3d_async(const Copy3d* copy, void* stream);
int memset_d8_async(DevicePointer to, unsigned char value, std::size_t count, void* stream);
int memset_d16_async(DevicePointer to, unsigned short value, std::size_t count, void* stream);
int memset_d32_async(DevicePointer to, unsigned value, std::size_t count, void* stream);
int memset_2d_d8_async(DevicePointer to, std::size_t pitch, unsigned char value, std::size_t width,
                       std::size_t height, void* stream);
int memset_2d_d16_async(DevicePointer to, std::size_t pitch, unsigned short value,
                        std::size_t width, std::size_t height, void* stream);
int memset_2d_d32_async(DevicePointer to, std::size_t pitch, unsigned value, std::size_t width,
                        std::size_t height, void* stream);

/// Modules and kernels: cuModule*, cuLaunchKernel, cuOccupancyMaxPotentialBlockSize*.
int module_load_data_ex(void** module, const void* image, unsigned options, void* keys,
                        void** values);
int module_get_function(void** function, void* module, const char* name);
int launch_kernel(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                  unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                  void* stream, void** parameters, void** extra);
int occupancy_max_potential_block_size(int* grid, int* block, void* function, void* shared_bytes_of,
                                       std::size_t shared_bytes, int limit);
int occupancy_max_potential_block_size_with_flags(int* grid, int* block, void* function,
                                                  void* shared_bytes_of, std::size_t shared_bytes,
                                                  int limit, unsigned flags);
int occupancy_max_active_blocks(int* blocks, void* function, int block, std::size_t shared_bytes);

/// cuGetErrorName, cuGetErrorString.
int get_error_name(int status, const char** name);
int get_error_string(int status, const char** text);

}  // namespace placewright::vgpu
