// SPDX-License-Identifier: Apache-2.0
// What a step costs in the steady state, from the steps of one visit (explore/log.h).
#pragma once

#include <optional>
#include <vector>

#include "explore/log.h"

namespace placewright::tune {

/// Seconds. The first step moves data and is never counted; nor are those before two successive steps
/// agree within a twentieth, or two pairs of steps that alternate; if none do, the later half counts.
/// A step that ended together with the one before it shares the time of both.
/// The value is the median of the rest: where steps alternate or do not agree, of the means of pairs;
/// where they are many, which are short and end in bursts, of the means of five groups. Where the
/// program measured a part of every step itself, that part counts. nullopt without a step after the
/// first.
[[nodiscard]] std::optional<double> step_seconds(const std::vector<explore::StepTime>& steps);

}  // namespace placewright::tune
