// SPDX-License-Identifier: Apache-2.0
// Reads the workload file that a run with `--discover` wrote.
#pragma once

#include <string>

#include "workload/workload.h"

namespace placewright::cli {

/// Errors: those of reading the file and of workload_from_json(), with the file's name.
[[nodiscard]] Result<workload::Workload> read_workload(const std::string& path);

}  // namespace placewright::cli
