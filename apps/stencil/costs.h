// SPDX-License-Identifier: Apache-2.0
// Operations and bytes of stencil's tasks, per region requirement, for the modelled machines. The
// order of requirements is the one in launches.cpp.
#pragma once

#include <placewright/task_cost.h>

#include "problem.h"

namespace stencil {

/// Source: the counts of flops_per_loop(); a cell is 8 bytes, and a value that neighbouring cells
/// read is loaded once.
[[nodiscard]] placewright::TaskCost cost_of_init(const Tile& tile);
[[nodiscard]] placewright::TaskCost cost_of_stencil(const Tile& tile);
[[nodiscard]] placewright::TaskCost cost_of_increment(const Tile& tile);

}  // namespace stencil
