// SPDX-License-Identifier: Apache-2.0
#include "tune/step_estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "support/statistics.h"

namespace placewright::tune {
namespace {

/// Successive steps that differ by less are in the steady state.
constexpr double kAgree = 0.05;
/// Groups of steps in a row, and the fewest steps of a group.
constexpr size_t kGroups = 5;
constexpr size_t kFewestOfGroup = 4;

/// The runtime ends several short steps at once: then most distances are far below the mean.
double median_of_means(std::span<const double> times) {
  std::vector<double> means;
  for (size_t group = 0; group < kGroups; ++group) {
    const size_t begin = group * times.size() / kGroups;
    const size_t end = (group + 1) * times.size() / kGroups;
    const auto some = times.subspan(begin, end - begin);
    means.push_back(std::accumulate(some.begin(), some.end(), 0.0) /
                    static_cast<double>(some.size()));
  }
  return median(means);
}

}  // namespace

std::optional<double> step_seconds(const std::vector<explore::StepTime>& steps) {
  if (steps.size() < 2) return std::nullopt;
  const bool measures_itself =
      std::all_of(steps.begin() + 1, steps.end(),
                  [](const explore::StepTime& step) { return step.window > 0; });
  std::vector<double> times;
  for (size_t i = 1; i < steps.size(); ++i)
    times.push_back(measures_itself ? steps[i].window : steps[i].seconds);
  size_t first = times.size() / 2;
  for (size_t i = 0; i + 1 < times.size(); ++i) {
    if (std::abs(times[i] - times[i + 1]) > kAgree * std::min(times[i], times[i + 1])) continue;
    first = std::min(first, i);
    break;
  }
  const std::span<const double> steady = std::span(times).subspan(first);
  if (!measures_itself && steady.size() >= kGroups * kFewestOfGroup) return median_of_means(steady);
  return median({steady.begin(), steady.end()});
}

}  // namespace placewright::tune
