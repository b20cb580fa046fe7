// SPDX-License-Identifier: Apache-2.0
// Arguments whose instance must not be shared with any other task.
#pragma once

#include "legion.h"

namespace placewright::legion {

/// Points that fold into the same instance would race, and Legion requires a separate instance for
/// each point that writes the same data in a collectively mapped launch.
[[nodiscard]] inline bool needs_own_instance(const Legion::RegionRequirement& requirement) {
  const bool writes_together = (requirement.prop & LEGION_COLLECTIVE_MASK) != 0 &&
                               (requirement.privilege & LEGION_WRITE_PRIV) != 0;
  return requirement.privilege == LEGION_REDUCE || writes_together;
}

}  // namespace placewright::legion
