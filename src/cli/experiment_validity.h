// SPDX-License-Identifier: Apache-2.0
// `placewright experiment validity`: how many random mappings are invalid, and how.
#pragma once

#include <CLI/CLI.hpp>

namespace placewright::cli {

void add_experiment_validity(CLI::App& experiment, int& exit_status);

}  // namespace placewright::cli
