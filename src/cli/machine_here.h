// SPDX-License-Identifier: Apache-2.0
// The subcommands `placewright machine discover` and `calibrate`.
#pragma once

#include <CLI/App.hpp>
#include <functional>

#include "support/result.h"

namespace placewright::cli {

/// `end` takes what came of a subcommand.
void add_machine_discover(CLI::App& machine, const std::function<void(const Result<void>&)>& end);
void add_machine_calibrate(CLI::App& machine, const std::function<void(const Result<void>&)>& end);

}  // namespace placewright::cli
