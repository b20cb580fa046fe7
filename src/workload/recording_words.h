// SPDX-License-Identifier: Apache-2.0
// The words of the recording's file, for its writer and its reader.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "workload/recording.h"

namespace placewright::workload {

inline constexpr std::array kOperationKinds = {
    Operation::Kind::Launch,  Operation::Kind::Fence, Operation::Kind::Wait,
    Operation::Kind::Clock,   Operation::Kind::Fill,  Operation::Kind::BeginTrace,
    Operation::Kind::EndTrace};

[[nodiscard]] constexpr std::string_view word_of(Operation::Kind kind) {
  switch (kind) {
    case Operation::Kind::Launch:
      return "launch";
    case Operation::Kind::Fence:
      return "fence";
    case Operation::Kind::Wait:
      return "wait";
    case Operation::Kind::Clock:
      return "clock";
    case Operation::Kind::Fill:
      return "fill";
    case Operation::Kind::BeginTrace:
      return "begin_trace";
    case Operation::Kind::EndTrace:
      return "end_trace";
  }
  return {};
}
[[nodiscard]] constexpr bool has_number(Operation::Kind kind) {
  return kind != Operation::Kind::Fence && kind != Operation::Kind::Clock;
}

inline constexpr std::array kPatternWords = {
    std::pair(AccessPattern::Stream, std::string_view("stream")),
    std::pair(AccessPattern::Irregular, std::string_view("irregular")),
    std::pair(AccessPattern::Atomic, std::string_view("atomic"))};

[[nodiscard]] constexpr std::string_view word_of(AccessPattern pattern) {
  for (const auto& [each, word] : kPatternWords)
    if (each == pattern) return word;
  return {};
}
[[nodiscard]] constexpr std::optional<AccessPattern> pattern_named(std::string_view text) {
  for (const auto& [each, word] : kPatternWords)
    if (word == text) return each;
  return std::nullopt;
}

}  // namespace placewright::workload
