// SPDX-License-Identifier: Apache-2.0
// Reads JSON as language models write it. Used by extract.cpp only.
#pragma once

#include <optional>
#include <string_view>

#include "support/json.h"

namespace placewright::llm {

struct TolerantJson {
  std::optional<nlohmann::json> value;  ///< Unset if the text is not JSON, or breaks off.
  size_t end = 0;                       ///< Just after the value, or where reading stopped.
};

/// Reads the object or array that starts at `begin`; ignores what follows.
[[nodiscard]] TolerantJson read_tolerant_json(std::string_view text, size_t begin);

}  // namespace placewright::llm
