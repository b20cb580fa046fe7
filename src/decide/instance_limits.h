// SPDX-License-Identifier: Apache-2.0
// InstanceLimit: at most n instances of a task that are mapped but not finished, per processor. One
// object per processor. Launches of limited tasks are sliced point by point and kept out of traces,
// because a replayed trace asks no mapper.
#pragma once

#include <cstdint>
#include <map>

namespace placewright::decide {

class InstanceLimits {
 public:
  /// Counts the task and returns true, or returns false because the processor is full.
  [[nodiscard]] bool admit(uint32_t task, int limit) {
    int& count = in_flight_[task];
    if (count >= limit) return false;
    ++count;
    return true;
  }
  /// Returns false for a task that was not counted.
  [[nodiscard]] bool finished(uint32_t task) {
    const auto count = in_flight_.find(task);
    if (count == in_flight_.end() || count->second == 0) return false;
    --count->second;
    return true;
  }

 private:
  std::map<uint32_t, int> in_flight_;
};

}  // namespace placewright::decide
