// SPDX-License-Identifier: Apache-2.0
// Ends of statements and brackets, also where the text lacks them, and where to continue after a
// statement that could not be parsed.
#pragma once

#include "lang/syntax/parse_context.h"

namespace placewright::lang {

/// `;`, which may be missing at the end of a line: reported, then assumed.
bool expect_semicolon(ParseContext& context, std::string_view expected);

/// `)` or `]`, without which the opener is reported.
bool expect_closer(ParseContext& context, const Token& opener, TokenKind closer);

/// Skips past the next `;`, or stops before a `}` or before a statement that starts a line.
void synchronize(ParseContext& context);

}  // namespace placewright::lang
