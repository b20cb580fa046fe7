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
  PLACEWRIGHT_TRY(const std::vector<Verdict> verdicts, judge(search, {&proposal, 1}, kStart));
  if (verdicts.empty())
    return is_needed ? Result<void>(fail("stopped before the starting mapping was measured"))
                     : Result<void>();
  const Evaluation& evaluation = verdicts.front().evaluation;
  if (!verdicts.front().ok()) {
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

/// As many proposals as are tried at the same time; fewer if the strategy has no more.
Result<std::vector<Proposal>> ask_batch(Search& search) {
  const int most = std::min(search.batch, search.strategy->most_open());
  std::vector<Proposal> batch;
  while (static_cast<int>(batch.size()) < most) {
    PLACEWRIGHT_TRY(std::optional<Proposal> proposal, search.strategy->ask());
    if (!proposal) break;
    batch.push_back(*std::move(proposal));
  }
  return batch;
}

/// Returns why it ended, in words for the user.
Result<std::string> try_candidates(Search& search) {
  int repeats_in_a_row = 0;
  while (true) {
    if (const auto over = why_over(search)) return *over;
    auto asked = ask_batch(search);
    if (!asked && search.parts.stopped()) return "";
    PLACEWRIGHT_TRY(const std::vector<Proposal> batch, std::move(asked));
    if (batch.empty()) {
      // A limit that ended a question to a model is the reason, not the model.
      return why_over(search).value_or(search.strategy->why_nothing());
    }
    PLACEWRIGHT_TRY(const std::vector<Verdict> verdicts, judge(search, batch));
    for (size_t i = 0; i < verdicts.size(); ++i) {
      search.strategy->tell(batch[i], verdicts[i]);
      // What a resumed or replayed search comes by again ran then.
      const bool ran =
          verdicts[i].retraced || (!verdicts[i].repeated && verdicts[i].evaluation.id != 0);
      repeats_in_a_row = ran ? 0 : repeats_in_a_row + 1;
    }
    if (verdicts.size() < batch.size()) return limit_reached(search).value_or("");
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
