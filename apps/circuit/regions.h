// SPDX-License-Identifier: Apache-2.0
// The names under which circuit's tasks and data are known to Legion and to mappings.
#pragma once

#include <legion.h>

#include "physics.h"

namespace circuit {

enum NodeField : Legion::FieldID {
  kNodeCapacitance = 101,
  kNodeLeakage,
  kNodeCharge,
  kNodeVoltage,
};

enum WireField : Legion::FieldID {
  kWireIn = 201,
  kWireOut,
  kWireInductance,
  kWireResistance,
  kWireCapacitance,
  kWireCurrent,                             ///< The first of kCurrents.
  kWireVoltage = kWireCurrent + kCurrents,  ///< The first of kVoltages.
};

enum TimesField : Legion::FieldID { kUpdates = 301 };

enum TaskId : Legion::TaskID {
  kTopLevelTask = 1,
  kInitPiece,
  kCalculateNewCurrents,
  kDistributeCharge,
  kUpdateVoltages,
  kChecksumPiece,
};

/// Regions with the partitions that tasks are launched over.
struct Regions {
  Legion::LogicalRegion nodes, wires, times;
  Legion::LogicalPartition rp_private, rp_shared, rp_ghost, rp_wires, rp_times;
  Legion::IndexSpace launch_space;  ///< One point per superpiece.
};

/// Creates and names everything. Every process of a run does the same.
[[nodiscard]] Regions create_regions(Legion::Context ctx, Legion::Runtime* runtime,
                                     const Problem& problem,
                                     const std::vector<Superpiece>& superpieces);

}  // namespace circuit
