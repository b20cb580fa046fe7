// SPDX-License-Identifier: Apache-2.0
// Runs a program for what explain() needs to know: once for its result and, where that was good,
// once more as a profile run, which is never timed.
#pragma once

#include <optional>
#include <string>

#include "explain/observation.h"
#include "machine/description.h"

namespace placewright::explain {

struct Observed {
  Observation run;
  /// `placewright: note: ...` lines on what could not be found out.
  std::string notes;
};

/// The request's output files (discover, decisions, profile) are not used. A profile run has no
/// traces (`-lg:no_tracing`), because a replayed trace asks no mapper. After a failure under a
/// mapping that its text alone does not explain, the same command runs without Placewright instead:
/// that shows whether the mapping is at fault. If it is, another run shows what is launched.
/// Errors: those of run_application() for the first run.
[[nodiscard]] Result<Observed> observe(const launch::RunRequest& request);

/// Only the first of the two runs.
[[nodiscard]] Result<Observed> observe_result(const launch::RunRequest& request);

/// The most that one direction of the bus between a GPU and its node can carry, in bytes per second.
[[nodiscard]] std::optional<double> peak_bus(const machine::MachineDescription& machine);

/// Notes how modelled time passes in the request's run, and how fast the machine's bus can be.
void take_times(const machine::MachineDescription& machine, const launch::RunRequest& request,
                Observation& run);

}  // namespace placewright::explain
