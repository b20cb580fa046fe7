// SPDX-License-Identifier: Apache-2.0
// Placements that no formula gives, written out point by point.
#pragma once

#include <optional>
#include <string>

#include "infer/index_maps.h"

namespace placewright::infer {

/// Launches with more points get no table.
inline constexpr int64_t kLongestTable = 4096;

/// A function that gives the observed places of one domain; nullopt where that would be too long or
/// the points differ in whether any processor of the node will do.
[[nodiscard]] std::optional<std::string> table_function(const std::string& name, ProcessorKind kind,
                                                        const PlacedLaunches& launches);

/// `task.lo == (0,) && task.hi == (7,)`.
[[nodiscard]] std::string domain_condition(const LaunchDomain& domain);

}  // namespace placewright::infer
