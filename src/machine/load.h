// SPDX-License-Identifier: Apache-2.0
// Loads the machine named by a command's `--machine` option.
#pragma once

#include <string>

#include "machine/description.h"
#include "machine/shape.h"

namespace placewright::machine {

/// Takes the path of a machine file, or the name of a built-in one with or without another number of
/// nodes: `lassen`, `lassen:16`. A file with the name of a built-in machine wins. Errors: those of
/// read_machine_file(); an unknown name (with the nearest known one); several nodes of a machine
/// without a network, or too many.
[[nodiscard]] Result<MachineDescription> read_machine(const std::string& spec);

/// What read_machine() takes, or an inline shape (`nodes=2,GPU=4,CPU=1`). Errors: those of both.
[[nodiscard]] Result<MachineShape> load_machine(const std::string& spec);

/// Whether this means a built-in machine rather than a file. Such words are not paths.
[[nodiscard]] bool names_machine(const std::string& spec);
/// Whether it also gives the number of nodes.
[[nodiscard]] bool gives_nodes(const std::string& spec);

}  // namespace placewright::machine
