// SPDX-License-Identifier: Apache-2.0
// How long a task keeps a modelled CPU processor and the host's memory busy: what task_cost.h
// computes.
#pragma once

#include <algorithm>

namespace placewright {

/// Bytes moved, in each direction as seen from the processor.
struct Traffic {
  double read = 0;
  double written = 0;
};

/// The processor works and reads and writes memory at the same time.
struct CpuTime {
  double launch_s = 0;
  double compute_s = 0;  ///< Also what the most used line takes.
  Traffic system;
  Traffic zero_copy;
  double memory_s = 0;  ///< For all bytes, at the processor's own bandwidth.
  int processor = 0;    ///< Its number in its node, from 0.

  [[nodiscard]] double memory_bytes() const {
    return system.read + system.written + zero_copy.read + zero_copy.written;
  }
  /// Seconds of the task if nothing else uses the host's memory.
  [[nodiscard]] double alone_s() const { return launch_s + std::max(compute_s, memory_s); }
};

}  // namespace placewright
