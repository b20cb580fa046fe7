// SPDX-License-Identifier: Apache-2.0
// `-` in place of a file that other processes read, or that is read more than once.
#pragma once

#include <string>

#include "support/result.h"

namespace placewright::cli {

/// The path; for `-` that of a temporary file `name` with what stands on standard input, which is
/// removed when the program ends. Errors: standard input cannot be read, or was read before.
[[nodiscard]] Result<std::string> readable_path(const std::string& path, const std::string& name);

/// Replaces `-` in place; nothing else changes.
[[nodiscard]] Result<void> make_readable(std::string& path, const std::string& name);

}  // namespace placewright::cli
