// SPDX-License-Identifier: Apache-2.0
// The tree as text, for tests and debugging: `(+ 1 (* a 2))`. Source ranges are left out, so two
// programs with the same dump are the same program.
#pragma once

#include <string>

#include "lang/syntax/ast.h"

namespace placewright::lang {

/// Prefix notation: `(- (- 10 4) 3)`. Parentheses that were written appear as `(paren x)`.
[[nodiscard]] std::string dump(const Expr& expr);

/// One statement, with its condition.
[[nodiscard]] std::string dump(const Statement& statement);
/// One statement per line, without comments.
[[nodiscard]] std::string dump(const Program& program);

}  // namespace placewright::lang
