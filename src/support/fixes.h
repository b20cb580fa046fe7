// SPDX-License-Identifier: Apache-2.0
// Mends a text with the fixes that its messages carry.
#pragma once

#include <string>

#include "support/diagnostics.h"

namespace placewright {

struct MendedText {
  std::string text;
  int messages = 0;  ///< How many messages it mended.
};

/// Applies the fixes of as many messages as can go together: all fixes of a message or none, first
/// message first, equal fixes of several messages once. What is left out may be tried on the mended
/// text.
[[nodiscard]] MendedText apply_fixes(const Diagnostics& diagnostics);

}  // namespace placewright
