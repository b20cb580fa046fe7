// SPDX-License-Identifier: Apache-2.0
// Expressions to columns. What is the same for all points is evaluated by the interpreter. Private
// to the lowering.
#pragma once

#include "lang/columns/lowering.h"

namespace placewright::lang {

[[nodiscard]] Lowered<Abstract> lower(Lowering& lowering, const Code& code, AbstractFrame& frame);

/// The value of an expression that does not differ between points.
[[nodiscard]] Lowered<Value> same_for_all(Lowering& lowering, const Code& code,
                                          const AbstractFrame& frame);

/// The children from number `first` on as elements of a tuple.
[[nodiscard]] Lowered<Numbers> lower_elements(Lowering& lowering, const Code& code, size_t first,
                                              AbstractFrame& frame);

}  // namespace placewright::lang
