// SPDX-License-Identifier: Apache-2.0
// Checks for internal errors. They stay enabled in release builds; a user's mistake must never
// trigger one.
#pragma once

#include <string_view>

namespace placewright {

/// Prints the failed condition and its source location to stderr and aborts.
[[noreturn]] void check_failed(std::string_view condition, const char* file, int line);

}  // namespace placewright

#define PLACEWRIGHT_CHECK(condition)     \
  (static_cast<bool>(condition) ? void() \
                                : ::placewright::check_failed(#condition, __FILE__, __LINE__))
