// SPDX-License-Identifier: Apache-2.0
// Operations and bytes of circuit's tasks, per region requirement, for the modelled machines. The
// order of requirements is the one in tasks.cpp.
#pragma once

#include <placewright/task_cost.h>

#include "problem.h"

namespace circuit {

/// Source: the counts of flops_per_loop(); bytes are the sizes of the fields. A wire end in a
/// region costs one irregular access there; a voltage is 4 bytes, a charge 8.
[[nodiscard]] placewright::TaskCost cost_of_init(const Superpiece& superpiece);
[[nodiscard]] placewright::TaskCost cost_of_currents(const Problem& problem,
                                                     const Superpiece& superpiece);
[[nodiscard]] placewright::TaskCost cost_of_charges(const Superpiece& superpiece);
[[nodiscard]] placewright::TaskCost cost_of_voltages(const Superpiece& superpiece);

}  // namespace circuit
