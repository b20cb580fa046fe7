// SPDX-License-Identifier: Apache-2.0
#include "tune/search.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "support/statistics.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

constexpr double kLongestRun_s = 120;
// One of nine runs can be off without deciding anything: the interval leaves out the outermost ones.
constexpr int kFinalRounds = 9;
// A correctness run and the shortest race.
constexpr int kFewestRuns = 4;
constexpr double kLargestReserve = 0.5;  // share of the budget
// A candidate that exceeds the slowest baseline by this much has lost.
constexpr double kTimeoutFactor = 1.5;
constexpr double kTimeoutSlack_s = 3;
constexpr double kShortestTimeout_s = 0.1;
constexpr double kLongestVisit_s = 30;
// The part of the budget for checking results, if so many runs fit into it. They repeat more steps
// than the correctness run of one mapping: so many times its time.
constexpr double kCheckShare = 0.1;
constexpr int kFewestChecks = 3;
constexpr double kLongerCheck = 3;
constexpr double kUnknownNoise = 0.05;  // until something ran twice

// Wall time of a timing run, estimated so far.
double run_wall_s(const Search& search) {
  const std::vector<double>& walls_s = search.times.walls_s;
  if (walls_s.empty()) return search.times.guess_s;
  // In steps those are one of each baseline, which differ, and the closing comparison runs them all.
  if (search.by_steps)
    return std::accumulate(walls_s.begin(), walls_s.end(), 0.0) /
           static_cast<double>(walls_s.size());
  return median(walls_s);
}

// Different runs of the closing comparison.
int row_count(const Search& search) {
  int count = 0;
  for (const Contender& contender : search.contenders.all()) {
    const bool runs = contender.evaluation.status == Status::Ok;
    if (runs && (is_baseline(contender.evaluation.origin) || &contender == search.incumbent))
      ++count;
  }
  // Reserve room for a mapping that beats the baselines until one is found.
  const Contender* incumbent = search.incumbent;
  return incumbent != nullptr && is_baseline(incumbent->evaluation.origin) ? count + 1 : count;
}

double shortest_closing_s(const Search& search) {
  return closing_s(search, kFewestRounds, /*with_untouched=*/false);
}

// What checking results and the closing comparison will need.
double reserve_s(const Search& search) {
  // Time of its own is for nothing else.
  const double own_s = search.parts.settings.closing_s;
  const double most_s = own_s > 0 ? own_s : kLargestReserve * search.parts.budget.limit_s();
  const double wanted_s = closing_s(search, kFinalRounds, /*with_untouched=*/true);
  return results_check_s(search) +
         std::max({own_s, std::min(wanted_s, most_s), shortest_closing_s(search)});
}

double usual_timeout_s(const Search& search) {
  return kTimeoutFactor * search.times.slowest_baseline_s + kTimeoutSlack_s;
}

// What a candidate may use without taking the shortest closing comparison's time.
double left_for_candidate_s(const Search& search) {
  return search.parts.budget.remaining_s() - shortest_closing_s(search);
}

}  // namespace

double search_limit_s(const Search& search) {
  return search.parts.budget.limit_s() - search.parts.settings.closing_s;
}

bool may_win(const Search& search, const Contender& contender) {
  const Evaluation& evaluation = contender.evaluation;
  if (evaluation.origin == Origin::Default)
    return !search.restrictions.objection(search.defaults).has_value();
  if (evaluation.origin == Origin::HandWritten) return false;
  if (evaluation.origin != Origin::Expert) return true;  // judged already
  const workload::Candidate expert = workload::compile_candidate(
      "expert.mapping", evaluation.mapping, search.space->workload(), search.space->machine());
  return expert.policy != nullptr && !search.restrictions.objection(expert);
}

double closing_s(const Search& search, int rounds, bool with_untouched) {
  const bool untouched = with_untouched && search.parts.settings.compares_untouched;
  return (row_count(search) + (untouched ? 1 : 0)) * rounds * run_wall_s(search) * 1.05 + 1;
}

Result<RunResult> time(const Search& search, const Subject& subject, int lane) {
  if (search.by_steps) return search.parts.steps->time_in(lane, subject, kLongestVisit_s);
  return search.parts.evaluator.time(subject, timeout_s(search));
}

double results_check_s(const Search& search) {
  const double run_s = kLongerCheck * search.times.correctness_s;
  const double most_s = kCheckShare * search_limit_s(search);
  const bool is_wanted = search.by_steps && run_s > 0 && kFewestChecks * run_s <= most_s;
  return is_wanted ? most_s : 0;
}

void reserve_closing(const Search& search) { search.parts.budget.reserve(reserve_s(search)); }

double first_timeout_s(const Search& search) {
  const double left_s = std::max(left_for_candidate_s(search), kShortestTimeout_s);
  const double slowest_s = search.times.slowest_baseline_s;
  if (slowest_s == 0) return std::min(left_s, kLongestRun_s);
  return std::min(left_s, 2 * usual_timeout_s(search));
}

double timeout_s(const Search& search) {
  if (search.times.slowest_baseline_s == 0) return first_timeout_s(search);
  return std::clamp(left_for_candidate_s(search), kShortestTimeout_s, usual_timeout_s(search));
}

double closing_timeout_s(const Search& search) {
  if (search.times.slowest_baseline_s == 0) return kLongestRun_s;
  // In steps only the default mapper had a whole run before.
  return (search.by_steps ? 2 : 1) * usual_timeout_s(search);
}

bool is_cut_by_budget(const Search& search) {
  return search.times.slowest_baseline_s > 0 &&
         left_for_candidate_s(search) < usual_timeout_s(search);
}

bool can_run_more(const Search& search) {
  const double run_s = run_wall_s(search);
  // Most mappings leave after one visit.
  const bool knows_races = search.by_steps && !search.times.races_s.empty();
  const double next_s = knows_races ? median(search.times.races_s) : 2 * run_s;
  return search.parts.budget.remaining_s() - reserve_s(search) >= next_s &&
         left_for_candidate_s(search) >= kFewestRuns * run_s;
}

int affordable_pairs(const Search& search, int most) {
  const double run_s = run_wall_s(search);
  if (run_s <= 0) return most;
  // The challenger's first run comes before the pairs.
  const double pairs = (left_for_candidate_s(search) - run_s) / (2 * run_s);
  return static_cast<int>(std::clamp(pairs, 1.0, static_cast<double>(most)));
}

std::optional<std::string> limit_reached(const Search& search, int more) {
  const int most = search.parts.settings.evaluations;
  if (most > 0 && search.contenders.candidates() + more >= most)
    return fmt::format("{} mappings were tried, which is the limit", most);
  if (!can_run_more(search))
    return "the rest of the budget is for the closing comparison: no further mapping is tried";
  return std::nullopt;
}

Result<void> check_budget(const Search& search) {
  const Budget& budget = search.parts.budget;
  const double needed_s = shortest_closing_s(search) + kFewestRuns * run_wall_s(search);
  if (search.contenders.candidates() > 0 || needed_s <= budget.remaining_s()) return {};
  return fail(
      fmt::format(
          "the budget of {:.0f} s is too small: {:.0f} s are used for the discovery run and "
          "the baselines, and trying one mapping and the closing comparison need {:.0f} s",
          budget.limit_s(), budget.elapsed_s(), std::ceil(needed_s)),
      fmt::format("continue with --resume and --budget {:.0f}s at least",
                  std::ceil(budget.elapsed_s() + needed_s)));
}

// The median over mappings, so that one outlier cannot hide every later gain.
double noise(const Search& search) {
  std::vector<double> spreads;
  for (const Contender& contender : search.contenders.all()) {
    const Evaluation& evaluation = contender.evaluation;
    if (evaluation.status == Status::Ok && evaluation.samples.size() >= 2)
      spreads.push_back(relative_spread(evaluation.samples));
  }
  return spreads.empty() ? kUnknownNoise : median(spreads);
}

std::string best_line(const Search& search) {
  if (search.incumbent == nullptr || search.incumbent->evaluation.samples.empty()) return "";
  const Evaluation& incumbent = search.incumbent->evaluation;
  const double best = median(incumbent.samples);
  std::string line = fmt::format("best {} ({})", search.metric.text(best), incumbent.origin_name());
  const Contender* first = search.contenders.find(Origin::Default);
  if (first != nullptr && !first->evaluation.samples.empty())
    line += fmt::format(", {:.3f} of default", best / median(first->evaluation.samples));
  return line;
}

Result<Contender*> record(Search& search, Contender contender, const ExtraSamples& extra) {
  StudyStore& store = search.parts.store;
  contender.evaluation.elapsed_s = search.parts.budget.elapsed_s();
  contender.evaluation.judged = contender.evaluation.samples.size();
  PLACEWRIGHT_TRY(contender.evaluation.id, store.add(contender.evaluation, extra));
  if (!contender.findings.empty())
    PLACEWRIGHT_TRY_VOID(store.set_findings(contender.evaluation.id, contender.findings));
  Contender& kept = search.contenders.keep(std::move(contender));
  for (Contender& each : search.contenders.all()) {
    if (extra.samples.empty() || each.evaluation.id != extra.evaluation_id) continue;
    std::vector<double>& samples = each.evaluation.samples;
    samples.insert(samples.end(), extra.samples.begin(), extra.samples.end());
  }
  if (kept.evaluation.accepted) {
    search.incumbent = &kept;
    search.races_since_incumbent = 0;
  }
  reserve_closing(search);
  search.parts.progress.evaluated(kept.evaluation, describe(kept.evaluation, search.metric),
                                  best_line(search));
  return &kept;
}

}  // namespace placewright::tune
