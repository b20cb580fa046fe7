// SPDX-License-Identifier: Apache-2.0
// A task's time that a recording brings along.
#pragma once

#include <cstdint>

#include "machine/kinds.h"

namespace placewright::workload {

/// What a task took in a profile run under the default mapper, for tasks whose application states no
/// cost.
struct MeasuredTask {
  uint32_t task = 0;  ///< A number of the workload's tasks.
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  double seconds = 0;  ///< The median of its runs.
  uint64_t count = 0;  ///< Runs.
  friend bool operator==(const MeasuredTask&, const MeasuredTask&) = default;
};

}  // namespace placewright::workload
