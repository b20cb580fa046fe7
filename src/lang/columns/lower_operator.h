// SPDX-License-Identifier: Apache-2.0
// Operators and `?:` to columns. What is evaluated only under a condition is checked only where it
// holds. Private to the lowering.
#pragma once

#include "lang/columns/lowering.h"

namespace placewright::lang {

[[nodiscard]] Lowered<Abstract> lower_negation(Lowering& lowering, const Code& code,
                                               AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_not(Lowering& lowering, const Code& code,
                                          AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_binary(Lowering& lowering, const Code& code,
                                             AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_conditional(Lowering& lowering, const Code& code,
                                                  AbstractFrame& frame);

/// An arithmetic operator on numbers or, element by element, tuples.
[[nodiscard]] Lowered<Abstract> lower_arithmetic(Lowering& lowering, BinaryOp op, const Abstract& a,
                                                 const Abstract& b);

}  // namespace placewright::lang
