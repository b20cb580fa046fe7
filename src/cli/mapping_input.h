// SPDX-License-Identifier: Apache-2.0
// Reading and writing a mapping file for a subcommand. Says what is wrong on stderr.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/source.h"

namespace placewright::cli {

/// The file, or standard input for `-`. Prints why it cannot be read and returns nothing.
[[nodiscard]] std::optional<SourceFile> read_mapping(const std::string& path);

/// Replaces the file; its old text stays until the new one is whole. Prints why it cannot be
/// written and returns false.
[[nodiscard]] bool write_mapping(const std::string& path, std::string_view text);

}  // namespace placewright::cli
