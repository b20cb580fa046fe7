// SPDX-License-Identifier: Apache-2.0
// Points and boxes of points, without Legion's types.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "support/result.h"

namespace placewright::machine {

/// LEGION_MAX_DIM of the pinned Legion.
inline constexpr int kMaxDim = 6;

/// Coordinates read from texts and files are at most this far from 0, so that extents fit.
inline constexpr int64_t kLargestCoordinate = int64_t{1} << 40;

/// A point of a launch domain in the application's own coordinates. Unused coordinates are 0.
struct DomainPoint {
  int dim = 0;
  std::array<int64_t, kMaxDim> at{};
  friend auto operator<=>(const DomainPoint&, const DomainPoint&) = default;
  /// Faster than comparing all coordinates: those beyond `dim` are 0.
  friend bool operator==(const DomainPoint& a, const DomainPoint& b) {
    if (a.dim != b.dim) return false;
    for (int d = 0; d < a.dim; ++d)
      if (a.at[d] != b.at[d]) return false;
    return true;
  }
};

/// The bounding box of a launch domain, both bounds inclusive; empty if hi < lo in some dimension.
struct LaunchDomain {
  DomainPoint lo;
  DomainPoint hi;
  friend auto operator<=>(const LaunchDomain&, const LaunchDomain&) = default;

  [[nodiscard]] int dim() const { return lo.dim; }
  [[nodiscard]] int64_t extent(int d) const { return hi.at[d] - lo.at[d] + 1; }
  /// Number of points; 0 if empty, at most INT64_MAX.
  [[nodiscard]] int64_t volume() const;
  [[nodiscard]] bool contains(const DomainPoint& point) const;
  /// Position of a point with the first coordinate fastest, from 0. The point must be inside.
  [[nodiscard]] int64_t linear(const DomainPoint& point) const;
  /// The inverse of linear().
  [[nodiscard]] DomainPoint point(int64_t linear) const;
  /// `0,0..7,3`.
  [[nodiscard]] std::string to_string() const;
};

/// `3,1`.
[[nodiscard]] std::string to_string(const DomainPoint& point);

/// Reads `0,0..7,3` (one bound per dimension on either side, both inclusive, possibly negative).
/// Errors: another form, bounds of different length, more than kMaxDim dimensions, an empty box, a
/// coordinate beyond 2^40.
[[nodiscard]] Result<LaunchDomain> parse_launch_domain(std::string_view text);

}  // namespace placewright::machine
