// SPDX-License-Identifier: Apache-2.0
#include "tune/rounds.h"

#include "support/try.h"

namespace placewright::tune {
namespace {

using TimeRow = std::function<Result<RunResult>(size_t row, int round)>;

/// The time of each row, 0 for one that was dropped; empty if the user stopped the round.
Result<std::vector<double>> run_round(std::vector<ReportRow>& rows, int round,
                                      const TimeRow& time) {
  std::vector<double> taken(rows.size(), 0);
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t r = (i + static_cast<size_t>(round)) % rows.size();
    ReportRow& row = rows[r];
    if (row.status != Status::Ok) continue;
    PLACEWRIGHT_TRY(const RunResult result, time(r, round));
    if (result.status == Status::Cancelled) return std::vector<double>();
    row.status = result.status;
    row.message = result.message;
    taken[r] = result.metric;
  }
  return taken;
}

}  // namespace

Result<int> run_rounds(std::vector<ReportRow>& rows, const RoundRules& rules, const TimeRow& time) {
  const auto stopped = [&] { return rules.stopped && rules.stopped(); };
  int rounds = 0;
  while (rounds < rules.most && !stopped()) {
    PLACEWRIGHT_TRY(const std::vector<double> taken, run_round(rows, rounds, time));
    if (taken.empty() || stopped()) break;
    for (size_t r = 0; r < rows.size(); ++r) rows[r].samples.push_back(taken[r]);
    ++rounds;
    if (rules.enough && rules.enough(rounds)) break;
  }
  for (ReportRow& row : rows) {
    if (row.status != Status::Ok) row.samples.clear();
  }
  return rounds;
}

}  // namespace placewright::tune
