// SPDX-License-Identifier: Apache-2.0
// Standard input in place of a file. SourceFile::read() takes `-` for it and names it `<stdin>`.
#pragma once

#include <string>
#include <string_view>

#include "support/result.h"

namespace placewright {

/// The name of standard input wherever a file is read.
inline constexpr std::string_view kStandardInput = "-";

/// Everything that stands on standard input. Errors: it was read before, it cannot be read, or it is
/// larger than 16 MiB.
[[nodiscard]] Result<std::string> read_standard_input();

}  // namespace placewright
