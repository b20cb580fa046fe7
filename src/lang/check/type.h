// SPDX-License-Identifier: Apache-2.0
// What the checker knows about a value from the text alone. Unknown is compatible with everything,
// so that one mistake is reported once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lang/syntax/wide.h"
#include "machine/kinds.h"

namespace placewright::lang {

enum class TypeKind {
  Unknown,
  Int,
  Bool,
  Tuple,
  Points,  ///< The result of `m[i, *]`: several places on the machine.
  Space,
  Task,
  Processor,
  Memory,
  Function
};

/// Whether a tuple is a place on a machine, which only indexing a processor space yields.
enum class Placed { No, Yes, Maybe };

struct Type {
  TypeKind kind = TypeKind::Unknown;
  std::optional<int64_t> value;   ///< Int: its value, unless it is large. Bool: 0 or 1.
  std::optional<uint64_t> large;  ///< Int: a value of 2^63 or above, too large for an index.
  std::optional<int64_t> length;  ///< Tuple: its elements. Space: its dimensions.
  std::optional<machine::ProcessorKind>
      processor;               ///< Space, Points, placed Tuple: processor kind.
  Placed placed = Placed::No;  ///< Tuple.

  /// The value of an integer or a truth.
  [[nodiscard]] std::optional<Wide> number() const {
    if (large) return *large;
    return value ? std::optional<Wide>(*value) : std::nullopt;
  }
  [[nodiscard]] bool is(TypeKind other) const { return kind == other; }
  [[nodiscard]] bool unknown() const { return kind == TypeKind::Unknown; }
  /// Whether the type is or may be of this kind.
  [[nodiscard]] bool may_be(TypeKind other) const { return unknown() || is(other); }
};

[[nodiscard]] inline Type int_type(std::optional<int64_t> value = {}) {
  return {.kind = TypeKind::Int, .value = value};
}
/// An integer of the language.
[[nodiscard]] inline Type number_type(Wide number) {
  if (is_small(number)) return int_type(static_cast<int64_t>(number));
  return {.kind = TypeKind::Int, .large = static_cast<uint64_t>(number)};
}
[[nodiscard]] inline Type bool_type(std::optional<int64_t> value = {}) {
  return {.kind = TypeKind::Bool, .value = value};
}
[[nodiscard]] inline Type tuple_type(std::optional<int64_t> length = {}) {
  return {.kind = TypeKind::Tuple, .length = length};
}
[[nodiscard]] inline Type space_type(std::optional<int64_t> rank = {},
                                     std::optional<machine::ProcessorKind> processor = {}) {
  return {.kind = TypeKind::Space, .length = rank, .processor = processor};
}

/// The type of a value that has one of two types.
[[nodiscard]] Type merge(const Type& a, const Type& b);

/// "an integer", "a tuple of 3 integers".
[[nodiscard]] std::string describe(const Type& type);
[[nodiscard]] std::string describe(TypeKind kind);

}  // namespace placewright::lang
