// SPDX-License-Identifier: Apache-2.0
// Checks an agent's program before it costs a run. Errors are shown as the annotated source of the
// decision function that contains them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/program/program.h"
#include "workload/candidate.h"

namespace placewright::agent {

struct ProgramCheck {
  workload::Candidate
      candidate;  ///< Compiled from generate_mapper(); its policy is null after errors.
  /// The functions with errors, each once, in order.
  std::vector<Decision> failing;
  /// Their sources with every error below its line; empty without errors.
  std::string annotated;
  [[nodiscard]] bool ok() const { return candidate.policy != nullptr; }
};

/// Reports everything that compile_candidate() finds, and `misplaced-statement` for a rule in the
/// wrong function's body, with the name of the right one.
[[nodiscard]] ProgramCheck check_program(const Program& program, const workload::Workload& workload,
                                         const machine::MachineShape& machine);

/// The same without the `misplaced-statement` check, for mappings that were not written as six
/// bodies. Positions refer to the text.
[[nodiscard]] ProgramCheck check_mapping(const std::string& mapping,
                                         const workload::Workload& workload,
                                         const machine::MachineShape& machine);

}  // namespace placewright::agent
