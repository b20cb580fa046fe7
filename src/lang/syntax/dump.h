// SPDX-License-Identifier: Apache-2.0
// The tree as text, for tests and for looking at: `(+ 1 (* a 2))`. Places in the source are left
// out, so two programs with the same dump are the same program.
#pragma once

#include <string>

#include "lang/syntax/ast.h"

namespace placewright::lang {

/// Operators in front: `(- (- 10 4) 3)`. Parentheses that were written show as `(paren x)`.
[[nodiscard]] std::string dump(const Expr& expr);

/// One statement per line, comments left out.
[[nodiscard]] std::string dump(const Program& program);

}  // namespace placewright::lang
