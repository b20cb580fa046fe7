// SPDX-License-Identifier: Apache-2.0
#include "tune/rounds.h"

#include <algorithm>

#include "support/try.h"

namespace placewright::tune {
namespace {

using TimeRow = std::function<Result<RunResult>(size_t row, int round)>;

/// The result of each row, Ok with a time of 0 for one that was dropped; empty if the user stopped the
/// round.
Result<std::vector<RunResult>> run_round(std::vector<ReportRow>& rows, int round,
                                         const TimeRow& time) {
  std::vector<RunResult> taken(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t r = (i + static_cast<size_t>(round)) % rows.size();
    ReportRow& row = rows[r];
    if (row.status != Status::Ok) continue;
    PLACEWRIGHT_TRY(taken[r], time(r, round));
    if (taken[r].status == Status::Cancelled) return std::vector<RunResult>();
    row.status = taken[r].status;
    row.message = taken[r].message;
  }
  return taken;
}

void add_sample(ReportRow& row, const RunResult& result) {
  row.samples.push_back(result.metric);
  row.by_input.resize(std::max(row.by_input.size(), result.by_input.size()));
  for (size_t i = 0; i < result.by_input.size(); ++i) row.by_input[i].push_back(result.by_input[i]);
}

}  // namespace

Result<int> run_rounds(std::vector<ReportRow>& rows, const RoundRules& rules, const TimeRow& time) {
  const auto stopped = [&] { return rules.stopped && rules.stopped(); };
  int rounds = 0;
  while (rounds < rules.most && !stopped()) {
    PLACEWRIGHT_TRY(const std::vector<RunResult> taken, run_round(rows, rounds, time));
    if (taken.empty() || stopped()) break;
    for (size_t r = 0; r < rows.size(); ++r) add_sample(rows[r], taken[r]);
    ++rounds;
    if (rules.enough && rules.enough(rounds)) break;
  }
  for (ReportRow& row : rows) {
    if (row.status == Status::Ok) continue;
    row.samples.clear();
    row.by_input.clear();
  }
  return rounds;
}

}  // namespace placewright::tune
