// SPDX-License-Identifier: Apache-2.0
// Checks functions, their bodies, and what may stand in assignments and `print`.
#pragma once

#include "lang/check/check_context.h"

namespace placewright::lang {

/// The result type of a function; checks its body on the first call.
Type function_result(CheckContext& context, CheckedFunction& function);

/// Reports a value that no variable can have.
void check_assignable(CheckContext& context, const Expr& value, const Type& type);

void check_print(CheckContext& context, const Print& print);

}  // namespace placewright::lang
