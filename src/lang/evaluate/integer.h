// SPDX-License-Identifier: Apache-2.0
// Integers as expressions compute with them: from -2^63 to 2^64-1, so that every launch tag is a
// number. Those of 2^63 and above are LargeInteger; tuples hold only the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lang/evaluate/value.h"

namespace placewright::lang {

/// Holds the sum, difference and product of any two integers but the largest.
__extension__ typedef __int128 Wide;

/// nullopt if the value is something else.
[[nodiscard]] inline std::optional<Wide> integer_of(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* large = std::get_if<LargeInteger>(&value)) return large->value;
  return std::nullopt;
}

[[nodiscard]] inline bool is_small(Wide number) {
  return number >= INT64_MIN && number <= INT64_MAX;
}

/// nullopt if it does not fit into 64 bits.
[[nodiscard]] inline std::optional<Value> value_of(Wide number) {
  if (is_small(number)) return Value(static_cast<int64_t>(number));
  if (number < 0 || number > UINT64_MAX) return std::nullopt;
  return Value(LargeInteger{static_cast<uint64_t>(number)});
}

[[nodiscard]] inline Value integer_value(uint64_t number) {
  return number <= INT64_MAX ? Value(static_cast<int64_t>(number)) : Value(LargeInteger{number});
}

/// In decimal; the number fits into 64 bits.
[[nodiscard]] inline std::string to_string(Wide number) {
  return number < 0 ? std::to_string(static_cast<int64_t>(number))
                    : std::to_string(static_cast<uint64_t>(number));
}

}  // namespace placewright::lang
