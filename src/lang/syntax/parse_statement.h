// SPDX-License-Identifier: Apache-2.0
// The statements of a mapping. The rules' own productions are in parse_rule.h.
#pragma once

#include <optional>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

std::optional<Statement> parse_statement(ParseContext& context);

}  // namespace placewright::lang
