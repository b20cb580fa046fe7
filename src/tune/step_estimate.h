// SPDX-License-Identifier: Apache-2.0
// What a step costs in the steady state, from the steps of one visit (explore/log.h).
#pragma once

#include <optional>
#include <vector>

#include "explore/log.h"

namespace placewright::tune {

/// Seconds. The first step moves data and is never counted; nor are those before two successive steps
/// agree within a twentieth, or two pairs of steps that alternate. If none do, the later half counts.
/// Of the rest it is the median; of steps that alternate or do not agree, that of the means of pairs; of
/// many steps, which are short and end in bursts, that of the means of five groups in a row. Where the
/// program measured a part of every step itself, that part counts. nullopt without a step after
/// the first.
[[nodiscard]] std::optional<double> step_seconds(const std::vector<explore::StepTime>& steps);

}  // namespace placewright::tune
