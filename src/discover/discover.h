// SPDX-License-Identifier: Apache-2.0
// Describes the machine that this runs on as a machine file.
#pragma once

#include <string>

#include "support/result.h"

namespace placewright::discover {

/// The text of a machine file for one node: its processors and memory, with what was measured within a
/// few seconds. What is assumed says so. GPUs are named in a comment and not described. `name`: the
/// machine's. Errors: those of read_host().
[[nodiscard]] Result<std::string> discover_machine(const std::string& name);

}  // namespace placewright::discover
