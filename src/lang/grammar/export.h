// SPDX-License-Identifier: Apache-2.0
// The grammar in the notations of other tools. Names are drawn from a safe pattern where a notation
// cannot exclude reserved words.
#pragma once

#include <string>

#include "lang/grammar/grammar.h"

namespace placewright::lang::grammar {

/// For people: `rule := 'word' other*`, one rule a line, as in docs/language.md.
[[nodiscard]] std::string to_ebnf(const Grammar& grammar);

/// For llama.cpp. Between tokens stand blanks where two words would run together, else blanks are
/// free; at most one line break in a row keeps a small model from looping. Variables are a few
/// usual names or end with a digit, as GBNF cannot exclude reserved words.
[[nodiscard]] std::string to_gbnf(const Grammar& grammar);

/// For Lark, which can exclude reserved words; blanks and comments are ignored terminals.
[[nodiscard]] std::string to_lark(const Grammar& grammar);

}  // namespace placewright::lang::grammar
