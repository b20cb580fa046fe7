// SPDX-License-Identifier: Apache-2.0
// Study files as commands read them.
#pragma once

#include <optional>
#include <string>

#include "tune/settings.h"

namespace placewright::cli {

/// The folder of this program.
[[nodiscard]] std::string program_folder();

/// Says what is wrong with a file on stderr; nullopt when it cannot be used.
[[nodiscard]] std::optional<tune::Settings> read_study(const std::string& path);

}  // namespace placewright::cli
