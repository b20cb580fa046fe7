// SPDX-License-Identifier: Apache-2.0
#include "tune/race.h"

#include <algorithm>

#include "support/statistics.h"
#include "support/try.h"

namespace placewright::tune {

Result<RaceResult> race(Evaluator& evaluator, const Subject& challenger, const Subject& incumbent,
                        const std::vector<double>& incumbent_samples, const RaceRules& rules) {
  RaceResult result;
  const double noise = std::clamp(rules.noise, kLeastNoise, kMostNoise);
  const auto cost = [&](const std::vector<double>& samples) {
    return rules.metric.cost(median(samples));
  };
  const double known = cost(incumbent_samples);

  PLACEWRIGHT_TRY(const auto first, evaluator.time(challenger, rules.timeout_s));
  result.failure = first;
  if (first.status != Status::Ok) return result;
  result.checksum = first.checksum;
  result.challenger.push_back(first.metric);
  if (cost(result.challenger) > known * (1 + noise)) return result;

  for (int pair = 0; pair < rules.max_pairs; ++pair) {
    PLACEWRIGHT_TRY(const auto other, evaluator.time(incumbent, rules.timeout_s));
    if (other.status == Status::Ok) result.incumbent.push_back(other.metric);
    if (other.status == Status::Cancelled) result.failure = other;
    PLACEWRIGHT_TRY(const auto again, evaluator.time(challenger, rules.timeout_s));
    if (again.status != Status::Ok) result.failure = again;
    if (result.failure.status != Status::Ok) return result;
    result.challenger.push_back(again.metric);
    const double reference = result.incumbent.empty() ? known : cost(result.incumbent);
    if (cost(result.challenger) > reference * (1 + noise / 3)) return result;
  }
  const double reference = result.incumbent.empty() ? known : cost(result.incumbent);
  result.won = cost(result.challenger) < reference * (1 - noise / 3);
  return result;
}

}  // namespace placewright::tune
