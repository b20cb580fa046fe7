// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/forecasts.h"

#include <algorithm>
#include <cmath>

#include "support/statistics.h"

namespace placewright::tune {
namespace {

/// With fewer pairs, the error is taken to be larger than what was seen.
constexpr size_t kFewestPairs = 8;
constexpr double kEarlySlack = 0.75;
constexpr double kSlack = 0.95;
/// The part of the pairs that may have been more favourable.
constexpr double kLowest = 0.05;
constexpr int kOneIn = 10;

}  // namespace

std::optional<double> Forecasts::of(const policy::Rules& rules) const {
  const Result<double> step_s = forecaster_->step_s(rules);
  if (!step_s || *step_s <= 0) return std::nullopt;
  return *step_s;
}

void Forecasts::measured(double forecast_s, double cost) { pairs_.push_back({forecast_s, cost}); }

bool Forecasts::may_beat(double forecast_s, double cost) const {
  if (pairs_.empty()) return true;
  std::vector<double> ratios;
  for (const Pair& pair : pairs_) ratios.push_back(pair.cost / pair.forecast_s);
  std::ranges::sort(ratios);
  const bool is_early = ratios.size() < kFewestPairs;
  const auto lowest = static_cast<size_t>(kLowest * static_cast<double>(ratios.size()));
  return forecast_s * ratios[lowest] * (is_early ? kEarlySlack : kSlack) < cost;
}

bool Forecasts::skips(double forecast_s, double cost) {
  if (may_beat(forecast_s, cost)) return false;
  if (++hopeless_ % kOneIn == 0) return false;
  ++summary_.skipped;
  return true;
}

void Forecasts::simulated(std::vector<double> forecasts, size_t failed, bool exhausted) {
  simulated_ = std::move(forecasts);
  summary_.simulated = simulated_.size() + failed;
  summary_.failed = failed;
  summary_.exhausted = exhausted;
}

ForecastSummary Forecasts::summary() const {
  ForecastSummary summary = summary_;
  summary.measured = static_cast<int>(pairs_.size());
  if (pairs_.empty()) return summary;
  std::vector<double> forecasts, costs, ratios;
  for (const Pair& pair : pairs_) {
    forecasts.push_back(pair.forecast_s);
    costs.push_back(pair.cost);
    ratios.push_back(pair.cost / pair.forecast_s);
  }
  summary.tau = kendall_tau(forecasts, costs);
  const double common = median(ratios);
  for (double& ratio : ratios) ratio = std::abs(ratio / common - 1);
  summary.error = median(ratios);
  const auto best = std::ranges::min_element(pairs_, {}, &Pair::cost);
  if (!simulated_.empty())
    summary.before_best = static_cast<size_t>(std::ranges::count_if(
        simulated_, [&](double forecast_s) { return forecast_s < best->forecast_s; }));
  return summary;
}

}  // namespace placewright::tune
