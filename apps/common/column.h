// SPDX-License-Identifier: Apache-2.0
// Fields of region instances as plain memory, in any layout that the mapping chooses: the data that
// tasks compute on, on hosts and on GPUs. Knows nothing of Legion; field_access.h creates them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "common/host_device.h"

namespace apps {

/// A field of a one-dimensional region: element `i` (a region index) is at base + i * stride bytes.
/// `base` is the address that index 0 would have, so it may lie outside the instance.
template <class T>
struct Column {
  uintptr_t base = 0;
  size_t stride = sizeof(T);
  [[nodiscard]] APPS_HOST_DEVICE T& operator[](int64_t index) const {
    return *reinterpret_cast<T*>(base + static_cast<uintptr_t>(index) * stride);
  }
};

/// A field of a two-dimensional region: element (i, j) is at base + i * strides[0] + j *
/// strides[1].
template <class T>
struct Grid {
  uintptr_t base = 0;
  size_t strides[2] = {0, 0};
  [[nodiscard]] APPS_HOST_DEVICE T& operator()(int64_t i, int64_t j) const {
    return *reinterpret_cast<T*>(base + static_cast<uintptr_t>(i) * strides[0] +
                                 static_cast<uintptr_t>(j) * strides[1]);
  }
};

/// Adds to a whole number that other tasks or threads add to as well.
template <class Integer>
APPS_HOST_DEVICE void add_atomically(Integer& to, Integer amount) {
  static_assert(sizeof(Integer) == 8);
#ifdef __CUDA_ARCH__
  atomicAdd(reinterpret_cast<unsigned long long*>(&to), static_cast<unsigned long long>(amount));
#else
  __atomic_fetch_add(&to, amount, __ATOMIC_RELAXED);
#endif
}

}  // namespace apps
