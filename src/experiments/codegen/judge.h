// SPDX-License-Identifier: Apache-2.0
// Judges whether a run of circuit followed a strategy, based on what Legion really did: kinds and
// places of processors, memories, layouts and addresses of instances, what was kept, how many
// points were in flight. Runs nothing.
#pragma once

#include <span>
#include <string>

#include "infer/observed.h"
#include "machine/shape.h"

namespace placewright::experiments {

struct Judgement {
  bool right = false;
  size_t facts = 0;     ///< How many were compared.
  std::string message;  ///< What differs, for the author of the mapping; empty when right.
};

/// `tasks` come from a run with the shape of run_shape_of(). Everything the strategy does not
/// mention must match the starting code: memories, interleaving, processor kinds, collection.
/// `strategy` is one of 1 to 10.
[[nodiscard]] Judgement judge(int strategy, std::span<const infer::ObservedTask> tasks,
                              const machine::MachineShape& machine);

}  // namespace placewright::experiments
