// SPDX-License-Identifier: Apache-2.0
// The experiments that run many searches: `placewright experiment search` and `experiment
// ablation`.
#pragma once

#include <CLI/CLI.hpp>

namespace placewright::cli {

void add_experiment_search(CLI::App& experiment, int& exit_status);
void add_experiment_ablation(CLI::App& experiment, int& exit_status);

}  // namespace placewright::cli
