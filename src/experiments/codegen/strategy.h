// SPDX-License-Identifier: Apache-2.0
// The ten mapping strategies of the published code-generation study: each a task for a programmer
// in words, and a mapping of ours that does it. All are about the application circuit. What they
// mean for a run is in expectation.h.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace placewright::experiments {

struct Strategy {
  int number = 0;            ///< From 1, as published.
  std::string name;          ///< "shared-zero-copy"
  std::string text;          ///< What is to be done; a paragraph without line breaks.
  std::string_view mapping;  ///< The reference, comments included.
};

/// In the order of their numbers.
[[nodiscard]] std::span<const Strategy> strategies();
/// Null for a number that none has.
[[nodiscard]] const Strategy* find_strategy(int number);

}  // namespace placewright::experiments
