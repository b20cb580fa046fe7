// SPDX-License-Identifier: Apache-2.0
#include "tune/tuner.h"

#include <algorithm>
#include <optional>
#include <string>

#include "support/try.h"
#include "tune/conclusion.h"
#include "tune/judging.h"
#include "tune/preparation.h"

namespace placewright::tune {
namespace {

constexpr int kMaxRepeats = 2000;  // consecutive proposals that were seen before

std::vector<Evaluation> mapped_baselines(const Search& search) {
  std::vector<Evaluation> baselines;
  for (const Origin origin : {Origin::Default, Origin::Expert}) {
    const Contender* const baseline = search.contenders.find(origin);
    if (baseline != nullptr && baseline->evaluation.status == Status::Ok)
      baselines.push_back(baseline->evaluation);
  }
  return baselines;
}

Result<void> begin_strategy(Search& search) {
  Contender& incumbent = *search.incumbent;
  PLACEWRIGHT_TRY_VOID(take_findings(search, incumbent));
  search.strategy->begin({incumbent.evaluation, search.space->nearest(incumbent.decisions),
                          incumbent.findings, search.metric, mapped_baselines(search), search.by_steps});
  return {};
}

/// Whether the strategy may still repeat what an earlier session tried, which costs nothing.
bool has_restored(const Search& search) {
  return std::ranges::any_of(search.contenders.all(), [&](const Contender& each) {
    return each.restored && each.evaluation.is_proposed_by(search.strategy->name());
  });
}

/// Nothing is asked whose answer could not be tried.
std::optional<std::string> why_over(const Search& search) {
  if (search.parts.stopped()) return "";
  if (has_restored(search)) return std::nullopt;
  return limit_reached(search);
}

/// Returns why it ended, in words for the user.
Result<std::string> try_candidates(Search& search) {
  int repeats_in_a_row = 0;
  while (true) {
    if (const auto over = why_over(search)) return *over;
    auto asked = search.strategy->ask();
    if (!asked && search.parts.stopped()) return "";
    PLACEWRIGHT_TRY(const std::optional<Proposal> proposal, std::move(asked));
    if (!proposal) {
      // A limit that ended a question to a model is the reason, not the model.
      return why_over(search).value_or(search.strategy->why_nothing());
    }
    PLACEWRIGHT_TRY(const std::optional<Verdict> verdict, judge(search, *proposal));
    if (!verdict) return limit_reached(search).value_or("");
    search.strategy->tell(*proposal, *verdict);
    repeats_in_a_row = verdict->repeated ? repeats_in_a_row + 1 : 0;
    if (repeats_in_a_row > kMaxRepeats) return "no new decisions to try";
  }
}

}  // namespace

Result<Report> run_search(const SearchParts& parts) {
  PLACEWRIGHT_TRY(Search search, prepare(parts));
  PLACEWRIGHT_TRY_VOID(begin_strategy(search));
  PLACEWRIGHT_TRY(const std::string over, try_candidates(search));
  if (!over.empty()) parts.progress.note(over);
  return conclude(search);
}

}  // namespace placewright::tune
