// SPDX-License-Identifier: Apache-2.0
// Says what a step of the program would take under a mapping, before anything runs.
#pragma once

#include <cstdint>
#include <memory>

#include "machine/description.h"
#include "policy/rules.h"
#include "support/result.h"
#include "workload/recording.h"

namespace placewright::tune {

class Forecaster {
 public:
  virtual ~Forecaster() = default;
  /// Seconds of a step, simulated: only their ratios say something about measured ones. `rules`: for
  /// the machine of the forecaster. Safe to call from several threads. Errors: why there is no
  /// forecast, or the mapping would end a run.
  [[nodiscard]] virtual Result<double> step_s(const policy::Rules& rules) const = 0;
  /// The same with tasks and copies that take longer or shorter, other ones for each seed.
  [[nodiscard]] virtual Result<double> varied_step_s(const policy::Rules& rules,
                                                     uint64_t seed) const = 0;
};

/// Simulates the first passes of the recorded program's main loop. Errors: those of Simulator::make().
[[nodiscard]] Result<std::unique_ptr<Forecaster>> make_forecaster(
    workload::Recording recording, const machine::MachineDescription& machine);

}  // namespace placewright::tune
