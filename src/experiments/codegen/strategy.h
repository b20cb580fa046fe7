// SPDX-License-Identifier: Apache-2.0
// The ten mapping strategies of the published code-generation experiment: each a programming
// task in words, and our mapping that solves it. All are about the application circuit.
// expectation.h defines what they mean for a run.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace placewright::experiments {

struct Strategy {
  int number = 0;            ///< From 1, as published.
  std::string name;          ///< "shared-zero-copy"
  std::string text;          ///< The task; a paragraph without line breaks.
  std::string_view mapping;  ///< The reference, comments included.
};

/// In the order of their numbers.
[[nodiscard]] std::span<const Strategy> strategies();
/// Null for an unknown number.
[[nodiscard]] const Strategy* find_strategy(int number);

}  // namespace placewright::experiments
