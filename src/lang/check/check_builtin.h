// SPDX-License-Identifier: Apache-2.0
// Types of calls of built-in functions.
#pragma once

#include "lang/check/check_expression.h"
#include "lang/syntax/builtins.h"

namespace placewright::lang {

[[nodiscard]] Type infer_builtin(CheckContext& context, const Expr& expr, Builtin builtin,
                                 const ListElements& arguments);

}  // namespace placewright::lang
