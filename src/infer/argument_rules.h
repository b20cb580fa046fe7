// SPDX-License-Identifier: Apache-2.0
// Finds the fewest rules that give region arguments their observed values.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace placewright::infer {

/// A region argument of a task and the value that a rule must give it.
struct ArgumentValue {
  std::string task;
  int index = 0;
  std::vector<std::string> names;    ///< Names that rules can use, best first.
  std::optional<std::string> value;  ///< If unset, any rule is right.
};

struct ArgumentRule {
  std::vector<std::string> tasks;    ///< Empty: all.
  std::vector<std::string> regions;  ///< Names or numbers as written; empty: all.
  std::string value;
};

/// Rules, in order of precedence, that give every argument its value; an argument without a rule
/// has `unruled`. Chooses among rules for all arguments, for a region everywhere, for all arguments
/// of a task, and for single arguments so that the total is smallest.
[[nodiscard]] std::vector<ArgumentRule> cover_arguments(std::span<const ArgumentValue> arguments,
                                                        const std::string& unruled);

/// The rule as a statement of the language: `Region a, b rp_shared ` + value.
[[nodiscard]] std::string write_rule(std::string_view keyword, const ArgumentRule& rule);

}  // namespace placewright::infer
