// SPDX-License-Identifier: Apache-2.0
// Which of the fastest simulated mappings are fast whatever the exact order of things is.
#pragma once

#include <functional>
#include <vector>

#include "tune/forecast/forecast_search.h"

namespace placewright::tune {

/// So many of the best are simulated again, at most so often, with times that vary.
inline constexpr size_t kFinalists = 24;
inline constexpr int kReplays = 32;

/// The part of the time for simulation that replays may take.
inline constexpr double kFinalistShare = 0.2;

struct Finalist {
  ForecastSearch::Found found;
  double median_s = 0;  ///< Over the replays; a step, simulated.
  double p90_s = 0;
};

/// The finalists by their median, then the others without one in their order. `found`: the best first.
/// After `stop` no replay begins; all finalists have as many.
[[nodiscard]] std::vector<Finalist> rank_finalists(const std::vector<ForecastSearch::Found>& found,
                                                   const SearchSpace& space,
                                                   const ForecastBase& base,
                                                   const Forecaster& forecaster, int threads,
                                                   const std::function<bool()>& stop);

}  // namespace placewright::tune
