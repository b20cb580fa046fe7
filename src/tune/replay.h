// SPDX-License-Identifier: Apache-2.0
// Replays a recorded study: the strategy proposes, the study answers. Nothing is run and no model
// is asked.
#pragma once

#include <string>

#include "tune/settings.h"
#include "tune/strategy.h"
#include "tune/study_store.h"

namespace placewright::tune {

struct Replay {
  int recorded = 0;    ///< Candidates of the study.
  int reproduced = 0;  ///< How many were proposed again in the recorded order.
  /// Why the replay ended before the last candidate; empty if it did not.
  std::string stopped_by;
  [[nodiscard]] bool is_complete() const { return reproduced == recorded; }
};

/// `store` should be a copy, because a model that the strategy asks may record its calls there.
/// Errors: a study without a discovery run and baselines.
[[nodiscard]] Result<Replay> replay(const Settings& settings, StudyStore& store,
                                    const StrategyMaker& maker);

}  // namespace placewright::tune
