// SPDX-License-Identifier: Apache-2.0
#include "tune/step_estimate.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "support/statistics.h"

namespace placewright::tune {
namespace {

/// Steps that differ by less are alike.
constexpr double kAlike = 0.05;
/// A step takes less than this part of the usual one only if it ended together with the one before it.
constexpr double kBurst = 0.5;
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

/// Two steps that ended at nearly the same time, as when a program starts: the first waited for something
/// and has the time of the second. Both get their mean.
void spread_bursts(std::vector<double>& times) {
  const double usual = median(times);
  for (size_t i = 1; i < times.size(); ++i) {
    if (times[i] >= kBurst * usual || times[i - 1] <= usual) continue;
    times[i - 1] = times[i] = (times[i - 1] + times[i]) / 2;
  }
}

bool are_alike(double a, double b) { return std::abs(a - b) <= kAlike * std::min(a, b); }

/// Where the steady state begins, and whether steps alternate there, as in programs that take turns
/// with two sets of data.
struct Steady {
  size_t first = 0;
  bool alternates = false;
};

Steady find_steady(std::span<const double> times) {
  if (times.size() < 2) return {};
  for (size_t i = 0; i + 1 < times.size(); ++i) {
    if (are_alike(times[i], times[i + 1])) return {i, false};
    if (i + 3 < times.size() && are_alike(times[i], times[i + 2]) &&
        are_alike(times[i + 1], times[i + 3]))
      return {i, true};
  }
  // Nothing agrees: the later half, as pairs, which are right for steps that alternate.
  const size_t later = std::min(times.size(), (times.size() / 2 + 1) / 2 * 2);
  return {times.size() - later, true};
}

double median_of_pairs(std::span<const double> times) {
  std::vector<double> means;
  for (size_t end = times.size(); end >= 2; end -= 2)
    means.push_back((times[end - 2] + times[end - 1]) / 2);
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
  if (!measures_itself && times.size() > 2) spread_bursts(times);
  const auto [first, alternates] = find_steady(times);
  const std::span<const double> steady = std::span(times).subspan(first);
  if (!measures_itself && steady.size() >= kGroups * kFewestOfGroup) return median_of_means(steady);
  if (alternates) return median_of_pairs(steady);
  return median({steady.begin(), steady.end()});
}

}  // namespace placewright::tune
