// SPDX-License-Identifier: Apache-2.0
// Extracts the answer from a model's reply: JSON or code between prose, in fences, slightly
// malformed. The functions accept any text, run in linear time and never throw. Text that breaks
// off is not completed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/json.h"

namespace placewright::llm {

/// The largest JSON object or array in a text, or the last of equally large ones. Tolerates prose
/// and fences around it, trailing commas, single quotes, line breaks inside strings, names without
/// quotes, `True`, `False`, `None`, and comments. Strings in the result are valid UTF-8. nullopt if
/// there is no complete one. Does not read beyond 64 levels of nesting.
[[nodiscard]] std::optional<nlohmann::json> extract_json(std::string_view text);

/// The content of the largest fenced block (``` or ~~~), or the last of equally large ones, without
/// its language tag. If no block is closed, the text after the open fence. nullopt without a fence.
[[nodiscard]] std::optional<std::string> extract_code_block(std::string_view text);

}  // namespace placewright::llm
