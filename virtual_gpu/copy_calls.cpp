// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "calls.h"
#include "transfer.h"

namespace placewright::vgpu {
namespace {

char* pointer_to(std::uintptr_t address) { return reinterpret_cast<char*>(address); }

std::uintptr_t address_of(const void* pointer) { return reinterpret_cast<std::uintptr_t>(pointer); }

int enqueue(void* handle, Transfer transfer) {
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  if (transfer.bytes > 0) enqueue_transfer(*stream, std::move(transfer));
  return kSuccess;
}

Transfer flat_copy(std::uintptr_t to, std::uintptr_t from, std::size_t bytes) {
  return {.bytes = bytes, .source = from, .destination = to, .move = [=] {
            std::memcpy(pointer_to(to), pointer_to(from), bytes);
          }};
}

/// A copy that its caller waits for: control data, which is always moved.
int copy_now(std::uintptr_t to, std::uintptr_t from, std::size_t bytes) {
  Transfer transfer = flat_copy(to, from, bytes);
  transfer.always_move = true;
  const int status = enqueue(nullptr, std::move(transfer));
  return status == kSuccess ? stream_synchronize(nullptr) : status;
}

/// The rows of a copy or fill; distances in bytes.
struct Rows {
  std::uintptr_t base;
  std::size_t row_pitch, plane_pitch;

  [[nodiscard]] char* row(std::size_t y, std::size_t z) const {
    return pointer_to(base + y * row_pitch + z * plane_pitch);
  }
};

Transfer row_copy(Rows to, Rows from, std::size_t width, std::size_t height, std::size_t depth) {
  return {
      .bytes = width * height * depth, .source = from.base, .destination = to.base, .move = [=] {
        for (std::size_t z = 0; z < depth; ++z) {
          for (std::size_t y = 0; y < height; ++y) {
            std::memcpy(to.row(y, z), from.row(y, z), width);
          }
        }
      }};
}

/// The rows of one side of a 2D or 3D copy; `height` is the height of the allocation.
template <class Side>
Rows rows_of(const Side& side, std::size_t z, std::size_t height) {
  if (side.type == kArrayMemory) stop_run("feature", "CUDA arrays");
  const std::uintptr_t base = side.type == kHostMemory ? address_of(side.host) : side.device;
  const std::size_t plane_pitch = side.pitch * height;
  return {base + side.x_bytes + side.y * side.pitch + z * plane_pitch, side.pitch, plane_pitch};
}

template <class Value>
int fill_rows(DevicePointer to, std::size_t pitch, Value value, std::size_t width,
              std::size_t height, void* stream) {
  const Rows rows{to, pitch, 0};
  return enqueue(stream, {.bytes = width * height * sizeof(Value), .destination = to, .move = [=] {
                            for (std::size_t y = 0; y < height; ++y) {
                              auto* out = reinterpret_cast<Value*>(rows.row(y, 0));
                              std::fill_n(out, width, value);
                            }
                          }});
}

}  // namespace

int memcpy_async(DevicePointer to, DevicePointer from, std::size_t bytes, void* stream) {
  return enqueue(stream, flat_copy(to, from, bytes));
}

int memcpy_h_to_d_async(DevicePointer to, const void* from, std::size_t bytes, void* stream) {
  return memcpy_async(to, address_of(from), bytes, stream);
}

int memcpy_d_to_h_async(void* to, DevicePointer from, std::size_t bytes, void* stream) {
  return memcpy_async(address_of(to), from, bytes, stream);
}

int memcpy_h_to_d(DevicePointer to, const void* from, std::size_t bytes) {
  return copy_now(to, address_of(from), bytes);
}

int memcpy_d_to_h(void* to, DevicePointer from, std::size_t bytes) {
  return copy_now(address_of(to), from, bytes);
}

int memcpy_2d_async(const Copy2d* copy, void* stream) {
  return enqueue(stream, row_copy(rows_of(copy->destination, 0, 0), rows_of(copy->source, 0, 0),
                                  copy->width_bytes, copy->height, 1));
}

int memcpy_3d_async(const Copy3d* copy, void* stream) {
  const Copy3dSide& to = copy->destination;
  const Copy3dSide& from = copy->source;
  return enqueue(stream, row_copy(rows_of(to, to.z, to.height), rows_of(from, from.z, from.height),
                                  copy->width_bytes, copy->height, copy->depth));
}

int memset_d8_async(DevicePointer to, unsigned char value, std::size_t count, void* stream) {
  return fill_rows(to, 0, value, count, 1, stream);
}

int memset_d16_async(DevicePointer to, unsigned short value, std::size_t count, void* stream) {
  return fill_rows(to, 0, value, count, 1, stream);
}

int memset_d32_async(DevicePointer to, unsigned value, std::size_t count, void* stream) {
  return fill_rows(to, 0, value, count, 1, stream);
}

int memset_2d_d8_async(DevicePointer to, std::size_t pitch, unsigned char value, std::size_t width,
                       std::size_t height, void* stream) {
  return fill_rows(to, pitch, value, width, height, stream);
}

int memset_2d_d16_async(DevicePointer to, std::size_t pitch, unsigned short value,
                        std::size_t width, std::size_t height, void* stream) {
  return fill_rows(to, pitch, value, width, height, stream);
}

int memset_2d_d32_async(DevicePointer to, std::size_t pitch, unsigned value, std::size_t width,
                        std::size_t height, void* stream) {
  return fill_rows(to, pitch, value, width, height, stream);
}

}  // namespace placewright::vgpu
