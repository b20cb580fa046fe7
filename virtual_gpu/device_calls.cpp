// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iterator>

#include "calls.h"
#include "driver.h"

namespace placewright::vgpu {
namespace {

/// The interface version that the answers follow; the runtime requests newer ones by number.
constexpr int kDriverVersion = 12080;

/// Together with the clock of attribute 36 this gives the bandwidth that Realm reports: 2 * clock *
/// width / 8.
constexpr int kMemoryBusBits = 4096;

int memory_clock_khz(double bandwidth) {
  return static_cast<int>(bandwidth / (2.0 * kMemoryBusBits / 8) / 1000);
}

int attribute_value(const Driver& d, int attribute, int device) {
  switch (attribute) {
    case kMaxThreadsPerBlock:
    case kMaxBlockDimX:
    case kMaxBlockDimY:
      return 1024;
    case kMaxBlockDimZ:
      return 64;
    case kMaxGridDimX:
      return 0x7fffffff;
    case kMaxGridDimY:
    case kMaxGridDimZ:
      return 65535;
    case kMaxSharedMemoryPerBlock:
      return 48 * 1024;
    case kWarpSize:
      return 32;
    case kMultiprocessorCount:
      return 56;
    case kMaxThreadsPerMultiprocessor:
      return 2048;
    case kPciBusId:
      return device + 1;
    case kMemoryClockRate:
      return memory_clock_khz(d.table.gpu.memory_bandwidth);
    case kMemoryBusWidth:
      return kMemoryBusBits;
    case kAsyncEngineCount:
      return 2;
    case kComputeCapabilityMajor:
      return 6;
    case kHostNumaId:
      return -1;
    case kCanMapHostMemory:
    case kConcurrentKernels:
    case kUnifiedAddressing:
    case kStreamPrioritiesSupported:
    case kManagedMemory:
    case kConcurrentManagedAccess:
    case kCanUseHostPointerForRegisteredMemory:
    case kHostRegisterSupported:
      return 1;
    default:
      return 0;
  }
}

struct ErrorName {
  int status;
  const char* name;
  const char* text;
};

constexpr ErrorName kErrors[] = {
    {kSuccess, "CUDA_SUCCESS", "no error"},
    {kOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory on the virtual GPU"},
    {kNoDevice, "CUDA_ERROR_NO_DEVICE", "no virtual GPU"},
    {kNotSupported, "CUDA_ERROR_NOT_SUPPORTED", "not supported by the virtual GPU"},
};
constexpr ErrorName kOtherError{-1, "CUDA_ERROR", "error of the virtual GPU"};

const ErrorName& find_error(int status) {
  const auto* const found = std::ranges::find(kErrors, status, &ErrorName::status);
  return found == std::end(kErrors) ? kOtherError : *found;
}

/// The device with that number, or null.
Device* find(int ordinal) { return driver() == nullptr ? nullptr : driver()->device(ordinal); }

}  // namespace

int init(unsigned) { return initialize_driver(); }

int driver_get_version(int* version) {
  *version = kDriverVersion;
  return kSuccess;
}

int device_get(int* device, int ordinal) {
  if (find(ordinal) == nullptr) return kInvalidDevice;
  *device = ordinal;
  return kSuccess;
}

int device_get_count(int* count) {
  if (driver() == nullptr) return kNotInitialized;
  *count = driver()->table.gpu.count;
  return kSuccess;
}

int device_get_name(char* name, int length, int device) {
  if (find(device) == nullptr) return kInvalidDevice;
  std::snprintf(name, static_cast<std::size_t>(length), "Placewright virtual GPU %d", device);
  return kSuccess;
}

int device_get_uuid(Uuid* uuid, int device) {
  if (find(device) == nullptr) return kInvalidDevice;
  std::memcpy(uuid->bytes, "placewrightvgpu", 15);
  uuid->bytes[15] = static_cast<char>(device);
  return kSuccess;
}

int device_get_attribute(int* value, int attribute, int device) {
  if (find(device) == nullptr) return kInvalidDevice;
  *value = attribute_value(*driver(), attribute, device);
  return kSuccess;
}

int device_total_mem(std::size_t* bytes, int device) {
  if (find(device) == nullptr) return kInvalidDevice;
  *bytes = driver()->table.gpu.frame_buffer_bytes;
  return kSuccess;
}

int device_can_access_peer(int* can, int device, int peer) {
  if (find(device) == nullptr || find(peer) == nullptr) return kInvalidDevice;
  *can = device == peer ? 0 : 1;
  return kSuccess;
}

int primary_ctx_retain(void** context, int device) {
  *context = find(device);
  return *context == nullptr ? kInvalidDevice : kSuccess;
}

int primary_ctx_release(int device) { return find(device) == nullptr ? kInvalidDevice : kSuccess; }

int primary_ctx_set_flags(int device, unsigned) {
  return find(device) == nullptr ? kInvalidDevice : kSuccess;
}

int ctx_push_current(void* context) {
  if (driver() == nullptr) return kNotInitialized;
  Device* const device = driver()->context_device(context);
  if (device == nullptr) return kInvalidContext;
  push_context(device);
  return kSuccess;
}

int ctx_pop_current(void** context) {
  Device* const device = pop_context();
  if (device == nullptr) return kInvalidContext;
  if (context != nullptr) *context = device;
  return kSuccess;
}

int ctx_get_device(int* device) {
  if (current_device() == nullptr) return kInvalidContext;
  *device = current_device()->ordinal;
  return kSuccess;
}

int ctx_get_flags(unsigned* flags) {
  *flags = 0;
  return kSuccess;
}

int ctx_get_stream_priority_range(int* least, int* greatest) {
  if (least != nullptr) *least = 0;
  if (greatest != nullptr) *greatest = -5;
  return kSuccess;
}

int ctx_enable_peer_access(void* context, unsigned) {
  if (driver() == nullptr) return kNotInitialized;
  return driver()->context_device(context) == nullptr ? kInvalidContext : kSuccess;
}

int get_error_name(int status, const char** name) {
  *name = find_error(status).name;
  return kSuccess;
}

int get_error_string(int status, const char** text) {
  *text = find_error(status).text;
  return kSuccess;
}

}  // namespace placewright::vgpu
