// SPDX-License-Identifier: Apache-2.0
// A sequential implementation of pennant on the mesh as it is, without pieces and maps, to verify
// runs.
#pragma once

#include <cstdint>
#include <vector>

#include "problem.h"

namespace pennant {

/// What a run prints as CHECKSUM.
[[nodiscard]] uint64_t sequential_checksum(const Problem& problem);

/// What the equations keep: checked by tests, cycle by cycle.
struct Totals {
  double zone_mass = 0;   ///< Mass of all zones.
  double point_mass = 0;  ///< Mass of all points, which is what moves.
  double energy = 0;      ///< Internal and kinetic.
  double fastest = 0;     ///< The largest velocity of a point.
  double dt = 0;          ///< The time step that led here.
};

/// Before the first cycle (without point_mass, which cycles compute), and after each one.
[[nodiscard]] std::vector<Totals> sequential_totals(const Problem& problem);

}  // namespace pennant
