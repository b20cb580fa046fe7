// SPDX-License-Identifier: Apache-2.0
// Whether a run of circuit did what a strategy asks for, from what Legion really did: kinds and
// places of processors, memories, layouts and addresses of instances, what was kept, how many
// points were in flight. Does not run anything.
#pragma once

#include <span>
#include <string>

#include "infer/observed.h"
#include "machine/shape.h"

namespace placewright::experiments {

struct Judgement {
  bool right = false;
  size_t facts = 0;     ///< How many were compared.
  std::string message;  ///< What differs, for whoever wrote the mapping; empty when right.
};

/// `tasks` are those of a run as run_shape_of() says. What the strategy does not speak of must be
/// as the starting code has it: memories, interleaving, kinds of processors, what is collected.
/// `strategy` is one of 1 to 10.
[[nodiscard]] Judgement judge(int strategy, std::span<const infer::ObservedTask> tasks,
                              const MachineShape& machine);

}  // namespace placewright::experiments
