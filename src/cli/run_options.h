// SPDX-License-Identifier: Apache-2.0
// Shared code of the subcommands that run an application: options, signals, output.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "launch/run_application.h"

namespace placewright::cli {

struct RunOptions {
  launch::RunRequest request;
  std::string machine;
  std::string mapping;
  std::string runtime_cost;
};

/// Declares --processes, --machine, --time-scale, --correctness, --runtime-cost, --automatic-tracing, --timeout and
/// the application.
void add_run_options(CLI::App& command, RunOptions& options);

void add_mapping_option(CLI::App& command, RunOptions& options);

/// Call once after parsing: fills the request, forwards the application's output, and lets SIGINT
/// and SIGTERM cancel the run. Errors: standard input cannot be read.
[[nodiscard]] Result<void> prepare(RunOptions& options);

/// Reports a run that did not succeed, and returns the exit status: 0 or 1.
[[nodiscard]] int report(const launch::RunOutcome& outcome);

}  // namespace placewright::cli
