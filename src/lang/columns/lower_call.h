// SPDX-License-Identifier: Apache-2.0
// Calls to columns: the bodies of the program's functions take the place of their calls. Private to
// the lowering.
#pragma once

#include "lang/columns/lowering.h"

namespace placewright::lang {

[[nodiscard]] Lowered<Abstract> lower_call(Lowering& lowering, const Code& code,
                                           AbstractFrame& frame);
[[nodiscard]] Lowered<Abstract> lower_builtin(Lowering& lowering, const Code& code,
                                              AbstractFrame& frame);

/// What the function returns; the frame has its arguments.
[[nodiscard]] Lowered<Abstract> lower_body(Lowering& lowering, const CompiledFunction& function,
                                           AbstractFrame& frame);

}  // namespace placewright::lang
