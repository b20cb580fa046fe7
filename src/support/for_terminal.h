// SPDX-License-Identifier: Apache-2.0
// Texts from outside, made fit for a terminal: mappings, names, the output of programs, databases
// and answers of models. Printed as they are, their control characters would move the cursor, hide
// what was said or forge what was not. terminal.h prints.
#pragma once

#include <string>
#include <string_view>

namespace placewright {

/// The text with everything that a terminal would obey instead of show written out: control
/// characters and bytes that are not UTF-8 as `\x1b`, directional ones as `\u202e`. Line breaks
/// (also `\r\n`) and tabs stay.
[[nodiscard]] std::string for_terminal(std::string_view text);

}  // namespace placewright
