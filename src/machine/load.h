// SPDX-License-Identifier: Apache-2.0
// Loads the machine named by a command's `--machine` option.
#pragma once

#include <string>

#include "machine/shape.h"

namespace placewright::machine {

/// Takes an inline shape (`nodes=2,GPU=4,CPU=1`) or the path of a machine file (`*.toml`). Errors:
/// those of MachineShape::parse() and read_machine_file().
[[nodiscard]] Result<MachineShape> load_machine(const std::string& spec);

}  // namespace placewright::machine
