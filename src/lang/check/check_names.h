// SPDX-License-Identifier: Apache-2.0
// The definitions at the top level, and the types of names. What a function's body means is in
// check_function.h.
#pragma once

#include "lang/check/check_context.h"

namespace placewright::lang {

/// Fills the tables of globals and functions, and reports names that are defined twice.
void collect_definitions(CheckContext& context);
void report_unused_functions(CheckContext& context);

/// A global is checked in the scope of its own statement, no matter who asks first.
Type global_type(CheckContext& context, CheckedGlobal& global);

[[nodiscard]] Type infer_name(CheckContext& context, const Expr& expr, const std::string& name);

}  // namespace placewright::lang
