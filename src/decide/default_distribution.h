// SPDX-License-Identifier: Apache-2.0
// Where Legion's default mapper sends launches that no rule places. Read off the behaviour of
// mappers/default_mapper of Legion 25.12.
#pragma once

#include <array>
#include <map>
#include <vector>

#include "decide/launch.h"

namespace placewright::decide {

/// Blocks per dimension that divide a domain among processors: the prime factors of their number,
/// from the largest down, each on the dimension whose blocks are longest by then.
[[nodiscard]] std::array<int64_t, machine::kMaxDim> default_blocks(
    int64_t processors, const machine::LaunchDomain& domain);

struct DefaultSlice {
  machine::LaunchDomain box;
  size_t processor = 0;  ///< Index among the processors.
};
/// The slices of a dense launch domain: blocks, first coordinate fastest, dealt to the processors
/// in turn. Empty blocks are left out.
[[nodiscard]] std::vector<DefaultSlice> default_slices(const machine::LaunchDomain& domain,
                                                       size_t processors);
/// Whether the slices stay on the node: the parent's shards divide the launch already, or the
/// launcher wishes it.
[[nodiscard]] bool default_slices_stay_local(const LaunchInfo& launch);

/// The processors to which one mapper object sends tasks in turn.
class DefaultInitialProcessors {
 public:
  DefaultInitialProcessors(const ProcessorPlace& local, const machine::MachineShape& machine)
      : local_(local), machine_(&machine) {}

  /// Where a task of this kind starts: index launches and the top-level task on the mapper's own
  /// processor if it is of the kind, else on one of its node; tasks of the top-level task all over
  /// the machine, except for IO; deeper ones on the node.
  [[nodiscard]] ProcessorPlace next(const LaunchInfo& launch, machine::ProcessorKind kind);

 private:
  [[nodiscard]] ProcessorPlace next_local(machine::ProcessorKind kind);
  [[nodiscard]] ProcessorPlace next_global(machine::ProcessorKind kind);

  ProcessorPlace local_;
  const machine::MachineShape* machine_;
  std::map<machine::ProcessorKind, int> next_local_;
  std::map<machine::ProcessorKind, int> next_global_;
};

}  // namespace placewright::decide
