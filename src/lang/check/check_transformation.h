// SPDX-License-Identifier: Apache-2.0
// What transformations such as `m.split(0, 2)` do to the type of a processor space. Arguments that
// fail on every machine are errors here.
#pragma once

#include "lang/check/check_expression.h"

namespace placewright::lang {

/// `expr` is what is called, `space` the type before the dot.
[[nodiscard]] Type infer_transformation(CheckContext& context, const Expr& expr, Member member,
                                        const Type& space, const ListElements& arguments);

}  // namespace placewright::lang
