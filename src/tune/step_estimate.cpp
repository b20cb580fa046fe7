// SPDX-License-Identifier: Apache-2.0
#include "tune/step_estimate.h"

#include <algorithm>
#include <cmath>

#include "support/statistics.h"

namespace placewright::tune {
namespace {

/// Successive steps that differ by less are in the steady state.
constexpr double kAgree = 0.05;

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
  return median(
      std::vector<double>(times.begin() + static_cast<std::ptrdiff_t>(first), times.end()));
}

}  // namespace placewright::tune
