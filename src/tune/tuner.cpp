// SPDX-License-Identifier: Apache-2.0
#include "tune/tuner.h"

#include "support/try.h"
#include "tune/conclusion.h"
#include "tune/judging.h"
#include "tune/preparation.h"

namespace placewright::tune {
namespace {

constexpr int kMaxRepeats = 2000;  // consecutive proposals that were seen before

Result<void> begin_strategy(Search& search) {
  Contender& incumbent = *search.incumbent;
  PLACEWRIGHT_TRY_VOID(take_findings(search, incumbent));
  search.strategy->begin({incumbent.evaluation, search.space->nearest(incumbent.decisions),
                          incumbent.findings, search.metric});
  return {};
}

Result<void> try_candidates(Search& search) {
  Progress& progress = search.parts.progress;
  int repeats_in_a_row = 0;
  while (!search.parts.stopped()) {
    PLACEWRIGHT_TRY(const std::optional<Proposal> proposal, search.strategy->ask());
    if (!proposal) {
      progress.note("nothing left to try");
      return {};
    }
    PLACEWRIGHT_TRY(const std::optional<Verdict> verdict, judge(search, *proposal));
    if (!verdict) return {};
    search.strategy->tell(*proposal, *verdict);
    repeats_in_a_row = verdict->repeated ? repeats_in_a_row + 1 : 0;
    if (repeats_in_a_row > kMaxRepeats) {
      progress.note("no new decisions to try");
      return {};
    }
  }
  return {};
}

}  // namespace

Result<Report> run_search(const SearchParts& parts) {
  PLACEWRIGHT_TRY(Search search, prepare(parts));
  PLACEWRIGHT_TRY_VOID(begin_strategy(search));
  PLACEWRIGHT_TRY_VOID(try_candidates(search));
  return conclude(search);
}

}  // namespace placewright::tune
