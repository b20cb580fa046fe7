// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "calls.h"
#include "driver.h"

namespace placewright::vgpu {
namespace {

std::uintptr_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

/// Takes `bytes` from the device's capacity; false if that much is not available.
bool take_capacity(Driver& d, Device& device, std::size_t bytes) {
  std::lock_guard lock(device.mutex);
  const std::uint64_t capacity = d.table.gpu.frame_buffer_bytes;
  if (bytes > capacity || device.allocated_bytes > capacity - bytes) return false;
  device.allocated_bytes += bytes;
  d.statistics.note_frame_buffer(device.ordinal, device.allocated_bytes);
  return true;
}

void give_capacity_back(Device& device, std::size_t bytes) {
  std::lock_guard lock(device.mutex);
  device.allocated_bytes -= bytes;
}

int allocate_host(std::size_t bytes, std::uintptr_t* base) {
  Driver* const d = driver();
  if (d == nullptr) return kNotInitialized;
  if (bytes == 0) return kInvalidValue;
  // The runtime allocates zero-copy buffers of its own in addition to its users', so the limit
  // applies to each allocation and not to their sum.
  if (bytes > d->table.zero_copy_bytes) return kOutOfMemory;
  const auto memory = d->memory.allocate(bytes, MemoryKind::ZeroCopy, -1);
  if (!memory) return kOutOfMemory;
  d->statistics.add_zero_copy(static_cast<std::int64_t>(bytes));
  *base = *memory;
  return kSuccess;
}

}  // namespace

int mem_alloc(DevicePointer* pointer, std::size_t bytes) {
  Driver* const d = driver();
  Device* const device = current_device();
  if (d == nullptr) return kNotInitialized;
  if (device == nullptr) return kInvalidContext;
  if (bytes == 0) return kInvalidValue;
  if (!take_capacity(*d, *device, bytes)) return kOutOfMemory;
  const auto memory = d->memory.allocate(bytes, MemoryKind::FrameBuffer, device->ordinal);
  if (!memory) {
    give_capacity_back(*device, bytes);
    return kOutOfMemory;
  }
  *pointer = *memory;
  return kSuccess;
}

int mem_alloc_managed(DevicePointer* pointer, std::size_t bytes, unsigned) {
  return allocate_host(bytes, pointer);
}

int mem_free(DevicePointer pointer) {
  Driver* const d = driver();
  if (d == nullptr) return kNotInitialized;
  if (pointer == 0) return kSuccess;
  const auto range = d->memory.release(pointer);
  if (!range) return kInvalidValue;
  if (range->kind == MemoryKind::FrameBuffer) {
    give_capacity_back(*d->device(range->device), range->bytes);
  } else {
    d->statistics.add_zero_copy(-static_cast<std::int64_t>(range->bytes));
  }
  return kSuccess;
}

int mem_host_alloc(void** pointer, std::size_t bytes, unsigned) {
  std::uintptr_t base = 0;
  const int status = allocate_host(bytes, &base);
  if (status == kSuccess) *pointer = reinterpret_cast<void*>(base);
  return status;
}

int mem_free_host(void* pointer) { return mem_free(address_of(pointer)); }

int mem_host_register(void* pointer, std::size_t bytes, unsigned) {
  if (driver() == nullptr) return kNotInitialized;
  if (pointer == nullptr || bytes == 0) return kInvalidValue;
  const bool added = driver()->memory.add_registered(address_of(pointer), bytes);
  return added ? kSuccess : kHostMemoryAlreadyRegistered;
}

int mem_host_unregister(void* pointer) {
  if (driver() == nullptr) return kNotInitialized;
  const bool removed = driver()->memory.remove_registered(address_of(pointer));
  return removed ? kSuccess : kHostMemoryNotRegistered;
}

int mem_host_get_device_pointer(DevicePointer* device, void* host, unsigned) {
  if (driver() == nullptr) return kNotInitialized;
  if (!driver()->memory.find(address_of(host))) return kInvalidValue;
  *device = address_of(host);
  return kSuccess;
}

int mem_get_info(std::size_t* free, std::size_t* total) {
  Device* const device = current_device();
  if (device == nullptr) return kInvalidContext;
  std::lock_guard lock(device->mutex);
  const std::uint64_t capacity = driver()->table.gpu.frame_buffer_bytes;
  if (free != nullptr) *free = capacity - device->allocated_bytes;
  if (total != nullptr) *total = capacity;
  return kSuccess;
}

int mem_get_address_range(DevicePointer* base, std::size_t* bytes, DevicePointer pointer) {
  if (driver() == nullptr) return kNotInitialized;
  const auto range = driver()->memory.find(pointer);
  if (!range) return kInvalidValue;
  if (base != nullptr) *base = range->base;
  if (bytes != nullptr) *bytes = range->bytes;
  return kSuccess;
}

// The runtime aborts if it gets no handle; it tolerates a handle that nobody can open.
int ipc_get_mem_handle(IpcMemoryHandle* handle, DevicePointer pointer) {
  std::memset(handle, 0, sizeof *handle);
  std::memcpy(handle->bytes, &pointer, sizeof pointer);
  return kSuccess;
}

}  // namespace placewright::vgpu
