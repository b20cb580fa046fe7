// SPDX-License-Identifier: Apache-2.0
// InstanceLimit: at most n instances of a task that are mapped but not finished, per processor. One
// object per processor. Launches of limited tasks are sliced point by point and kept out of traces,
// because a replayed trace asks no mapper.
#pragma once

#include <compare>
#include <cstdint>
#include <map>

#include "machine/domain.h"

namespace placewright::decide {

/// A task of a limited launch. The runtime has other ids for a slice than for the point in it.
struct LimitedTask {
  uint64_t parent = 0;
  uint64_t index = 0;  ///< Among the parent's operations; one for all points of a launch.
  machine::DomainPoint point;
  friend auto operator<=>(const LimitedTask&, const LimitedTask&) = default;
};

class InstanceLimits {
 public:
  /// Counts a task of this kind and returns true, or returns false because the processor is full.
  /// A task that is in flight already is not counted again.
  [[nodiscard]] bool admit(const LimitedTask& task, uint32_t kind, int limit) {
    if (in_flight_.contains(task)) return true;
    int& count = counts_[kind];
    if (count >= limit) return false;
    ++count;
    in_flight_.emplace(task, kind);
    return true;
  }
  [[nodiscard]] bool counts(const LimitedTask& task) const { return in_flight_.contains(task); }
  /// Returns false for a task that was not counted.
  [[nodiscard]] bool finished(const LimitedTask& task) {
    const auto found = in_flight_.find(task);
    if (found == in_flight_.end()) return false;
    --counts_[found->second];
    in_flight_.erase(found);
    return true;
  }

 private:
  std::map<LimitedTask, uint32_t> in_flight_;
  std::map<uint32_t, int> counts_;  ///< By kind.
};

}  // namespace placewright::decide
