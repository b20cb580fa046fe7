// SPDX-License-Identifier: Apache-2.0
// Writes a mapping that is equivalent to another mapper's decisions: kinds of processors, memories,
// layouts, priorities, collection and replication as the shortest set of rules, places as formulas.
// Cannot recover what leaves no trace in decisions: limits, and the reasons for decisions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "infer/observed.h"
#include "workload/workload.h"

namespace placewright::infer {

struct InferredMapping {
  std::string text;
  /// What could not be expressed, one sentence each: lower case, no period.
  std::vector<std::string> warnings;
};

/// `workload` comes from the same run; tasks that are not in it are left out. `title` becomes the
/// first comment line.
[[nodiscard]] InferredMapping infer_mapping(std::span<const ObservedTask> tasks,
                                            const workload::Workload& workload,
                                            const std::string& title);

}  // namespace placewright::infer
