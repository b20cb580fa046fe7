// SPDX-License-Identifier: Apache-2.0
// Rules of a mapping that decide nothing for an application: because nothing has the name, because
// an earlier rule has the same key, or because more exact rules decide everywhere. Conditions are
// taken as they hold for the launches that were seen.
#pragma once

#include <vector>

#include "explain/finding.h"
#include "workload/candidate.h"

namespace placewright::explain {

/// `candidate` must have a policy; one finding per rule, of no weight.
[[nodiscard]] std::vector<Finding> dead_rule_findings(const workload::Candidate& candidate,
                                                      const workload::Workload& workload);

}  // namespace placewright::explain
