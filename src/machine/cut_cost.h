// SPDX-License-Identifier: Apache-2.0
// The communication cost of cutting a box of data into blocks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace placewright::machine {

using WideInteger = __int128;

/// Sums of halo * factor / extent over the dimensions; they order factorizations by the volume of
/// exchanged halos (docs/decompose.md). Compared without rounding: every term is scaled by the
/// least common multiple of the extents. If a term would exceed 2^60, the sums are compared as long
/// double.
class CutCost {
 public:
  /// Extents are at least 1. `halos` is empty (1 in every dimension) or has values from 0 to
  /// kMaxHalo.
  CutCost(std::span<const int64_t> extents, std::span<const int64_t> halos);

  static constexpr int64_t kMaxHalo = 1 << 20;

  /// Negative if `a` is better, 0 if they are equal.
  [[nodiscard]] int compare(std::span<const int64_t> a, std::span<const int64_t> b) const;
  /// halo / extent: the cost of each unit of the factor of dimension `d`, rounded.
  [[nodiscard]] long double unit_cost(size_t d) const { return rounded_[d]; }

 private:
  bool exact_ = true;
  std::vector<WideInteger> scaled_;
  std::vector<long double> rounded_;
};

}  // namespace placewright::machine
