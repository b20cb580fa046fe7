// SPDX-License-Identifier: Apache-2.0
// Finds the answer inside what a model said: JSON or code between prose, in fences, slightly
// malformed. Total functions in linear time; they never throw. Text that breaks off is not
// completed.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace placewright::llm {

/// The largest JSON object or array in a text, of equally large ones the last. Forgiven are prose
/// and fences around it, trailing commas, single quotes, line breaks inside strings, names without
/// quotes, `True`, `False`, `None`, and comments. Texts are valid UTF-8 in the result. Nothing when
/// there is none that is whole. What is nested deeper than 64 levels is not read.
[[nodiscard]] std::optional<nlohmann::json> extract_json(std::string_view text);

/// The content of the largest fenced block (``` or ~~~), of equally large ones the last, without
/// its language tag. Only without a whole one, what follows a fence that is never closed. Nothing
/// without a fence.
[[nodiscard]] std::optional<std::string> extract_code_block(std::string_view text);

}  // namespace placewright::llm
