// SPDX-License-Identifier: Apache-2.0
// Integers as values: those of 2^63 and above are LargeInteger; tuples hold only the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "lang/evaluate/value.h"
#include "lang/syntax/wide.h"

namespace placewright::lang {

/// nullopt if the value is something else.
[[nodiscard]] inline std::optional<Wide> integer_of(const Value& value) {
  if (const auto* number = std::get_if<int64_t>(&value)) return *number;
  if (const auto* large = std::get_if<LargeInteger>(&value)) return large->value;
  return std::nullopt;
}

/// nullopt if it does not fit into 64 bits.
[[nodiscard]] inline std::optional<Value> value_of(Wide number) {
  if (is_small(number)) return Value(static_cast<int64_t>(number));
  if (!is_integer(number)) return std::nullopt;
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
