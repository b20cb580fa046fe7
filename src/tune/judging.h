// SPDX-License-Identifier: Apache-2.0
// What becomes of a proposal: rejected, known already, failed, or measured against the incumbent.
// What to propose is the strategy's business (strategy.h).
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "support/result.h"
#include "tune/search.h"

namespace placewright::tune {

/// Proposals with what became of them, in their order.
struct Judged {
  std::vector<std::pair<Proposal, Verdict>> verdicts;
  /// Because the budget does not suffice for another run or the user stopped it: the verdicts on the
  /// last proposals are missing.
  bool is_over = false;
};

/// Runs proposals, at the same time where the evaluator has lanes, and records them in their order. One
/// whose decisions were seen before or that the restrictions exclude is not run; of an excluded one the
/// verdict's evaluation has no id and is not kept. `by`: the strategy that they count for.
[[nodiscard]] Result<Judged> judge(Search& search, std::span<const Proposal> proposals,
                                   std::string_view by);

/// Asks the search's strategy for as many as are run at the same time, and does the same. Nothing, if
/// the strategy has no more. Errors: also those of the strategy.
[[nodiscard]] Result<Judged> judge_next(Search& search);

/// Notes what a mapping with a forecast took, if it was measured.
void take_pair(Search& search, const Contender& contender);

/// Does the profile run that the strategy asks for, once, if the budget allows it.
[[nodiscard]] Result<void> take_findings(Search& search, Contender& contender);

/// Does the correctness run, if timing runs do not show the checksum; the contender gets its status.
[[nodiscard]] Result<void> verify(const Search& search, Contender& contender);

/// Whether a timing run computes and prints the checksum.
[[nodiscard]] bool verifies_in_timing_runs(const Settings& settings);

/// Makes the evaluation a WrongResult if there is an `expected` checksum and this is another.
void check_checksum(Evaluation& evaluation, const std::string& checksum,
                    const std::string& expected);

}  // namespace placewright::tune
