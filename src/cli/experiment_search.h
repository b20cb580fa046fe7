// SPDX-License-Identifier: Apache-2.0
// The experiments that run many searches: `placewright study search` and `study ablation`.
#pragma once

#include <CLI/CLI.hpp>

namespace placewright::cli {

void add_study_search(CLI::App& study, int& exit_status);
void add_study_ablation(CLI::App& study, int& exit_status);

}  // namespace placewright::cli
