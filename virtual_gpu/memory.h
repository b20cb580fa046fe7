// SPDX-License-Identifier: Apache-2.0
// Which addresses belong to which virtual GPU, and which host memory a GPU may use. All memory is
// host memory, reserved without touching it, so that large frame buffers cost nothing until used.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <shared_mutex>

namespace placewright::vgpu {

enum class MemoryKind {
  FrameBuffer,  ///< On one device.
  ZeroCopy,     ///< Host memory allocated for the GPUs.
  Registered,   ///< Host memory that the program has registered.
};

struct MemoryRange {
  std::uintptr_t base = 0;
  std::uint64_t bytes = 0;
  MemoryKind kind = MemoryKind::FrameBuffer;
  int device = -1;  ///< Only for FrameBuffer.
};

class MemoryMap {
 public:
  /// Reserves address space and records it; nullopt if the system refuses.
  [[nodiscard]] std::optional<std::uintptr_t> allocate(std::uint64_t bytes, MemoryKind kind,
                                                       int device);
  /// Frees an allocation; returns its range, or nullopt if `base` is not an allocation.
  std::optional<MemoryRange> release(std::uintptr_t base);
  /// Records memory of the program; false if a part of it is already known.
  [[nodiscard]] bool add_registered(std::uintptr_t base, std::uint64_t bytes);
  [[nodiscard]] bool remove_registered(std::uintptr_t base);
  /// The range that contains `address`.
  [[nodiscard]] std::optional<MemoryRange> find(std::uintptr_t address) const;

 private:
  mutable std::shared_mutex mutex_;
  std::map<std::uintptr_t, MemoryRange> ranges_;
};

}  // namespace placewright::vgpu
