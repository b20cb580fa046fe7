// SPDX-License-Identifier: Apache-2.0
// Small questions about words: how far apart two are, and which known one a mistyped one meant.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace placewright {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`, upper and
/// lower case alike. Source: optimal string alignment distance (Damerau 1964, restricted).
[[nodiscard]] int edit_distance(std::string_view a, std::string_view b);

/// The known word nearest to `word`, or an empty view when none is within a third of its length (at
/// least 1, for a single letter 0).
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string_view> known);
[[nodiscard]] std::string_view nearest_word(std::string_view word,
                                            std::span<const std::string> known);

/// "a, b or c".
[[nodiscard]] std::string join_alternatives(std::span<const std::string_view> words);

/// With ASCII letters in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace placewright
