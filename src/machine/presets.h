// SPDX-License-Identifier: Apache-2.0
// The machine files of share/machines/, embedded at build time.
#pragma once

#include <span>
#include <string_view>

namespace placewright::machine {

struct Preset {
  std::string_view name;  ///< The file's, without `.toml`.
  std::string_view text;
};

/// Sorted by name.
[[nodiscard]] std::span<const Preset> presets();
/// Null for an unknown name.
[[nodiscard]] const Preset* find_preset(std::string_view name);

}  // namespace placewright::machine
