// SPDX-License-Identifier: Apache-2.0
// Hands an error up. Both macros are for functions that return a tl::expected with the same type of
// error.
#pragma once

#include <tl/expected.hpp>
#include <utility>

/// `PLACEWRIGHT_TRY(const std::string text, read_text(path));` evaluates the expression once,
/// returns its error from the calling function, or declares `text` with its value.
#define PLACEWRIGHT_TRY(declaration, ...) \
  PLACEWRIGHT_TRY_NAMED(PLACEWRIGHT_TRY_JOIN(tried_, __LINE__), declaration, __VA_ARGS__)

/// `PLACEWRIGHT_TRY_VOID(write_text(path, text));` does the same without using the value.
#define PLACEWRIGHT_TRY_VOID(...)                                                            \
  do {                                                                                       \
    if (auto tried = (__VA_ARGS__); !tried) return tl::unexpected(std::move(tried).error()); \
  } while (false)

#define PLACEWRIGHT_TRY_JOIN(a, b) PLACEWRIGHT_TRY_JOIN_EXPANDED(a, b)
#define PLACEWRIGHT_TRY_JOIN_EXPANDED(a, b) a##b
#define PLACEWRIGHT_TRY_NAMED(name, declaration, ...)          \
  auto name = (__VA_ARGS__);                                   \
  if (!(name)) return tl::unexpected(std::move(name).error()); \
  declaration = *std::move(name)
