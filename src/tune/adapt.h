// SPDX-License-Identifier: Apache-2.0
// A run that tunes itself: mappings take turns in it within a share of its time, and it continues with
// the best.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "launch/run_application.h"
#include "support/result.h"
#include "tune/strategy.h"
#include "tune/study_store.h"

namespace placewright::tune {

/// All of them outlive the run.
struct AdaptParts {
  launch::RunRequest request;  ///< With the mapping to start from, if any.
  double share = 0.02;         ///< The part of the loop's time for exploring.
  uint64_t seed = 1;
  StrategyMaker make_strategy;
  StudyStore& store;
  std::function<void(const std::string& line)> note;
};

struct Adapted {
  launch::RunOutcome outcome;
  std::string why_not;  ///< Why nothing was explored; empty if something was.
  int mappings = 0;     ///< Tried.
  int failures = 0;
  uint64_t steps = 0;       ///< Steps of the loop, as far as they are known.
  double seconds = 0;       ///< The wall time of those.
  double lost_s = 0;        ///< More than the best mapping known then would have taken.
  double start_step_s = 0;  ///< Wall seconds of a step under the start mapping.
  double best_step_s = 0;
  std::string best_mapping;  ///< Text; empty: the start mapping.
};

/// Errors: the application could not be started, files cannot be written.
[[nodiscard]] Result<Adapted> adapt(const AdaptParts& parts);

/// A few lines for the user.
[[nodiscard]] std::string render(const Adapted& adapted, double share);

}  // namespace placewright::tune
