// SPDX-License-Identifier: Apache-2.0
// From text to tree. Knows the grammar and nothing of what names mean.
#pragma once

#include "lang/syntax/ast.h"
#include "support/diagnostics.h"

namespace placewright::lang {

/// Parses a whole file. After an error it goes on at the next `;` or `}`, so that many mistakes are
/// reported in one run; what could not be parsed is left out of the tree. Nesting is limited to 200
/// levels. Never throws.
[[nodiscard]] Program parse(const SourceFile& file, Diagnostics& diagnostics);

/// Parses a text that is one expression; null after an error.
[[nodiscard]] ExprPtr parse_expression(const SourceFile& file, Diagnostics& diagnostics);

}  // namespace placewright::lang
