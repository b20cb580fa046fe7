// SPDX-License-Identifier: Apache-2.0
// Types of calls of `Machine` and of the program's functions. Built-in functions are in
// check_builtin.h, methods in check_member.h.
#pragma once

#include "lang/check/check_context.h"

namespace placewright::lang {

[[nodiscard]] Type infer_call(CheckContext& context, const Expr& expr, const Call& node);

}  // namespace placewright::lang
