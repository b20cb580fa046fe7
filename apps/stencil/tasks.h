// SPDX-License-Identifier: Apache-2.0
// Stencil's point tasks: their variants, and the launches with requirements in the published order.
#pragma once

#include <legion.h>

#include "problem.h"
#include "regions.h"

namespace stencil {

/// Registers the tasks, for CPUs and for GPUs. Before the runtime starts; the problem is the same
/// in every process.
void register_tasks(const Problem& problem);

/// Values derived from the problem passed to register_tasks().
[[nodiscard]] const std::vector<Tile>& current_tiles();

void launch_init(Legion::Context ctx, Legion::Runtime* runtime, const Regions& regions);
/// One iteration: two index launches.
void launch_iteration(Legion::Context ctx, Legion::Runtime* runtime, const Regions& regions);
/// The sum of hash_value() over all inputs and outputs.
[[nodiscard]] Legion::Future launch_checksum(Legion::Context ctx, Legion::Runtime* runtime,
                                             const Regions& regions);

}  // namespace stencil
