// SPDX-License-Identifier: Apache-2.0
// Several things timed in turn, so that a drift of the machine hits all of them alike. Knows
// nothing of what is timed.
#pragma once

#include <functional>
#include <vector>

#include "support/result.h"
#include "tune/evaluation.h"
#include "tune/report.h"

namespace placewright::tune {

struct RoundRules {
  int most = 1;                            ///< Rounds.
  std::function<bool()> stopped;           ///< The user wants no more. May be empty.
  std::function<bool(int rounds)> enough;  ///< Asked after each whole round. May be empty.
};

/// Runs every row that has not failed once per round, in an order that turns by one each round, and
/// appends to its samples: element i of every row comes from round i. A row that fails once is out:
/// it keeps status and message and loses its samples. A round that is broken off does not count.
/// Gives the number of whole rounds. Errors: those of `time`.
[[nodiscard]] Result<int> run_rounds(
    std::vector<ReportRow>& rows, const RoundRules& rules,
    const std::function<Result<RunResult>(size_t row, int round)>& time);

}  // namespace placewright::tune
