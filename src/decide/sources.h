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
  uint64_t memory = 0;     ///< Memory::id.
};

/// Sorts the sources, best first: those that hold more of the target, then those on a faster
/// channel, as the default mapper does by itself; then those in the memory with the larger id. The
/// runtime's own order depends on when each instance was made, which a step under another mapping can
/// change for good; a mapping must mean the same whatever was mapped before it. Instances in one
/// memory keep the caller's order reversed, as under the default mapper.
void rank_sources(std::span<CopySource> sources);

}  // namespace placewright::decide
