// SPDX-License-Identifier: Apache-2.0
#include "memory.h"

#include <sys/mman.h>

#include <mutex>

namespace placewright::vgpu {

std::optional<std::uintptr_t> MemoryMap::allocate(std::uint64_t bytes, MemoryKind kind,
                                                  int device) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) return std::nullopt;
  const auto base = reinterpret_cast<std::uintptr_t>(memory);
  std::unique_lock lock(mutex_);
  ranges_[base] = {base, bytes, kind, device};
  return base;
}

std::optional<MemoryRange> MemoryMap::release(std::uintptr_t base) {
  std::unique_lock lock(mutex_);
  const auto found = ranges_.find(base);
  if (found == ranges_.end() || found->second.kind == MemoryKind::Registered) return std::nullopt;
  const MemoryRange range = found->second;
  ranges_.erase(found);
  munmap(reinterpret_cast<void*>(base), range.bytes);
  return range;
}

bool MemoryMap::add_registered(std::uintptr_t base, std::uint64_t bytes) {
  std::unique_lock lock(mutex_);
  const auto after = ranges_.lower_bound(base + bytes);
  if (after != ranges_.begin()) {
    const MemoryRange& before = std::prev(after)->second;
    if (before.base + before.bytes > base) return false;
  }
  ranges_[base] = {base, bytes, MemoryKind::Registered, -1};
  return true;
}

bool MemoryMap::remove_registered(std::uintptr_t base) {
  std::unique_lock lock(mutex_);
  const auto found = ranges_.find(base);
  if (found == ranges_.end() || found->second.kind != MemoryKind::Registered) return false;
  ranges_.erase(found);
  return true;
}

std::optional<MemoryRange> MemoryMap::find(std::uintptr_t address) const {
  std::shared_lock lock(mutex_);
  auto after = ranges_.upper_bound(address);
  if (after == ranges_.begin()) return std::nullopt;
  const MemoryRange& range = std::prev(after)->second;
  if (address - range.base >= range.bytes) return std::nullopt;
  return range;
}

}  // namespace placewright::vgpu
