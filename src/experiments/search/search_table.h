// SPDX-License-Identifier: Apache-2.0
// The results of a search experiment, as readable tables and as JSON.
#pragma once

#include <string>

#include "experiments/search/search_experiment.h"

namespace placewright::experiments {

/// Two tables like those of the published comparison, one relative to the expert mapping and one to
/// Legion's default mapper: for every application and contestant the mean, standard deviation,
/// worst, median and best throughput over the runs, and the share of invalid candidates. A run
/// without a valid candidate counts as 0.
[[nodiscard]] std::string render(const SearchExperimentResult& result);

/// Everything, curves included.
[[nodiscard]] std::string to_json(const SearchExperimentResult& result);

}  // namespace placewright::experiments
