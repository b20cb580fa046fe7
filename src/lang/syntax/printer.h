// SPDX-License-Identifier: Apache-2.0
// From tree to text in the canonical layout: one statement a line, bodies indented by two blanks,
// at most one blank line in a row. Comments and blank-line grouping are kept; a comment inside a
// statement moves above it. Printing what was printed changes nothing.
#pragma once

#include <string>

#include "lang/syntax/ast.h"

namespace placewright::lang {

[[nodiscard]] std::string to_source(const Expr& expr);
/// One line with its `;`. Of a function definition only the first line, up to the `{`.
[[nodiscard]] std::string to_source(const Statement& statement);
[[nodiscard]] std::string to_source(const FunctionStatement& statement);

/// The whole file. `program` is what parse() made of `file` without errors.
[[nodiscard]] std::string format_program(const SourceFile& file, const Program& program);

}  // namespace placewright::lang
