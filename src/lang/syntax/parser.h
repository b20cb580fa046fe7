// SPDX-License-Identifier: Apache-2.0
// Turns text into a tree. Knows the grammar but not what names mean.
#pragma once

#include "lang/syntax/ast.h"
#include "support/diagnostics.h"

namespace placewright::lang {

/// Parses a whole file. After an error it resumes after the next `;` or `}`, so that one run
/// reports many mistakes; what could not be parsed is left out of the tree. Nesting is limited to
/// 200 levels. Never throws.
[[nodiscard]] Program parse(const SourceFile& file, Diagnostics& diagnostics);

/// Parses a text that is a single expression; null after an error.
[[nodiscard]] ExprPtr parse_expression(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace placewright::lang
