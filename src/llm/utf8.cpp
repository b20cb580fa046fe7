// SPDX-License-Identifier: Apache-2.0
#include "llm/utf8.h"

#include <cstdint>

#include "support/utf8.h"

namespace placewright::llm {
std::string with_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const Utf8Character character = first_character(text);
    valid += character.valid ? character.bytes : "\xEF\xBF\xBD";
    text.remove_prefix(character.bytes.size());
  }
  return valid;
}

std::string excerpt(std::string_view text, size_t most) {
  size_t end = std::min(text.size(), most);
  while (end > 0 && end < text.size() && continues_character(text[end])) --end;
  std::string line = with_valid_utf8(text.substr(0, end));
  for (char& c : line) {
    if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  if (end < text.size()) line += "...";
  return line;
}

}  // namespace placewright::llm
