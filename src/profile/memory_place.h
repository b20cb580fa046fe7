// SPDX-License-Identifier: Apache-2.0
// A memory of a run: its kind, which of the node's it is, and the node. Texts are for files and
// messages only.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "machine/kinds.h"

namespace placewright::profile {

/// A kind that the language has no word for, by Realm's number; 0 where a log does not tell it.
struct OtherMemory {
  uint64_t code = 0;
  friend auto operator<=>(const OtherMemory&, const OtherMemory&) = default;
};
using MemoryPlaceKind = std::variant<machine::MemoryKind, OtherMemory>;

struct MemoryPlace {
  MemoryPlaceKind kind;
  int index = 0;  ///< Among the node's of that kind.
  int node = 0;
  friend auto operator<=>(const MemoryPlace&, const MemoryPlace&) = default;
  /// Unset for a kind without a word.
  [[nodiscard]] std::optional<machine::MemoryKind> known_kind() const;
};

/// "FBMEM", "memory kind 13", or "memory".
[[nodiscard]] std::string to_string(const MemoryPlaceKind& kind);
/// "FBMEM 0 of node 1", "SYSMEM of node 0": an index that is 0 is left out for all but frame buffers.
[[nodiscard]] std::string to_string(const MemoryPlace& place);
/// Reads what to_string() writes.
[[nodiscard]] std::optional<MemoryPlace> parse_memory_place(std::string_view text);

}  // namespace placewright::profile
