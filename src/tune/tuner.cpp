// SPDX-License-Identifier: Apache-2.0
#include "tune/tuner.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "support/try.h"
#include "tune/conclusion.h"
#include "tune/forecast/forecast_phase.h"
#include "tune/judging.h"
#include "tune/preparation.h"
#include "tune/results_check.h"

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

/// Measures the starting mapping. It becomes the incumbent where the user has named it, however fast
/// it is, and where no baseline may be: candidates are compared with what they change.
Result<void> judge_start(Search& search) {
  const std::string& mapping = search.restrictions.start();
  if (mapping.empty()) return {};
  const bool is_needed = !may_win(search, *search.incumbent);
  const Proposal proposal{mapping, "where the search begins"};
  PLACEWRIGHT_TRY(const Judged judged, judge(search, {&proposal, 1}, kStart));
  if (judged.verdicts.empty())
    return is_needed ? Result<void>(fail("stopped before the starting mapping was measured"))
                     : Result<void>();
  const Verdict& verdict = judged.verdicts.front().second;
  const Evaluation& evaluation = verdict.evaluation;
  if (!verdict.ok()) {
    const std::string problem = fmt::format("the starting mapping fails ({}): {}",
                                            to_string(evaluation.status), evaluation.message);
    if (is_needed) return fail(problem);
    search.parts.progress.note(problem);
    return {};
  }
  if (is_needed || !search.parts.settings.start.name.empty())
    search.incumbent = search.contenders.find(evaluation.mapping, evaluation.decisions);
  return {};
}

Result<void> begin_strategy(Search& search) {
  PLACEWRIGHT_TRY_VOID(judge_start(search));
  PLACEWRIGHT_TRY_VOID(try_simulated(search));
  Contender& incumbent = *search.incumbent;
  PLACEWRIGHT_TRY_VOID(take_findings(search, incumbent));
  search.strategy->begin({incumbent.evaluation, search.space->nearest(incumbent.decisions),
                          incumbent.findings, search.metric, mapped_baselines(search),
                          search.by_steps});
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
    auto next = judge_next(search);
    if (!next && search.parts.stopped()) return "";
    PLACEWRIGHT_TRY(const Judged judged, std::move(next));
    for (const auto& [proposal, verdict] : judged.verdicts) {
      search.strategy->tell(proposal, verdict);
      // What a resumed or replayed search comes by again ran then.
      const bool ran = verdict.retraced || (!verdict.repeated && verdict.evaluation.id != 0);
      repeats_in_a_row = ran ? 0 : repeats_in_a_row + 1;
    }
    if (judged.is_over) return limit_reached(search).value_or("");
    if (judged.verdicts.empty()) {
      // A limit that ended a question to a model is the reason, not the model.
      return why_over(search).value_or(search.strategy->why_nothing());
    }
    if (repeats_in_a_row > kMaxRepeats) return "no new decisions to try";
  }
}

}  // namespace

Result<Report> run_search(const SearchParts& parts) {
  PLACEWRIGHT_TRY(Search search, prepare(parts));
  PLACEWRIGHT_TRY_VOID(begin_strategy(search));
  PLACEWRIGHT_TRY(const std::string over, try_candidates(search));
  if (!over.empty()) parts.progress.note(over);
  if (search.refused > 0)
    parts.progress.note(fmt::format(
        "{} proposals were not tried: they contradict --pin, --only or --except", search.refused));
  PLACEWRIGHT_TRY(const ResultsCheck results, check_results(search));
  PLACEWRIGHT_TRY(Report report, conclude(search));
  report.results = results;
  return report;
}

}  // namespace placewright::tune
