// SPDX-License-Identifier: Apache-2.0
// Exports the grammar to the notations of other tools. If a notation cannot exclude reserved words,
// names match a safe pattern instead.
#pragma once

#include <string>

#include "lang/grammar/grammar.h"

namespace placewright::lang::grammar {

/// For people: `rule := 'word' other*`, one rule a line, as in docs/language.md.
[[nodiscard]] std::string to_ebnf(const Grammar& grammar);

/// For llama.cpp. A space separates tokens where two words would run together; elsewhere spaces are
/// optional. At most one line break in a row keeps a small model from looping. Variables are a few
/// usual names or end with a digit, because GBNF cannot exclude reserved words.
[[nodiscard]] std::string to_gbnf(const Grammar& grammar);

/// For Lark, which can exclude reserved words; whitespace and comments are ignored terminals.
[[nodiscard]] std::string to_lark(const Grammar& grammar);

}  // namespace placewright::lang::grammar
