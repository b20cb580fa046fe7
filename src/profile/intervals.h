// SPDX-License-Identifier: Apache-2.0
// Times of one node's clock, in ns or in seconds, and the seconds that they make.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace placewright::profile {

inline constexpr double kNanosecond = 1e-9;

struct Interval {
  uint64_t begin = 0, end = 0;
};
struct IntervalOfSeconds {
  double begin = 0, end = 0;
};

/// 0 for an interval that ends before it begins: events may be logged out of order.
[[nodiscard]] inline double seconds(uint64_t from, uint64_t to) {
  return to > from ? static_cast<double>(to - from) * kNanosecond : 0;
}

[[nodiscard]] inline double seconds(double from, double to) { return std::max(0.0, to - from); }

/// Seconds covered by at least one of the intervals.
template <class Each>
[[nodiscard]] double covered(std::vector<Each> intervals) {
  std::ranges::sort(intervals, {}, &Each::begin);
  double total_s = 0;
  decltype(Each::begin) reached = 0;
  for (const Each& each : intervals) {
    total_s += seconds(std::max(each.begin, reached), each.end);
    reached = std::max(reached, each.end);
  }
  return total_s;
}

}  // namespace placewright::profile
