// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/finalists.h"

#include <algorithm>
#include <span>
#include <utility>

#include "support/lanes.h"
#include "support/statistics.h"
#include "tune/forecast/changed_rules.h"

namespace placewright::tune {
namespace {

void take_median(Finalist& finalist, const std::vector<double>& steps_s) {
  if (steps_s.empty()) return;
  finalist.median_s = median(steps_s);
  finalist.p90_s = percentile_90(steps_s);
}

}  // namespace

std::vector<Finalist> rank_finalists(const std::vector<ForecastSearch::Found>& found,
                                     const SearchSpace& space, const ForecastBase& base,
                                     const Forecaster& forecaster, int threads,
                                     const std::function<bool()>& stop) {
  std::vector<Finalist> all;
  for (const ForecastSearch::Found& each : found) all.push_back({each, 0, 0});
  const std::span<Finalist> finalists = std::span(all).first(std::min(kFinalists, all.size()));
  std::vector<std::vector<double>> steps_s(finalists.size());
  for (int replay = 1; replay <= kReplays && !stop(); ++replay) {
    run_in_lanes(threads, [&](int lane) {
      for (auto i = static_cast<size_t>(lane); i < finalists.size();
           i += static_cast<size_t>(threads)) {
        const ChangedRules rules(space, *base.policy, base.assignment,
                                 finalists[i].found.assignment);
        const auto step_s = forecaster.varied_step_s(rules, static_cast<uint64_t>(replay));
        if (step_s) steps_s[i].push_back(*step_s);
      }
    });
  }
  for (size_t i = 0; i < finalists.size(); ++i) take_median(finalists[i], steps_s[i]);
  // Those that could not be replayed last.
  std::ranges::stable_sort(finalists, {}, [](const Finalist& each) {
    return std::pair(each.median_s <= 0, each.median_s);
  });
  return all;
}

}  // namespace placewright::tune
