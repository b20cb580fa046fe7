// SPDX-License-Identifier: Apache-2.0
// Pennant's tasks: their variants, and the launches with requirements in the published order.
#pragma once

#include <legion.h>

#include "physics.h"
#include "problem.h"
#include "regions.h"

namespace pennant {

/// Registers reduction and tasks, for CPUs and for GPUs. Before the runtime starts; the problem is
/// the same in every process.
void register_tasks(const Problem& problem);
/// Registers those of them that choose time steps.
void register_time_step_tasks();

/// The arguments of register_tasks() and values derived from them.
[[nodiscard]] const Problem& current_problem();
[[nodiscard]] const std::vector<Piece>& current_pieces();

/// What one cycle passes to the next.
struct TimeStep {
  Legion::Future step;     ///< The last Step.
  Legion::Future longest;  ///< The limit that the zones set for the next step: a double.
};

void launch_init(Legion::Context ctx, Legion::Runtime* runtime, const Regions& regions);
/// One cycle: a single task and seven index launches.
void launch_cycle(Legion::Context ctx, Legion::Runtime* runtime, const Regions& regions,
                  TimeStep& time);
/// The sum of hash_value() over the state.
[[nodiscard]] Legion::Future launch_checksum(Legion::Context ctx, Legion::Runtime* runtime,
                                             const Regions& regions);

}  // namespace pennant
