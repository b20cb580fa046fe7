// SPDX-License-Identifier: Apache-2.0
// Productions for function definitions and for the statements that a body shares with a mapping.
#pragma once

#include <optional>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

std::optional<FunctionDefinition> parse_function(ParseContext& context);
std::optional<Assignment> parse_assignment(ParseContext& context);
std::optional<Print> parse_print(ParseContext& context);

[[nodiscard]] bool at_assignment(const ParseContext& context);

}  // namespace placewright::lang
