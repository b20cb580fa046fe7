// SPDX-License-Identifier: Apache-2.0
// What cutting a box of data into blocks costs in communication.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace placewright {

using WideInteger = __int128;

/// Sums of halo * factor / extent over the dimensions, which order factorizations as the volume of
/// exchanged halos does (docs/decompose.md). Comparable without rounding: every term is scaled by
/// the least common multiple of the extents; where a term would be beyond 2^60 they are compared as
/// long double.
class CutCost {
 public:
  /// Extents are at least 1. No halos means 1 in every dimension, else each is 0 to kMaxHalo.
  CutCost(std::span<const int64_t> extents, std::span<const int64_t> halos);

  static constexpr int64_t kMaxHalo = 1 << 20;

  /// Negative when `a` is the better one, 0 when they are equal.
  [[nodiscard]] int compare(std::span<const int64_t> a, std::span<const int64_t> b) const;
  /// halo / extent: what a factor of dimension `d` costs for each unit, rounded.
  [[nodiscard]] long double unit_cost(size_t d) const { return rounded_[d]; }

 private:
  bool exact_ = true;
  std::vector<WideInteger> scaled_;
  std::vector<long double> rounded_;
};

}  // namespace placewright
