// SPDX-License-Identifier: Apache-2.0
// What `check` says about a recorded program under a mapping: every decision of every launch, and whether
// its data fits. Nothing runs and nothing is timed.
#pragma once

#include <memory>

#include "machine/description.h"
#include "policy/policy.h"
#include "sim/simulate.h"
#include "support/diagnostics.h"

namespace placewright::cli {

class RecordedRun {
 public:
  /// Errors: those of sim::Simulator::make().
  [[nodiscard]] static Result<RecordedRun> make(workload::Recording recording,
                                                const machine::MachineDescription& machine);

  /// Adds an error for what would end the run, and warnings for memories that get full. `policy`: for
  /// the machine.
  void check(const policy::Policy& policy, Diagnostics& diagnostics) const;

 private:
  RecordedRun(std::unique_ptr<const workload::Recording> recording, sim::Simulator simulator)
      : recording_(std::move(recording)), simulator_(std::move(simulator)) {}

  std::unique_ptr<const workload::Recording> recording_;  ///< The simulator refers to it.
  sim::Simulator simulator_;
};

}  // namespace placewright::cli
