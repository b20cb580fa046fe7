// SPDX-License-Identifier: Apache-2.0
// The search from beginning to end: discovery, baselines, candidates, closing comparison. Decides
// what is worth a run and when to stop, but not how to run it (evaluator.h) or what to try
// (strategy.h).
#pragma once

#include "support/result.h"
#include "tune/report.h"
#include "tune/search.h"

namespace placewright::tune {

/// One search. A store with evaluations is resumed: nothing it contains is run again.
/// Errors: those of prepare(), of the strategy and of conclude(). The store keeps everything found
/// so far.
[[nodiscard]] Result<Report> run_search(const SearchParts& parts);

}  // namespace placewright::tune
