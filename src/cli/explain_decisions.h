// SPDX-License-Identifier: Apache-2.0
// What `placewright run --explain-decisions` prints.
#pragma once

#include <string>

#include "support/result.h"

namespace placewright::cli {

/// Summarizes the lines of a decisions file: per task how often it ran, where, and for each region
/// argument in which memories, with the rules that decided. Errors: a line that the plug-in does
/// not write.
[[nodiscard]] Result<std::string> explain_decisions(const std::string& lines);

}  // namespace placewright::cli
