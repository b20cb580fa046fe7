// SPDX-License-Identifier: Apache-2.0
#include "support/for_terminal.h"

#include "support/utf8.h"

namespace placewright {
namespace {

std::string written_out(const Utf8Character& character) {
  const bool one_byte = !character.valid || character.code < 0x80;
  std::string text = one_byte ? "\\x" : character.code > 0xffff ? "\\U" : "\\u";
  for (int digit = one_byte ? 1 : character.code > 0xffff ? 7 : 3; digit >= 0; --digit)
    text += "0123456789abcdef"[character.code >> (4 * digit) & 0xfU];
  return text;
}

}  // namespace

std::string for_terminal(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = first_character(text);
    const bool stays = character.code == '\n' || character.code == '\t';
    const bool obeyed = is_control(character.code) || is_directional(character.code);
    if (text.starts_with("\r\n")) {
      // Shown by the line break that follows.
    } else if (!character.valid || (obeyed && !stays)) {
      shown += written_out(character);
    } else {
      shown += character.bytes;
    }
    text.remove_prefix(character.bytes.size());
  }
  return shown;
}

}  // namespace placewright
