// SPDX-License-Identifier: Apache-2.0
// Types of `m[i, *]`, `t[0]` and `t[a:b]`.
#pragma once

#include "lang/check/check_context.h"

namespace placewright::lang {

[[nodiscard]] Type infer_index(CheckContext& context, const Expr& expr, const Index& node);
[[nodiscard]] Type infer_slice(CheckContext& context, const SliceExpr& node);

}  // namespace placewright::lang
