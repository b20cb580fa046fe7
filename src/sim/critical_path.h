// SPDX-License-Identifier: Apache-2.0
// Why a simulated span takes as long as it does: the chain of activities of which each began when the
// one before it ended.
#pragma once

#include <string>
#include <vector>

#include "sim/labels.h"
#include "sim/machine.h"
#include "workload/recording.h"

namespace placewright::sim {

/// A part of a span.
struct Blame {
  std::string what;  ///< As words() of a label has it.
  double seconds = 0;
  double share = 0;  ///< As a part of the span.
};

/// The chain that ends with `last`, back to `since_s`, summed up by what it is; the largest part first.
/// The seconds add up to the span.
[[nodiscard]] std::vector<Blame> critical_path(const Timeline& timeline, const Labels& labels,
                                               const workload::Recording& recording,
                                               const ModelledMachine& machine, ActivityId last,
                                               double since_s);

}  // namespace placewright::sim
