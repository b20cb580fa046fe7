// SPDX-License-Identifier: Apache-2.0
// Corrects a text with the fixes that its messages carry.
#pragma once

#include <string>

#include "support/diagnostics.h"

namespace placewright {

struct FixedText {
  std::string text;
  int messages = 0;  ///< How many messages it fixed.
};

/// Applies the fixes of as many messages as are compatible: all fixes of a message or none, in
/// message order, equal fixes of several messages once. Fixes that are left out can be tried on the
/// corrected text.
[[nodiscard]] FixedText apply_fixes(const Diagnostics& diagnostics);

}  // namespace placewright
