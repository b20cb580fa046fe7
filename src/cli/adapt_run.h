// SPDX-License-Identifier: Apache-2.0
// `placewright run --adapt`.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/run_options.h"

namespace placewright::cli {

struct AdaptOptions {
  bool adapt = false;
  std::string share = "2%";
  std::string output = "best.mapping";
  std::string study;
};

void add_adapt_options(CLI::App& command, AdaptOptions& options);

/// Runs the program, which prepare() has made ready, and returns the exit status: 0 or 1.
[[nodiscard]] int run_adapting(const RunOptions& run, const AdaptOptions& options);

}  // namespace placewright::cli
