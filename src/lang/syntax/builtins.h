// SPDX-License-Identifier: Apache-2.0
// Functions that every program has. A definition in the program hides the built-in of the same
// name, so programs written before these functions existed keep their meaning.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace placewright::lang {

enum class Builtin { Min, Max, Abs, CeilDiv, Prod, Sum, Range };

struct BuiltinInfo {
  std::string_view name;
  size_t fewest_arguments;
  size_t most_arguments;  ///< 0 means any number.
  std::string_view example;
};

[[nodiscard]] const BuiltinInfo& info(Builtin builtin);
[[nodiscard]] std::optional<Builtin> find_builtin(std::string_view name);
[[nodiscard]] std::span<const std::string_view> builtin_names();

}  // namespace placewright::lang
