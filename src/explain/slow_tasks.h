// SPDX-License-Identifier: Apache-2.0
// Where processors lose time: idling, uneven load, the runtime's own work.
#pragma once

#include <vector>

#include "explain/measured.h"

namespace placewright::explain {

/// Half of the time: less is normal, because most programs wait at the ends of launches.
inline constexpr double kIdleShare = 0.5;
/// The busiest processor has a quarter more work than the mean: the others wait for a fifth of its
/// time.
inline constexpr double kImbalance = 1.25;
/// Mapper calls overlap with tasks; up to a twentieth of the time they are hidden.
inline constexpr double kMapperShare = 0.05;
/// The runtime's own processors are a bottleneck when they are hardly ever idle.
inline constexpr double kRuntimeBusy = 0.8;
/// Half of the run on one processor: no change elsewhere can then halve the time.
inline constexpr double kBusiest = 0.5;
/// Ten times the median cannot be measurement noise.
inline constexpr double kStraggler = 10;
/// Shorter stragglers change the total by less than the variation between runs.
inline constexpr double kStragglerShare = 0.05;

/// Idle processors, imbalance, mapping overhead, the busiest processor, stragglers.
[[nodiscard]] std::vector<Finding> slow_task_findings(const Measured& run);

}  // namespace placewright::explain
