// SPDX-License-Identifier: Apache-2.0
// The region for which an instance is made: that of the argument or one above it in its tree.
#pragma once

#include "decide/defaults.h"
#include "legion.h"

namespace placewright::legion {

[[nodiscard]] Legion::LogicalRegion instance_region(Legion::Mapping::MapperRuntime* runtime,
                                                    Legion::Mapping::MapperContext ctx,
                                                    Legion::LogicalRegion region,
                                                    const decide::InstanceRegionFacts& facts,
                                                    int nodes);

}  // namespace placewright::legion
