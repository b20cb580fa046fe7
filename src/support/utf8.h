// SPDX-License-Identifier: Apache-2.0
// Reads UTF-8 from texts that may be anything: one character at a time, and what it would do to the
// text around it. Knows nothing of words or languages.
#pragma once

#include <cstdint>
#include <string_view>

namespace placewright {

/// One character. A byte that begins no UTF-8 sequence is a character of its own, not `valid`.
struct Utf8Character {
  std::string_view bytes;
  uint32_t code = 0;
  bool valid = false;
};

/// The character that `text` begins with; it must not be empty. Overlong forms, surrogates and
/// sequences that are cut off are not valid.
[[nodiscard]] Utf8Character first_character(std::string_view text);

/// Whether a byte is not the first of a character: a text may not be cut before it.
[[nodiscard]] inline bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

/// Whether `text` is the beginning of a longer character: more bytes may complete it.
[[nodiscard]] bool is_cut_off(std::string_view text);

/// Control characters C0 and C1, line breaks and tabs included.
[[nodiscard]] bool is_control(uint32_t code);

/// Characters that change the order in which the text around them is shown, or break its lines.
[[nodiscard]] bool is_directional(uint32_t code);

/// Characters that are not seen and join or separate others: joiners, soft hyphens, byte order
/// marks, tags.
[[nodiscard]] bool is_joiner(uint32_t code);

/// Columns of a terminal: 0, 1 or 2. An approximation of Unicode's East Asian widths.
[[nodiscard]] int column_width(uint32_t code);

}  // namespace placewright
