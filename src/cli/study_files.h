// SPDX-License-Identifier: Apache-2.0
// Reads study files for the subcommands.
#pragma once

#include <optional>
#include <string>

#include "tune/settings.h"

namespace placewright::cli {

/// The folder of this program.
[[nodiscard]] std::string program_folder();

/// Reports problems of the file on stderr; nullopt if it cannot be used.
[[nodiscard]] std::optional<tune::Settings> read_study(const std::string& path);

}  // namespace placewright::cli
