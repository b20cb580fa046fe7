// SPDX-License-Identifier: Apache-2.0
// Texts compressed as gzip does.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "support/result.h"

namespace placewright {

[[nodiscard]] bool is_gzip(std::string_view bytes);
[[nodiscard]] std::string gzip(std::string_view text);
/// Errors: damaged, cut off, something after the end, more than `most_bytes` when unpacked.
[[nodiscard]] Result<std::string> gunzip(std::string_view bytes, uint64_t most_bytes);

}  // namespace placewright
