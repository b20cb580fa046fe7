// SPDX-License-Identifier: Apache-2.0
// Types of `?:`, and the check of chains without parentheses.
#pragma once

#include "lang/check/check_context.h"

namespace placewright::lang {

[[nodiscard]] Type infer_conditional(CheckContext& context, const Expr& expr,
                                     const Conditional& node);

}  // namespace placewright::lang
