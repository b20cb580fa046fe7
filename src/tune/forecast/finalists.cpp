// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/finalists.h"

#include <algorithm>
#include <utility>

#include "support/lanes.h"
#include "support/statistics.h"
#include "tune/forecast/changed_rules.h"

namespace placewright::tune {
namespace {

void replay(Finalist& finalist, const SearchSpace& space, const ForecastBase& base,
            const Forecaster& forecaster) {
  const ChangedRules rules(space, *base.policy, base.assignment, finalist.found.assignment);
  std::vector<double> steps_s;
  for (int i = 1; i <= kReplays; ++i)
    if (const Result<double> step_s = forecaster.varied_step_s(rules, static_cast<uint64_t>(i)))
      steps_s.push_back(*step_s);
  if (steps_s.empty()) return;
  std::ranges::sort(steps_s);
  finalist.median_s = median(steps_s);
  finalist.p90_s = steps_s[(9 * steps_s.size() - 1) / 10];
}

}  // namespace

std::vector<Finalist> rank_finalists(const std::vector<ForecastSearch::Found>& found,
                                     const SearchSpace& space, const ForecastBase& base,
                                     const Forecaster& forecaster, int threads) {
  std::vector<Finalist> all;
  for (const ForecastSearch::Found& each : found) all.push_back({each, 0, 0});
  const size_t count = std::min(kFinalists, all.size());
  run_in_lanes(threads, [&](int lane) {
    for (size_t i = static_cast<size_t>(lane); i < count; i += static_cast<size_t>(threads))
      replay(all[i], space, base, forecaster);
  });
  // Those without a replay that ended last.
  const auto rank = [](const Finalist& each) {
    return std::pair(each.median_s <= 0, each.median_s);
  };
  std::ranges::stable_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), {}, rank);
  return all;
}

}  // namespace placewright::tune
