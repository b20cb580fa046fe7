// SPDX-License-Identifier: Apache-2.0
#include "counted_new.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<int64_t> allocations{0};
std::atomic<int64_t> bytes{0};

void count(size_t size) {
  ++allocations;
  bytes += static_cast<int64_t>(size);
}

}  // namespace

void* operator new(size_t size) {
  count(size);
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  count(size);
  return std::malloc(size == 0 ? 1 : size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace placewright::policy {

int64_t allocation_count() { return allocations; }
int64_t allocated_bytes() { return bytes; }

}  // namespace placewright::policy
