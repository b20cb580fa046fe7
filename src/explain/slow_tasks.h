// SPDX-License-Identifier: Apache-2.0
// Where processors lose time: idle, unevenly loaded, with tasks too small or too large for them,
// with the runtime's own work.
#pragma once

#include <vector>

#include "explain/measured.h"

namespace placewright::explain {

/// Half of the time: below, waiting at the ends of launches is what most programs show.
inline constexpr double kIdleShare = 0.5;
/// The most loaded processor has a quarter more than the mean: a fifth of its time the others wait.
inline constexpr double kImbalance = 1.25;
/// A kernel launch takes 5 to 10 us (share/machines/p100x4.toml has the sources), so of a kernel of 10 us
/// at least half is the launch.
inline constexpr double kSmallKernel_s = 10e-6;
/// Ten kernel launches of 5 us: on a GPU the launch would be a tenth at most of what the task takes
/// now.
inline constexpr double kLargeForCpu_s = 50e-6;
/// Mapper calls run beside the tasks; up to a twentieth they hide behind them.
inline constexpr double kMapperShare = 0.05;
/// The runtime's own processors are a bottleneck when they have hardly a break.
inline constexpr double kRuntimeBusy = 0.8;
/// Half of the run on one processor: then no change elsewhere can halve the time.
inline constexpr double kBusiest = 0.5;
/// Ten times the median is no spread of a measurement.
inline constexpr double kStraggler = 10;
/// Shorter ones change the whole by less than runs differ.
inline constexpr double kStragglerShare = 0.05;

/// Idle processors, imbalance, small tasks, slow processors, mapping overhead, the busiest
/// processor, stragglers.
[[nodiscard]] std::vector<Finding> slow_task_findings(const Measured& run);

}  // namespace placewright::explain
