// SPDX-License-Identifier: Apache-2.0
// Turns bytes from outside into valid UTF-8, because JSON can hold nothing else.
#pragma once

#include <string>
#include <string_view>

namespace placewright::llm {

/// The text with every byte that is not part of valid UTF-8 replaced by U+FFFD.
[[nodiscard]] std::string with_valid_utf8(std::string_view text);

/// The first `most` bytes or fewer, never in the middle of a character, with control characters as
/// blanks: for a server's text inside a one-line message. "..." marks a cut.
[[nodiscard]] std::string excerpt(std::string_view text, size_t most);

}  // namespace placewright::llm
