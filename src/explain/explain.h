// SPDX-License-Identifier: Apache-2.0
// The one way in: everything known of a run, to findings.
#pragma once

#include <vector>

#include "explain/finding.h"
#include "explain/observation.h"

namespace placewright::explain {

/// Arranged (finding.h), deterministic. Empty where there is nothing to say, and for a run that was
/// cancelled.
[[nodiscard]] std::vector<Finding> explain(const Observation& run);

}  // namespace placewright::explain
