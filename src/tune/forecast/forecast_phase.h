// SPDX-License-Identifier: Apache-2.0
// Forecasts in a search: simulates as many mappings as there is time for before anything is tried, and
// measures the most promising ones first.
#pragma once

#include "tune/search.h"

namespace placewright::tune {

/// The name under which mappings that it found are kept, in place of a strategy's.
inline constexpr std::string_view kSimulated = "simulated";

/// Makes search.forecasts from the study's recording, if it has one and steps are timed; else says why
/// there are none. Forecasts the baselines. Call it once they are measured.
[[nodiscard]] Result<void> prepare_forecasts(Search& search, const StudyFacts& facts);

/// Simulates mappings for a part of the budget and measures the best of them. A resumed or replayed
/// search measures none: it repeats what the study has. Without search.forecasts it does nothing.
[[nodiscard]] Result<void> try_simulated(Search& search);

}  // namespace placewright::tune
