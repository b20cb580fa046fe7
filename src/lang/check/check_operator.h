// SPDX-License-Identifier: Apache-2.0
// Types of unary and binary operators. An operator on known integers that would fail on every
// machine is an error here.
#pragma once

#include "lang/check/check_context.h"

namespace placewright::lang {

[[nodiscard]] Type infer_unary(CheckContext& context, const Unary& node);
[[nodiscard]] Type infer_binary(CheckContext& context, const Expr& expr, const Binary& node);

}  // namespace placewright::lang
