// SPDX-License-Identifier: Apache-2.0
// Circuit's point tasks: their variants, and the launches with requirements in the published order.
#pragma once

#include <legion.h>

#include "problem.h"
#include "regions.h"

namespace circuit {

/// Registers the tasks, for CPUs and GPUs. Before the runtime starts; the
/// problem is the same in every process.
void register_tasks(const Problem& problem);

/// The arguments of register_tasks() and values derived from them.
[[nodiscard]] const Problem& current_problem();
[[nodiscard]] const std::vector<Superpiece>& current_superpieces();

void launch_init(Legion::Context ctx, Legion::Runtime* runtime, const Regions& regions);
/// One iteration: three index launches.
void launch_iteration(Legion::Context ctx, Legion::Runtime* runtime, const Regions& regions);
/// The sum of hash_value() over the whole state.
[[nodiscard]] Legion::Future launch_checksum(Legion::Context ctx, Legion::Runtime* runtime,
                                             const Regions& regions);

}  // namespace circuit
