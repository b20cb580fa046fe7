// SPDX-License-Identifier: Apache-2.0
// Properties, indices, slices and comprehensions to columns. Private to the lowering.
#pragma once

#include "lang/columns/lowering.h"

namespace placewright::lang {

[[nodiscard]] Lowered<Abstract> lower_property(Lowering& lowering, const Code& code,
                                               AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_index(Lowering& lowering, const Code& code,
                                            AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_slice(Lowering& lowering, const Code& code,
                                            AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_comprehension(Lowering& lowering, const Code& code,
                                                    AbstractFrame& frame);

}  // namespace placewright::lang
