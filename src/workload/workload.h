// SPDX-License-Identifier: Apache-2.0
// What an application does, as one discovery run saw it: tasks with their variants and region
// arguments, and launches. The file is versioned JSON. Costs, pieces and program order are not part
// of this first form.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "machine/domain.h"
#include "machine/kinds.h"
#include "machine/privilege.h"
#include "machine/shape.h"
#include "support/result.h"

namespace placewright::workload {

inline constexpr int kWorkloadVersion = 1;

/// One region requirement of a task, in the order of the launcher.
struct WorkloadArgument {
  /// Names that rules can use, best first; may be empty.
  std::vector<std::string> names;
  machine::Privilege privilege = machine::Privilege::None;
  int dim = 0;         ///< Dimensions of the index space.
  int fields = 0;      ///< Number of privilege fields.
  uint64_t bytes = 0;  ///< Largest size over all points: volume x field sizes.
  /// What variants demand of its instances, as "GPU: AOS F_order". The file has it only where there
  /// is something.
  std::vector<std::string> demands = {};
  friend bool operator==(const WorkloadArgument&, const WorkloadArgument&) = default;
};

struct WorkloadLaunch {
  bool index = false;
  machine::LaunchDomain domain;  ///< Index launches only.
  uint64_t count = 0;            ///< How often this launch was seen.
  uint64_t tag = 0;              ///< The launcher's mapping tag.
  int depth = 0;                 ///< The task's depth; the top-level task's is 0.
  uint64_t mapper = 0;           ///< The launcher's mapper id.
  friend bool operator==(const WorkloadLaunch&, const WorkloadLaunch&) = default;
};

struct WorkloadTask {
  std::string name;
  std::vector<machine::ProcessorKind> variants;
  bool inner = false;  ///< Launches others and touches no data itself.
  std::vector<WorkloadArgument> arguments;
  std::vector<WorkloadLaunch> launches;
  friend bool operator==(const WorkloadTask&, const WorkloadTask&) = default;
};

struct Workload {
  machine::MachineShape machine;
  std::vector<WorkloadTask> tasks;  ///< Sorted by name.
};

[[nodiscard]] std::string to_json(const Workload& workload);
/// Errors: not JSON, another version, a missing or mistyped member (named by its path).
[[nodiscard]] Result<Workload> workload_from_json(const std::string& text);

/// Without the launches of these mappers, and without the tasks that have no others.
[[nodiscard]] Workload without_mappers(Workload workload, const std::set<uint64_t>& mappers);

/// Whether two launches are equal except for their counts.
[[nodiscard]] bool same_launch(const WorkloadLaunch& a, const WorkloadLaunch& b);

/// Merges the workloads of several processes of one run. Equal tasks, arguments or launches become
/// one with the largest size and count, because replicated processes see the same launches. The
/// machine is that of the first. Errors: nothing to merge, or machines that differ.
[[nodiscard]] Result<Workload> merge(std::span<const Workload> parts);

}  // namespace placewright::workload
