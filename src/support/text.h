// SPDX-License-Identifier: Apache-2.0
// Word helpers: the distance between two words, and the known word that a mistyped one meant.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace placewright {

/// The number of insertions, deletions, substitutions and swaps of neighbours that turn `a` into
/// `b`, ignoring case. Source: optimal string alignment distance (Damerau 1964, restricted).
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// The known word nearest to `word`, or an empty view if none is within a third of its length (at
/// least 1; 0 for a single letter).
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> known);
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string> known);

/// "a, b or c".
[[nodiscard]] std::string join_alternatives(std::span<const std::string_view> words);

/// Converts ASCII letters to lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace placewright
