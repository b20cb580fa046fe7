// SPDX-License-Identifier: Apache-2.0
// Whether the best mapping is better than another one.
#include <algorithm>

#include "support/statistics.h"
#include "tune/race.h"
#include "tune/report.h"

namespace placewright::tune {
namespace {

constexpr double kCoverage = 0.95;
// Where one of fewer is left out, hardly anything is left.
constexpr size_t kFewestRatios = 3;

}  // namespace

Gain gain_of(const std::vector<double>& costs, const std::vector<double>& reference, double noise,
             bool paired) {
  const double bound = 1 - std::clamp(noise, kLeastNoise, kMostNoise) / 3;
  if (!paired) return median(costs) / median(reference) < bound ? Gain::Likely : Gain::None;
  const MedianInterval ratio = paired_ratio(costs, reference, kCoverage);
  if (ratio.high < 1 && ratio.coverage >= kCoverage) return Gain::Sure;
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(costs.size(), reference.size()); ++i)
    ratios.push_back(costs[i] / reference[i]);
  std::ranges::sort(ratios);
  const bool all_but_one = ratios.size() >= kFewestRatios && ratios[ratios.size() - 2] < 1;
  return all_but_one && ratio.median < bound ? Gain::Likely : Gain::None;
}

}  // namespace placewright::tune
