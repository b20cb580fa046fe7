// SPDX-License-Identifier: Apache-2.0
// Integer ids of distinct types, so that they cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace placewright {

/// An index into a table of `Tag` things. `using TaskId = StrongId<struct TaskTag>;`
template <class Tag>
struct StrongId {
  int32_t value = -1;
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
};

}  // namespace placewright

template <class Tag>
struct std::hash<placewright::StrongId<Tag>> {
  size_t operator()(placewright::StrongId<Tag> id) const { return std::hash<int32_t>()(id.value); }
};
