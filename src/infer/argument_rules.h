// SPDX-License-Identifier: Apache-2.0
// The fewest rules that give region arguments the values they were seen with.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace placewright::infer {

/// A region argument of a task with what a rule for it would have to say.
struct ArgumentValue {
  std::string task;
  int index = 0;
  std::vector<std::string> names;    ///< Names that rules can use, best first.
  std::optional<std::string> value;  ///< Without one any rule will do.
};

struct ArgumentRule {
  std::vector<std::string> tasks;    ///< Empty: all.
  std::vector<std::string> regions;  ///< Names or numbers as they are written; empty: all.
  std::string value;
};

/// Rules in an order of precedence that gives every argument its value where an argument without a
/// rule has `unruled`. Of rules for all arguments, for a region everywhere, for all arguments of a
/// task, and for single arguments the ones are taken that leave the fewest.
[[nodiscard]] std::vector<ArgumentRule> cover_arguments(std::span<const ArgumentValue> arguments,
                                                        const std::string& unruled);

/// The rule as a statement of the language: `Region a, b rp_shared ` + value.
[[nodiscard]] std::string write_rule(std::string_view keyword, const ArgumentRule& rule);

}  // namespace placewright::infer
