// SPDX-License-Identifier: Apache-2.0
// Names of rules that stand for many: `*` within a name is any number of characters, also none.
#pragma once

#include <string_view>

namespace placewright {

[[nodiscard]] bool is_name_pattern(std::string_view name);

/// Whether the whole name is of the pattern's form.
[[nodiscard]] bool matches_pattern(std::string_view pattern, std::string_view name);

/// Whether a rule that mentions `mentioned` speaks of the name: it is the name, or its pattern.
[[nodiscard]] inline bool speaks_of(std::string_view mentioned, std::string_view name) {
  return mentioned == name || (is_name_pattern(mentioned) && matches_pattern(mentioned, name));
}

/// Whether a pattern says more than another, so that its rule comes first where both match: it has
/// more characters besides `*`; among equals the alphabet decides.
[[nodiscard]] bool is_narrower(std::string_view pattern, std::string_view other);

}  // namespace placewright
