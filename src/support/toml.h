// SPDX-License-Identifier: Apache-2.0
// TOML that others wrote. The library checks some of its input by assertions, such as that a list
// does not begin with `}`: they would end the program, and where assertions are off anything might
// happen. Here they are mistakes in the text. The only header that includes the library.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace placewright::toml_detail {

/// A failed assertion of the library.
struct Unexpected : std::exception {};

[[noreturn]] inline void fail_assertion() { throw Unexpected(); }

}  // namespace placewright::toml_detail

#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) \
  (static_cast<bool>(expr) ? static_cast<void>(0) : placewright::toml_detail::fail_assertion())
// Letters such as U+FEF1 outside of strings reach what the library calls unreachable; compiled, its
// test for blanks says no, which is right. Only the sanitizer ends there.
#ifdef __clang__
#pragma clang attribute push(__attribute__((no_sanitize("unreachable"))), apply_to = function)
#endif
#include <toml++/toml.h>
#ifdef __clang__
#pragma clang attribute pop
#endif
#pragma pop_macro("NDEBUG")

namespace placewright {

namespace toml_detail {

/// How much of the text it takes to fail the assertion.
inline size_t unexpected_at(std::string_view text) {
  size_t good = 0, bad = text.size();
  while (bad - good > 1) {
    const size_t middle = good + (bad - good) / 2;
    try {
      (void)toml::parse(text.substr(0, middle));
      good = middle;
    } catch (const toml::parse_error&) {
      good = middle;
    } catch (const Unexpected&) {
      bad = middle;
    }
  }
  return bad;
}

}  // namespace toml_detail

/// Throws toml::parse_error, with the place, if the text is not TOML.
[[nodiscard]] inline toml::table parse_toml(std::string_view text, std::string_view file) {
  try {
    return toml::parse(text, file);
  } catch (const toml_detail::Unexpected&) {
    const std::string_view before = text.substr(0, toml_detail::unexpected_at(text) - 1);
    const size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
    toml::source_position place;
    place.line = 1;
    for (const char c : before) place.line += c == '\n' ? 1 : 0;
    place.column = static_cast<toml::source_index>(before.size() - line_begin + 1);
    throw toml::parse_error("expected a value", place, std::make_shared<const std::string>(file));
  }
}

}  // namespace placewright
