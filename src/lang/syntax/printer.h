// SPDX-License-Identifier: Apache-2.0
// Prints a tree in the canonical layout: one statement a line, bodies indented by two spaces, at
// most one blank line in a row. Comments and blank-line grouping are kept; a comment inside a
// statement moves above it. Printing is idempotent.
#pragma once

#include <string>

#include "lang/syntax/ast.h"

namespace placewright::lang {

[[nodiscard]] std::string to_source(const Expr& expr);
/// One line with its `;`. For a function definition only the first line, up to the `{`.
[[nodiscard]] std::string to_source(const Statement& statement);
[[nodiscard]] std::string to_source(const FunctionStatement& statement);

/// The whole file. `program` is the result of parse() on `file`, without errors.
[[nodiscard]] std::string format_program(const SourceFile& file, const Program& program);

}  // namespace placewright::lang
