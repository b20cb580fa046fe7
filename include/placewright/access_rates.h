// SPDX-License-Identifier: Apache-2.0
// How fast one kind of processor can access one kind of memory: measured ceilings by access pattern
// and footprint, and what the most used line costs.
//
// Pure data and one look-up. Which of the ceilings binds a task is decided in task_cost.h.
#pragma once

#include <vector>

namespace placewright {

/// A measured ceiling. The footprint is the number of different bytes that all accesses touch.
struct RatePoint {
  double footprint_bytes = 0;
  double per_second = 0;
};

/// Ascending in footprint; empty if nothing was measured.
using RateCurve = std::vector<RatePoint>;

struct AccessRates {
  RateCurve stream_read;   ///< Bytes per second.
  RateCurve stream_write;  ///< Bytes per second.
  RateCurve irregular;     ///< Accesses of at most one sector per second.
  RateCurve atomic;        ///< Read-modify-writes of at most one sector per second.
  /// Seconds from one atomic operation on a line to the next one on the same line; 0 if unknown.
  /// Operations on one line follow each other, however many threads issue them.
  double hot_line_s = 0;

  /// All four curves are known, or none.
  [[nodiscard]] bool known() const { return !atomic.empty(); }
};

/// The ceiling for a footprint: straight lines between the points of the curve in logarithmic axes,
/// the nearest point outside of them. A footprint of 0 means unknown and larger than any cache: the
/// last point. The curve must not be empty.
[[nodiscard]] double rate_at(const RateCurve& curve, double footprint_bytes);

}  // namespace placewright
