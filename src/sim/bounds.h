// SPDX-License-Identifier: Apache-2.0
// What no mapping can be faster than: the recorded program with every task as fast as the machine can run it
// anywhere, and data everywhere without copies.
#pragma once

#include "sim/data.h"
#include "sim/machine.h"

namespace placewright::sim {

/// Seconds until everything has ended.
struct Bounds {
  /// The longest chain of tasks that use each other's data or results, on processors without end.
  double chain_s = 0;
  /// All work, divided among all processors as well as can be.
  double work_s = 0;
};

/// Tasks without a stated cost take no time.
[[nodiscard]] Bounds find_bounds(const workload::Recording& recording, const Data& data,
                                 const ModelledMachine& machine);

/// Seconds of a task on a GPU, wherever its data is: what is in the frame buffer and what is not flow at
/// the same time. Exposed for tests.
[[nodiscard]] double least_gpu_s(const TaskCost& cost, const MachineTable& machine);

}  // namespace placewright::sim
