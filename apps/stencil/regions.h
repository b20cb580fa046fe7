// SPDX-License-Identifier: Apache-2.0
// The names under which stencil's tasks and data are known to Legion and to mappings.
#pragma once

#include <legion.h>

#include "problem.h"

namespace stencil {

enum FieldId : Legion::FieldID { kInput = 101, kOutput };

enum TaskId : Legion::TaskID {
  kTopLevelTask = 1,
  kInit,
  kStencil,
  kIncrement,
  kChecksum,
};

/// Regions with the partitions that tasks are launched over; strips by Side.
struct Regions {
  Legion::LogicalRegion points;
  Legion::LogicalRegion strips[kSides];
  Legion::LogicalPartition whole, interior, exterior;
  Legion::LogicalPartition in[kSides], out[kSides];
  Legion::IndexSpace launch_space;  ///< One point per tile, x fastest.
};

/// Creates and names everything. Every process of a run does the same.
[[nodiscard]] Regions create_regions(Legion::Context ctx, Legion::Runtime* runtime,
                                     const Problem& problem, const std::vector<Tile>& tiles);

}  // namespace stencil
