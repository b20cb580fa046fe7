// SPDX-License-Identifier: Apache-2.0
// How long a task keeps a modelled CPU processor and the host's memory busy: what task_cost.h
// computes.
#pragma once

#include <algorithm>

namespace placewright {

/// The processor works and reads and writes memory at the same time.
struct CpuTime {
  double launch_s = 0;
  double compute_s = 0;     ///< Also what the most used line takes.
  double memory_bytes = 0;  ///< Read and written.
  double memory_s = 0;      ///< At the processor's own bandwidth.

  /// Seconds of the task if nothing else uses the host's memory.
  [[nodiscard]] double alone_s() const { return launch_s + std::max(compute_s, memory_s); }
};

}  // namespace placewright
