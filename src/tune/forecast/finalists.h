// SPDX-License-Identifier: Apache-2.0
// Which of the fastest simulated mappings are fast whatever the exact order of things is.
#pragma once

#include <vector>

#include "tune/forecast/forecast_search.h"

namespace placewright::tune {

/// So many of the best are simulated again, so often, with times that vary.
inline constexpr size_t kFinalists = 24;
inline constexpr int kReplays = 32;

struct Finalist {
  ForecastSearch::Found found;
  double median_s = 0;  ///< Over the replays; a step, simulated.
  double p90_s = 0;
};

/// The finalists by their median, then the others without one in their order. `found`: the best first.
[[nodiscard]] std::vector<Finalist> rank_finalists(const std::vector<ForecastSearch::Found>& found,
                                                   const SearchSpace& space,
                                                   const ForecastBase& base,
                                                   const Forecaster& forecaster, int threads);

}  // namespace placewright::tune
