// SPDX-License-Identifier: Apache-2.0
// What zero-copy memory costs: GPUs reach it over the bus.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "explain/measured.h"

namespace placewright::explain {

/// A quarter of a kernel's time on the bus.
inline constexpr double kBusShare = 0.25;
/// What a bus carries where no machine file says it: PCIe 3.0 x16 (share/machines/p100x4.toml).
inline constexpr double kUsualBus = 12e9;
/// Bus accesses have to be so many times cheaper than the copies that they save: the estimate is a
/// lower bound, because a kernel may read its data more than once.
inline constexpr double kZeroCopyMargin = 2;

/// The least that GPU tasks would spend on the bus in the whole run if these regions were in
/// zero-copy memory: each point reads or writes its part once, all GPUs at the same time. Modelled
/// seconds under a machine file.
[[nodiscard]] double least_bus_s(const Measured& run, const std::set<std::string>& regions);
/// What the copies of these regions took, in the same seconds; copies into different memories go on
/// at the same time.
[[nodiscard]] double copied_s(const Measured& run, const std::set<std::string>& regions);

[[nodiscard]] std::vector<Finding> slow_zero_copy_findings(const Measured& run);

}  // namespace placewright::explain
