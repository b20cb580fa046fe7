// SPDX-License-Identifier: Apache-2.0
// The experts' decisions (mappings/expert.mapping of the six programs) written against Legion's
// mapper interface, once for all six: what mappings in Placewright's language replace.
#pragma once

#include <legion.h>

#include <map>
#include <set>

namespace matmul {

/// A processor, counted on its node.
struct Slot {
  int64_t node = 0;
  int64_t processor = 0;
};

/// The place of a point of a launch on this many nodes with this many processors each.
using PlacePoint = Slot (*)(const Legion::DomainPoint& point, const Legion::Domain& launch,
                            int64_t nodes, int64_t processors);

/// What an algorithm needs from the mapper.
struct Placing {
  std::map<Legion::TaskID, PlacePoint> launches;
  /// Tasks that a processor maps one at a time.
  std::set<Legion::TaskID> one_in_flight;
};

/// Cannon, SUMMA, PUMMA: blocks of tiles over nodes, cyclic within a node; leaves on the node of
/// their parent.
[[nodiscard]] Placing nested_placing();
/// The same in three dimensions; the start cyclic over nodes, then processors.
[[nodiscard]] Placing solomonik_placing();
/// Blocks of the cube over all processors; the start in a line over the cube's sides.
[[nodiscard]] Placing johnson_placing();
/// The same with the line through the most cubic grid of all processors.
[[nodiscard]] Placing cosma_placing();

/// Makes every process use the mapper. Call before the runtime starts.
void install_handwritten_mapper(const Placing& placing);

}  // namespace matmul
