// SPDX-License-Identifier: Apache-2.0
// `placewright experiment mappers`: the applications under their mappers, compared.
#pragma once

#include <CLI/CLI.hpp>

namespace placewright::cli {

void add_experiment_mappers(CLI::App& experiment, int& exit_status);

}  // namespace placewright::cli
