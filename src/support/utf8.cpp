// SPDX-License-Identifier: Apache-2.0
#include "support/utf8.h"

#include <array>

namespace placewright {
namespace {

struct CodeRange {
  uint32_t first, last;
};

template <size_t N>
bool in_any(const std::array<CodeRange, N>& ranges, uint32_t code) {
  for (const CodeRange& range : ranges)
    if (code >= range.first && code <= range.last) return true;
  return false;
}

size_t announced_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80; }

/// Whether a code may be written in that many bytes, and is not half of a UTF-16 pair.
bool is_proper(uint32_t code, size_t length) {
  constexpr std::array<uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  return code >= kLeast[length] && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
}

}  // namespace

Utf8Character first_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const Utf8Character invalid{text.substr(0, 1), first, false};
  const size_t length = announced_length(first);
  if (length == 0 || length > text.size()) return invalid;
  uint32_t code = length == 1 ? first : first & (0x7fU >> length);
  for (size_t k = 1; k < length; ++k) {
    if (!is_continuation(text[k])) return invalid;
    code = code << 6 | (static_cast<unsigned char>(text[k]) & 0x3fU);
  }
  if (!is_proper(code, length)) return invalid;
  return {text.substr(0, length), code, true};
}

bool is_cut_off(std::string_view text) {
  if (text.empty()) return false;
  const size_t length = announced_length(static_cast<unsigned char>(text.front()));
  if (length <= text.size()) return false;
  for (const char c : text.substr(1))
    if (!is_continuation(c)) return false;
  return true;
}

bool is_control(uint32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

bool is_directional(uint32_t code) {
  constexpr std::array<CodeRange, 5> kRanges = {{{0x61c, 0x61c},      // Arabic letter mark
                                                 {0x200e, 0x200f},    // marks
                                                 {0x2028, 0x202e},    // separators, embeddings
                                                 {0x2066, 0x2069},    // isolates
                                                 {0x206a, 0x206f}}};  // their old forms
  return in_any(kRanges, code);
}

bool is_joiner(uint32_t code) {
  constexpr std::array<CodeRange, 5> kRanges = {
      {{0xad, 0xad}, {0x200b, 0x200d}, {0x2060, 0x2065}, {0xfeff, 0xfeff}, {0xe0000, 0xe0fff}}};
  return in_any(kRanges, code);
}

int column_width(uint32_t code) {
  constexpr std::array<CodeRange, 3> kCombining = {
      {{0x300, 0x36f}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}}};
  constexpr std::array<CodeRange, 9> kWide = {{{0x1100, 0x115f},
                                               {0x2e80, 0x303e},
                                               {0x3041, 0xa4cf},
                                               {0xac00, 0xd7a3},
                                               {0xf900, 0xfaff},
                                               {0xfe30, 0xfe6f},
                                               {0xff00, 0xff60},
                                               {0x1f300, 0x1faff},
                                               {0x20000, 0x3fffd}}};
  if (in_any(kCombining, code) || is_joiner(code)) return 0;
  return in_any(kWide, code) ? 2 : 1;
}

}  // namespace placewright
