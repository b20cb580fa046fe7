// SPDX-License-Identifier: Apache-2.0
// What `placewright simulate` prints.
#pragma once

#include <string>
#include <vector>

#include "sim/simulate.h"
#include "support/json.h"

namespace placewright::cli {

/// What came of one mapping; seconds of a step.
struct PredictedRow {
  std::string file;
  tl::expected<sim::Prediction, decide::Refusal> prediction;
  std::vector<double> ends_s;  ///< With every range of the machine file at its fast and slow end.
  std::vector<double> replays_s;  ///< With times that vary.
};

void print_table(const std::vector<PredictedRow>& rows, const sim::Simulator& simulator);
/// For a single mapping.
void print_details(const sim::Prediction& prediction, const sim::Bounds& bounds);
[[nodiscard]] nlohmann::ordered_json to_json(const PredictedRow& row, const sim::Bounds& bounds,
                                             const sim::Simulator& simulator);

}  // namespace placewright::cli
