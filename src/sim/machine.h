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
  int node = 0;
  int gpu = -1;  ///< Whose frame buffer it is, of the node's.
};

struct ModelledMachine {
  decide::Machine machine;
  MachineTable table;  ///< Each node has one; with time scale 1.
  int cores = 0;       ///< As MachineDescription::cores().
  std::vector<MemoryPlace> memories;

  [[nodiscard]] const MemoryPlace& place(uint64_t memory) const { return memories[memory - 1]; }
  /// What Realm says of copies between two memories, in MB/s; 0 if it knows no channel. It only ranks
  /// sources.
  [[nodiscard]] unsigned reported_bandwidth(uint64_t from, uint64_t to) const;
};

/// Nodes are alike. `runtime_cost`: the runtime's work takes time; the description has it. Errors: those
/// of the table.
[[nodiscard]] Result<ModelledMachine> model_machine(const machine::MachineDescription& description,
                                                    bool runtime_cost, machine::RangeEnd end);

}  // namespace placewright::sim
