// SPDX-License-Identifier: Apache-2.0
// Reads and writes a mapping file for a subcommand. Reports problems on stderr.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/source.h"

namespace placewright::cli {

/// Reads the file, or standard input for `-`. On failure prints the reason and returns nullopt.
[[nodiscard]] std::optional<SourceFile> read_mapping(const std::string& path);

/// Writes the file (support/files.h). On failure prints the reason and returns false.
[[nodiscard]] bool write_mapping(const std::string& path, std::string_view text);

}  // namespace placewright::cli
