// SPDX-License-Identifier: Apache-2.0
// How exactly copies are simulated. Every number is of one level, and they are not compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace placewright::sim {

enum class Level : uint8_t {
  /// As the virtual GPU driver has it: copies take turns on the engines of their GPUs and buses.
  Driver,
  /// Copies take no turns: all at once share the links on their ways, max-min fair.
  Shared
};

[[nodiscard]] constexpr std::string_view to_string(Level level) {
  return level == Level::Driver ? "driver" : "shared";
}
[[nodiscard]] constexpr std::optional<Level> parse_level(std::string_view word) {
  for (const Level level : {Level::Driver, Level::Shared})
    if (to_string(level) == word) return level;
  return std::nullopt;
}

}  // namespace placewright::sim
