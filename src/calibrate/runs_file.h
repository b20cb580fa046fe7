// SPDX-License-Identifier: Apache-2.0
// Runs of recorded programs that were timed on a machine: a TOML file with a table [[run]] for each.
#pragma once

#include <string>
#include <vector>

#include "support/result.h"

namespace placewright::calibrate {

struct MeasuredRun {
  std::string name;  ///< The recording's file without its folder, unless the file says otherwise.
  std::string recording;  ///< Path.
  std::string mapping;    ///< Path; empty: the default mapper's decisions.
  double seconds = 0;     ///< A step's.
  int cpus = 0;           ///< The run's processors; 0: the machine's.
};

/// Paths are relative to the file. Errors: not TOML, unknown or missing keys, no run or more than 1000,
/// numbers out of range, each with its line.
[[nodiscard]] Result<std::vector<MeasuredRun>> read_runs(const std::string& path);

}  // namespace placewright::calibrate
