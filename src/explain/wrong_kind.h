// SPDX-License-Identifier: Apache-2.0
// Tasks that are too small or too large for the kind of processor that they run on. A kind on which
// the task has been slower in another run is never advised.
#pragma once

#include <vector>

#include "explain/measured.h"

namespace placewright::explain {

/// A kernel launch takes 5 to 10 us (share/machines/p100x4.toml has the sources), so the launch is
/// at least half of a kernel of 10 us.
inline constexpr double kSmallKernel_s = 10e-6;
/// Ten kernel launches of 5 us: on a GPU the launch would take at most a tenth of the task's
/// present time.
inline constexpr double kLargeForCpu_s = 50e-6;

/// Small tasks and slow processors.
[[nodiscard]] std::vector<Finding> wrong_kind_findings(const Measured& run);

}  // namespace placewright::explain
