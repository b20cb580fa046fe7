// SPDX-License-Identifier: Apache-2.0
#include "support/shell.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace placewright {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kOthers = "_-./:=,+@%^";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || kOthers.find(c) != std::string::npos;
}

bool is_control(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7f;
}

/// `$'...'`: quotes and backslashes escaped, control characters in octal.
std::string dollar_quoted(std::string_view word) {
  std::string text = "$'";
  for (const char c : word) {
    if (is_control(c)) {
      text += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
    } else {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text + "'";
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  if (std::ranges::any_of(word, is_control)) return dollar_quoted(word);
  std::string text = "'";
  for (const char c : word) {
    if (c == '\'') {
      text += "'\\''";
    } else {
      text += c;
    }
  }
  return text + "'";
}

std::string shell_line(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shell_word(word);
  return line;
}

}  // namespace placewright
