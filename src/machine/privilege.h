// SPDX-License-Identifier: Apache-2.0
// What a task may do with the data of a region argument, as far as mappings care: Legion's modes
// without coherence and without the operator of a reduction.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace placewright::machine {

enum class Privilege : uint8_t {
  None,
  ReadOnly,
  ReadWrite,
  WriteDiscard,  ///< Writes without reading first.
  Reduce
};

/// Whether the task may overwrite the data.
[[nodiscard]] constexpr bool writes(Privilege privilege) {
  return privilege == Privilege::ReadWrite || privilege == Privilege::WriteDiscard;
}

/// The word in files: "NONE", "RO", "RW", "WD", "RED".
[[nodiscard]] std::string_view to_string(Privilege privilege);
[[nodiscard]] std::optional<Privilege> parse_privilege(std::string_view word);

}  // namespace placewright::machine
