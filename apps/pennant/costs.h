// SPDX-License-Identifier: Apache-2.0
// Operations and bytes of pennant's tasks, per region requirement, for the modelled machines. The
// order of requirements is the one in launches.cpp.
#pragma once

#include <placewright/task_cost.h>

#include "problem.h"

namespace pennant {

/// Additions, multiplications, divisions and square roots, counted in zones.h and points.h.
///
/// calc_everything, per side: centre 2, area 8, length 4, height 2, sums 2, divergence 6; force 18;
/// corner mass 4 and force 12. Per zone: centre 2, density 1, pressure and sound speed 9, viscosity
/// 10.
inline constexpr double kEverythingFlops = 4.0 * (24 + 18 + 16) + 22;
/// Per side: force 4, mean velocities 8, work 6, centre 2, area 8, sum 1. Per zone 6.
inline constexpr double kEverythingFullFlops = 4.0 * 29 + 6;
/// Per zone.
inline constexpr double kTimeStepFlops = 6;
/// Per point.
inline constexpr double kHalfFlops = 4;
inline constexpr double kFullFlops = 15;

/// Bytes are the fields' sizes, each field once per pass over the zones or sides (calc_everything
/// makes three). Points are read through maps, but neighbouring zones read neighbouring points:
/// private ones are loaded once per pass; ghost ones, which may lie in zero-copy memory without a
/// cache, once per end of a side. A sum costs one atomic access per corner and field.
[[nodiscard]] placewright::TaskCost cost_of_init(const Piece& piece);
[[nodiscard]] placewright::TaskCost cost_of_half(Interval points);
[[nodiscard]] placewright::TaskCost cost_of_everything(const Piece& piece);
[[nodiscard]] placewright::TaskCost cost_of_full(Interval points);
[[nodiscard]] placewright::TaskCost cost_of_everything_full(const Piece& piece);
[[nodiscard]] placewright::TaskCost cost_of_time_step(const Piece& piece);
/// The single task that chooses the next time step.
[[nodiscard]] placewright::TaskCost cost_of_global_time_step();

}  // namespace pennant
