// Reading a mapping file for a subcommand. Says what is wrong on stderr.
#pragma once

#include <optional>
#include <string>

#include "support/source.h"

namespace placewright::cli {

/// The file, or standard input for `-`. Prints why it cannot be read and returns nothing.
[[nodiscard]] std::optional<SourceFile> read_mapping(const std::string& path);

}  // namespace placewright::cli
