// SPDX-License-Identifier: Apache-2.0
// Integer ids of distinct types, so that they cannot be mixed up.
#pragma once

#include <compare>
#include <cstdint>

namespace placewright {

/// An index into a table of `Tag` things. `using RegionId = StrongId<struct RegionTag>;`
template <class Tag>
struct StrongId {
  int32_t value = -1;
  friend auto operator<=>(const StrongId&, const StrongId&) = default;
};

}  // namespace placewright
