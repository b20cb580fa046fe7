// SPDX-License-Identifier: Apache-2.0
// Arguments whose instance no other task may use.
#pragma once

#include "legion.h"

namespace placewright {

/// Points that fold into one instance would race, and Legion demands an instance for each of the
/// points that write the same data together.
[[nodiscard]] inline bool needs_own_instance(const Legion::RegionRequirement& requirement) {
  const bool writes_together = (requirement.prop & LEGION_COLLECTIVE_MASK) != 0 &&
                               (requirement.privilege & LEGION_WRITE_PRIV) != 0;
  return requirement.privilege == LEGION_REDUCE || writes_together;
}

}  // namespace placewright
