// SPDX-License-Identifier: Apache-2.0
// Times several subjects in turn, so that a drift of the machine affects all of them equally.
// Independent of what is timed.
#pragma once

#include <functional>
#include <vector>

#include "support/result.h"
#include "tune/evaluation.h"
#include "tune/report.h"

namespace placewright::tune {

struct RoundRules {
  int most = 1;                            ///< Upper limit on rounds.
  std::function<bool()> stopped;           ///< The user has asked to stop. May be empty.
  std::function<bool(int rounds)> enough;  ///< Asked after each whole round. May be empty.
};

/// Runs every row that has not failed once per round, rotating the order by one each round, and
/// appends to its samples: element i of every row comes from round i. A row is dropped after one
/// failure: it keeps status and message and loses its samples. An interrupted round does not count.
/// Returns the number of complete rounds. Errors: those of `time`.
[[nodiscard]] Result<int> run_rounds(
    std::vector<ReportRow>& rows, const RoundRules& rules,
    const std::function<Result<RunResult>(size_t row, int round)>& time);

}  // namespace placewright::tune
