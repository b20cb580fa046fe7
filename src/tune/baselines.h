// SPDX-License-Identifier: Apache-2.0
// What a search compares candidates with: the default mapper, the expert mapping, the hand-written
// mapper. Decides on the way whether mappings are timed in steps or by whole runs.
#pragma once

#include <string_view>

#include "support/result.h"
#include "tune/search.h"
#include "tune/study_store.h"

namespace placewright::tune {

/// The study's fact: wall seconds of a run of the slowest baseline.
inline constexpr const char* kWallFact = "baseline_wall_s";
inline constexpr const char* kNothingMeasured = "stopped before anything was measured";

/// Error: the budget caused a run to fail, which says nothing about the application.
[[nodiscard]] Result<void> check_time_left(const SearchParts& parts, Status status,
                                           std::string_view what);
/// Measures the baselines that the study lacks and keeps them. Errors: the default mapper or the
/// expert mapping cannot be measured, the budget or the user ended it.
[[nodiscard]] Result<void> measure_baselines(Search& search, const StudyFacts& facts);

}  // namespace placewright::tune
