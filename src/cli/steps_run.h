// SPDX-License-Identifier: Apache-2.0
// `placewright run --steps`: which launches a program repeats.
#pragma once

#include <string>

#include "cli/run_options.h"

namespace placewright::cli {

/// Runs the program, which prepare() has made ready, and prints what it repeats. `first_task`: as in a
/// plan. Returns the exit status: 0 or 1.
[[nodiscard]] int run_for_steps(const RunOptions& run, const std::string& first_task);

}  // namespace placewright::cli
