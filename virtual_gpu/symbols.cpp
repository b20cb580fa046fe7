// SPDX-License-Identifier: Apache-2.0
// CUDA's names for the calls: cuGetProcAddress, through which the runtime fetches nearly all of
// them, and the few that it links.
#include <string>

#include "calls.h"
#include "driver.h"

namespace placewright::vgpu {
namespace {

using Address = void*;

template <class Call>
Address at(Call* call) {
  return reinterpret_cast<Address>(call);
}

/// The answer to calls that the runtime does not depend on.
int not_supported() { return kNotSupported; }

struct Named {
  const char* name;
  Address address;
};

const Named kCalls[] = {
    {"cuInit", at(init)},
    {"cuDriverGetVersion", at(driver_get_version)},
    {"cuGetErrorName", at(get_error_name)},
    {"cuGetErrorString", at(get_error_string)},
    {"cuDeviceGet", at(device_get)},
    {"cuDeviceGetCount", at(device_get_count)},
    {"cuDeviceGetName", at(device_get_name)},
    {"cuDeviceGetUuid", at(device_get_uuid)},
    {"cuDeviceGetAttribute", at(device_get_attribute)},
    {"cuDeviceTotalMem", at(device_total_mem)},
    {"cuDeviceCanAccessPeer", at(device_can_access_peer)},
    {"cuDevicePrimaryCtxRetain", at(primary_ctx_retain)},
    {"cuDevicePrimaryCtxRelease", at(primary_ctx_release)},
    {"cuDevicePrimaryCtxSetFlags", at(primary_ctx_set_flags)},
    {"cuCtxPushCurrent", at(ctx_push_current)},
    {"cuCtxPopCurrent", at(ctx_pop_current)},
    {"cuCtxGetDevice", at(ctx_get_device)},
    {"cuCtxGetFlags", at(ctx_get_flags)},
    {"cuCtxSynchronize", at(ctx_synchronize)},
    {"cuCtxRecordEvent", at(ctx_record_event)},
    {"cuCtxGetStreamPriorityRange", at(ctx_get_stream_priority_range)},
    {"cuCtxEnablePeerAccess", at(ctx_enable_peer_access)},
    {"cuMemAlloc", at(mem_alloc)},
    {"cuMemAllocManaged", at(mem_alloc_managed)},
    {"cuMemFree", at(mem_free)},
    {"cuMemHostAlloc", at(mem_host_alloc)},
    {"cuMemFreeHost", at(mem_free_host)},
    {"cuMemHostRegister", at(mem_host_register)},
    {"cuMemHostUnregister", at(mem_host_unregister)},
    {"cuMemHostGetDevicePointer", at(mem_host_get_device_pointer)},
    {"cuMemGetInfo", at(mem_get_info)},
    {"cuMemGetAddressRange", at(mem_get_address_range)},
    {"cuIpcGetMemHandle", at(ipc_get_mem_handle)},
    {"cuStreamCreate", at(stream_create)},
    {"cuStreamCreateWithPriority", at(stream_create_with_priority)},
    {"cuStreamDestroy", at(stream_destroy)},
    {"cuStreamSynchronize", at(stream_synchronize)},
    {"cuStreamQuery", at(stream_query)},
    {"cuStreamWaitEvent", at(stream_wait_event)},
    {"cuStreamAddCallback", at(stream_add_callback)},
    {"cuLaunchHostFunc", at(launch_host_func)},
    {"cuEventCreate", at(event_create)},
    {"cuEventDestroy", at(event_destroy)},
    {"cuEventRecord", at(event_record)},
    {"cuEventQuery", at(event_query)},
    {"cuEventSynchronize", at(event_synchronize)},
    {"cuEventElapsedTime", at(event_elapsed_time)},
    {"cuMemcpyAsync", at(memcpy_async)},
    {"cuMemcpyDtoDAsync", at(memcpy_async)},
    {"cuMemcpyHtoDAsync", at(memcpy_h_to_d_async)},
    {"cuMemcpyDtoHAsync", at(memcpy_d_to_h_async)},
    {"cuMemcpyHtoD", at(memcpy_h_to_d)},
    {"cuMemcpyDtoH", at(memcpy_d_to_h)},
    {"cuMemcpy2DAsync", at(memcpy_2d_async)},
    {"cuMemcpy3DAsync", at(memcpy_3d_async)},
    {"cuMemsetD8Async", at(memset_d8_async)},
    {"cuMemsetD16Async", at(memset_d16_async)},
    {"cuMemsetD32Async", at(memset_d32_async)},
    {"cuMemsetD2D8Async", at(memset_2d_d8_async)},
    {"cuMemsetD2D16Async", at(memset_2d_d16_async)},
    {"cuMemsetD2D32Async", at(memset_2d_d32_async)},
    {"cuModuleLoadDataEx", at(module_load_data_ex)},
    {"cuModuleGetFunction", at(module_get_function)},
    {"cuLaunchKernel", at(launch_kernel)},
    {"cuOccupancyMaxPotentialBlockSize", at(occupancy_max_potential_block_size)},
    {"cuOccupancyMaxPotentialBlockSizeWithFlags",
     at(occupancy_max_potential_block_size_with_flags)},
    {"cuOccupancyMaxActiveBlocksPerMultiprocessor", at(occupancy_max_active_blocks)},
    // The runtime asks for these but works without them.
    {"cuIpcOpenMemHandle", at(not_supported)},
    {"cuIpcCloseMemHandle", at(not_supported)},
    {"cuMemAdvise", at(not_supported)},
    {"cuMemPrefetchAsync", at(not_supported)},
    {"cuCtxSetLimit", at(not_supported)},
    {"cuCtxGetLimit", at(not_supported)},
    {"cuCtxSetCacheConfig", at(not_supported)},
    {"cuCtxSetSharedMemConfig", at(not_supported)},
    {"cuFuncGetAttribute", at(not_supported)},
    {"cuFuncSetAttribute", at(not_supported)},
    {"cuFuncSetCacheConfig", at(not_supported)},
    {"cuFuncSetSharedMemConfig", at(not_supported)},
    {"cuMemAddressReserve", at(not_supported)},
    {"cuMemAddressFree", at(not_supported)},
    {"cuMemCreate", at(not_supported)},
    {"cuMemRelease", at(not_supported)},
    {"cuMemMap", at(not_supported)},
    {"cuMemUnmap", at(not_supported)},
    {"cuMemSetAccess", at(not_supported)},
    {"cuMemGetAllocationGranularity", at(not_supported)},
    {"cuPointerGetAttributes", at(not_supported)},
};

/// Unsupported calls: using one ends the run with its name.
#define PLACEWRIGHT_MISSING(name)                               \
  {                                                             \
#name, at(+[]() -> int { stop_run("driver call", #name); }) \
  }

const Named kMissingCalls[] = {
    PLACEWRIGHT_MISSING(cuArray3DCreate),
    PLACEWRIGHT_MISSING(cuArrayDestroy),
    PLACEWRIGHT_MISSING(cuArrayGetMemoryRequirements),
    PLACEWRIGHT_MISSING(cuSurfObjectCreate),
    PLACEWRIGHT_MISSING(cuSurfObjectDestroy),
    PLACEWRIGHT_MISSING(cuLaunchCooperativeKernel),
    PLACEWRIGHT_MISSING(cuModuleGetGlobal),
    PLACEWRIGHT_MISSING(cuMemGetAllocationPropertiesFromHandle),
    PLACEWRIGHT_MISSING(cuMemExportToShareableHandle),
    PLACEWRIGHT_MISSING(cuMemImportFromShareableHandle),
    PLACEWRIGHT_MISSING(cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags),
};

#undef PLACEWRIGHT_MISSING

template <std::size_t N>
Address find(const Named (&table)[N], const std::string& name) {
  for (const Named& entry : table) {
    if (name == entry.name) return entry.address;
  }
  return nullptr;
}

/// `cuMemFree_v2` is treated as `cuMemFree`: there is only one layout of everything.
std::string base_name(std::string name) {
  const std::size_t suffix = name.rfind("_v");
  if (suffix != std::string::npos && suffix + 3 == name.size()) name.resize(suffix);
  return name;
}

Address look_up(const std::string& name, int version) {
  // Since CUDA 13 this call takes a context.
  if (name == "cuCtxSynchronize" && version >= 13000) return at(ctx_synchronize_of);
  const Address call = find(kCalls, name);
  return call != nullptr ? call : find(kMissingCalls, name);
}

}  // namespace
}  // namespace placewright::vgpu

using namespace placewright::vgpu;

#define PLACEWRIGHT_EXPORT extern "C" __attribute__((visibility("default")))

PLACEWRIGHT_EXPORT int cuGetProcAddress(const char* symbol, void** function, int version,
                                        std::uint64_t) {
  *function = look_up(base_name(symbol), version);
  return *function == nullptr ? kNotFound : kSuccess;
}

PLACEWRIGHT_EXPORT int cuGetErrorName(int status, const char** name) {
  return get_error_name(status, name);
}

PLACEWRIGHT_EXPORT int cuGetErrorString(int status, const char** text) {
  return get_error_string(status, text);
}

PLACEWRIGHT_EXPORT int cuMemFree_v2(DevicePointer pointer) { return mem_free(pointer); }

PLACEWRIGHT_EXPORT int cuMemFreeHost(void* pointer) { return mem_free_host(pointer); }
