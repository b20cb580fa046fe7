// SPDX-License-Identifier: Apache-2.0
// Checks an agent's program before it costs a run, and says where in which decision function it is
// wrong: the error as the function's annotated source.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/program/program.h"
#include "workload/candidate.h"

namespace placewright::agent {

struct ProgramCheck {
  Candidate candidate;  ///< Of generate_mapper(); its policy is null after errors.
  /// The functions with errors, each once, in order.
  std::vector<Decision> failing;
  /// Their sources with every error below the line that it is about; empty without errors.
  std::string annotated;
  [[nodiscard]] bool ok() const { return candidate.policy != nullptr; }
};

/// Everything that compile_candidate() finds, and `misplaced-statement`: a rule in the body of
/// another function than its own, with the name of the right one.
[[nodiscard]] ProgramCheck check_program(const Program& program, const Workload& workload,
                                         const MachineShape& machine);

/// The same without the checker's rules on where a statement may stand: for mappings that were
/// not written as six bodies. Positions are those of the text.
[[nodiscard]] ProgramCheck check_mapping(const std::string& mapping, const Workload& workload,
                                         const MachineShape& machine);

}  // namespace placewright::agent
