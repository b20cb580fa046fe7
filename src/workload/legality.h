// SPDX-License-Identifier: Apache-2.0
// Checks a mapping against a known machine and application before any run: names that the
// application does not have, tasks without a suitable variant, memories that no processor of a task
// can address, placements that fail. Instance sizes are unknown here, so only a run can test
// capacity.
#pragma once

#include <set>
#include <string>

#include "policy/policy.h"
#include "support/diagnostics.h"
#include "workload/workload.h"

namespace placewright::workload {

/// The names that an application was seen to use. Region names are those of its arguments' regions,
/// partitions and parent regions.
struct KnownNames {
  std::set<std::string> tasks;
  std::set<std::string> regions;
};

/// Warns `unknown-task` and `unknown-region` about names in rules that a run did not show, with the
/// nearest known one. `diagnostics` must be about the text of the policy's mapping.
void warn_about_unknown_names(const policy::Policy& policy, const KnownNames& known,
                              Diagnostics& diagnostics);

/// Reports against the text of the policy's mapping, so `diagnostics` must be about that file.
///
/// Errors: `no-variant` (a rule names the task and lists no kind for which the task has a variant
/// and the machine a processor), `unaddressable-memory` (a rule names the task, and no memory of
/// its list is one that the task's processors find), and whatever a placement of a launch reports.
/// Warnings: `unknown-task`, `unknown-region` (with the nearest name), and the first two where only
/// `*` rules speak, because the default mapper then decides.
void check_legality(const policy::Policy& policy, const Workload& workload,
                    Diagnostics& diagnostics);

/// Only the placements of one task's launches: every point of each of them.
void check_placements(const policy::Policy& policy, const WorkloadTask& task,
                      Diagnostics& diagnostics);

}  // namespace placewright::workload
