// SPDX-License-Identifier: Apache-2.0
// Words in a text that are not part of longer ones; words consist of ASCII letters, digits and `_`.
#pragma once

#include <string>
#include <string_view>

namespace placewright {

/// The text with `with` in place of every occurrence of the word.
[[nodiscard]] std::string replace_word(std::string_view text, std::string_view word,
                                       std::string_view with);
[[nodiscard]] bool contains_word(std::string_view text, std::string_view word);

}  // namespace placewright
