// SPDX-License-Identifier: Apache-2.0
#include "machine/cut_cost.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace placewright::machine {
namespace {

// With factors below 2^63 and up to 16 dimensions the sums stay below 2^127.
constexpr WideInteger kLargestTerm = WideInteger{1} << 60;

template <class Number>
int sign(Number value) {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}

template <class Number>
Number sum(const std::vector<Number>& terms, std::span<const int64_t> factors) {
  Number total = 0;
  for (size_t i = 0; i < factors.size(); ++i) total += terms[i] * static_cast<Number>(factors[i]);
  return total;
}

}  // namespace

CutCost::CutCost(std::span<const int64_t> extents, std::span<const int64_t> halos) {
  const int64_t widest = halos.empty() ? 1 : std::max<int64_t>(std::ranges::max(halos), 1);
  WideInteger scale = 1;
  for (const int64_t extent : extents) {
    scale *= extent / std::gcd(static_cast<int64_t>(scale % extent), extent);
    exact_ = scale * widest <= kLargestTerm;
    if (!exact_) break;
  }
  for (size_t d = 0; d < extents.size(); ++d) {
    const int64_t halo = halos.empty() ? 1 : halos[d];
    scaled_.push_back(exact_ ? scale / extents[d] * halo : 0);
    rounded_.push_back(static_cast<long double>(halo) / static_cast<long double>(extents[d]));
  }
}

int CutCost::compare(std::span<const int64_t> a, std::span<const int64_t> b) const {
  if (exact_) return sign(sum(scaled_, a) - sum(scaled_, b));
  const long double left = sum(rounded_, a);
  const long double right = sum(rounded_, b);
  return std::abs(left - right) < 1e-15L * right ? 0 : sign(left - right);
}

}  // namespace placewright::machine
