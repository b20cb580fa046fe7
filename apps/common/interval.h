// SPDX-License-Identifier: Apache-2.0
// Ranges of region indices.
#pragma once

#include <cstdint>

#include "common/host_device.h"

namespace apps {

/// Indices `first..last`, both inclusive; empty when last < first.
struct Interval {
  int64_t first = 0;
  int64_t last = -1;
  [[nodiscard]] APPS_HOST_DEVICE int64_t size() const {
    return last < first ? 0 : last - first + 1;
  }
  [[nodiscard]] APPS_HOST_DEVICE bool contains(int64_t index) const {
    return first <= index && index <= last;
  }
  friend bool operator==(const Interval&, const Interval&) = default;
};

}  // namespace apps
