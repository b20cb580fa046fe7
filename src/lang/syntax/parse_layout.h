// SPDX-License-Identifier: Apache-2.0
// The production for layouts and their constraints.
#pragma once

#include <optional>

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

/// Sets the condition if there is one.
std::optional<LayoutStatement> parse_layout(ParseContext& context, ExprPtr& condition);

}  // namespace placewright::lang
