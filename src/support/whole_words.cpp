// SPDX-License-Identifier: Apache-2.0
#include "support/whole_words.h"

#include <cctype>

namespace placewright {
namespace {

bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// Where the word begins, from `from`; npos where it does not occur.
size_t find_word(std::string_view text, std::string_view word, size_t from) {
  if (word.empty()) return std::string_view::npos;
  for (size_t at = text.find(word, from); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const size_t end = at + word.size();
    const bool begins = at == 0 || !in_word(text[at - 1]);
    if (begins && (end == text.size() || !in_word(text[end]))) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::string replace_word(std::string_view text, std::string_view word, std::string_view with) {
  std::string result;
  size_t begin = 0;
  for (size_t at = find_word(text, word, 0); at != std::string_view::npos;
       at = find_word(text, word, begin)) {
    result += text.substr(begin, at - begin);
    result += with;
    begin = at + word.size();
  }
  return result + std::string(text.substr(begin));
}

bool contains_word(std::string_view text, std::string_view word) {
  return find_word(text, word, 0) != std::string_view::npos;
}

}  // namespace placewright
