// SPDX-License-Identifier: Apache-2.0
// From which valid instance the data of a new one is copied.
#pragma once

#include <cstdint>
#include <span>

namespace placewright::decide {

struct CopySource {
  uint32_t number = 0;     ///< The caller's.
  unsigned bandwidth = 0;  ///< From its memory to the target's; 0 if there is no channel.
  uint64_t shared = 0;     ///< Points of the target that it holds.
  uint64_t last_use = 0;   ///< RecentUses::last() of the instance.
};

/// Sorts the sources, best first: those that hold more of the target, then those on a faster
/// channel, as the default mapper does by itself; then those that a task used last. Ties keep the
/// caller's order reversed, as it does.
void rank_sources(std::span<CopySource> sources);

}  // namespace placewright::decide
