// SPDX-License-Identifier: Apache-2.0
// Writes placements that fit no formula point by point.
#pragma once

#include <optional>
#include <string>

#include "infer/index_maps.h"

namespace placewright::infer {

/// Launches with more points get no table.
inline constexpr int64_t kLongestTable = 4096;

/// A function that returns the observed places of one domain; nullopt if it would be too long, or
/// if only some of the points allow any processor of the node.
[[nodiscard]] std::optional<std::string> table_function(const std::string& name,
                                                        machine::ProcessorKind kind,
                                                        const PlacedLaunches& launches);

/// `task.lo == (0,) && task.hi == (7,)`.
[[nodiscard]] std::string domain_condition(const machine::LaunchDomain& domain);

}  // namespace placewright::infer
