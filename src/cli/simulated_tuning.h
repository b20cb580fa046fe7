// SPDX-License-Identifier: Apache-2.0
// `placewright tune --simulate`: a search in which nothing runs.
#pragma once

#include <string>

#include "tune/settings.h"

namespace placewright::cli {

/// `workload`: what `placewright record` wrote. Writes the best mapping to `output`, the report to
/// stdout. Errors: those of the files and of tune::tune_simulated().
[[nodiscard]] Result<void> tune_in_simulation(const tune::Settings& settings,
                                              const std::string& workload,
                                              const std::string& output);

}  // namespace placewright::cli
