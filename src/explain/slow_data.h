// SPDX-License-Identifier: Apache-2.0
// Where data costs time: copies, conversions of layout, instances that are made again and again,
// full memories.
#pragma once

#include <vector>

#include "explain/measured.h"

namespace placewright::explain {

/// Two percent of the run for one path and one argument.
inline constexpr double kCopyShare = 0.02;
/// Findings about copies; nobody reads more than five.
inline constexpr size_t kMostPaths = 5;
/// Made four times over: a first one per place, and some more, are normal.
inline constexpr double kRecreations = 4;
/// Fewer instances than this cost nothing worth a word.
inline constexpr uint64_t kFewestInstances = 16;
/// A tenth free: fragments and temporary buffers need it, so the next size up will not fit.
inline constexpr double kPressure = 0.9;

/// Costly copies, layout conversions, re-created instances, memory pressure.
[[nodiscard]] std::vector<Finding> slow_data_findings(const Measured& run);

}  // namespace placewright::explain
