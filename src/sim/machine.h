// SPDX-License-Identifier: Apache-2.0
// A machine file as mappings and the simulator see it: processors with the memories that they reach,
// and the numbers that the virtual GPU driver has.
#pragma once

#include <placewright/machine_table.h>

#include <vector>

#include "decide/machine.h"
#include "machine/description.h"
#include "support/result.h"

namespace placewright::sim {

/// A memory by its id (decide::Memory).
struct MemoryPlace {
  machine::MemoryKind kind = machine::MemoryKind::SysMem;
  int gpu = -1;  ///< Whose frame buffer it is.
};

struct ModelledMachine {
  decide::Machine machine;
  MachineTable table;  ///< With time scale 1.
  std::vector<MemoryPlace> memories;

  [[nodiscard]] const MemoryPlace& place(uint64_t memory) const { return memories[memory - 1]; }
};

/// Errors: several nodes, of which nothing is known so far.
[[nodiscard]] Result<ModelledMachine> model_machine(const machine::MachineDescription& description);

}  // namespace placewright::sim
