// SPDX-License-Identifier: Apache-2.0
// `placewright study random-validity`: how many random mappings are invalid, and how.
#pragma once

#include <CLI/CLI.hpp>

namespace placewright::cli {

void add_study_validity(CLI::App& study, int& exit_status);

}  // namespace placewright::cli
