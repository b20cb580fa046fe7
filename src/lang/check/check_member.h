// SPDX-License-Identifier: Apache-2.0
// Types of properties and methods. What transformations do to a processor space is in
// check_transformation.h.
#pragma once

#include "lang/check/check_expression.h"
#include "lang/syntax/members.h"

namespace placewright::lang {

[[nodiscard]] Type infer_member(CheckContext& context, const MemberRef& node);

/// A call of a member; `expr` is what is called.
[[nodiscard]] Type infer_method(CheckContext& context, const Expr& expr, const MemberRef& callee,
                                const ListElements& arguments);

/// Reports arguments whose type the member does not take. There are at most as many as it takes.
void expect_arguments(CheckContext& context, const MemberInfo& method,
                      const ListElements& arguments);

}  // namespace placewright::lang
