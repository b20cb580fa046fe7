// SPDX-License-Identifier: Apache-2.0
#include "tune/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "support/lanes.h"
#include "support/statistics.h"
#include "support/try.h"
#include "tune/forecast/forecast_phase.h"
#include "tune/mapping_writer.h"
#include "tune/race.h"

namespace placewright::tune {
namespace {

constexpr int kMaxPairs = 2;
// The part of the budget after which incumbents are not profiled any more, where trying a mapping
// costs far less than that.
constexpr double kProfileShare = 0.1;
// Visits that are far apart in time differ more than those of one mapping in a row.
constexpr double kNoiseOfVisits = 0.05;
// Where those of so many mappings differ by less, one visit shows that a mapping does not win.
constexpr double kQuiet = 0.01;
constexpr int kRepeatedMappings = 3;
// The incumbent's time is known well for so many races.
constexpr int kRacesPerSentinel = 8;
// So many proposals wait at most for those beside them that run.
constexpr int kMostWaiting = 64;

RaceRules rules_for_steps(const Search& search) {
  RaceRules rules{std::max(noise(search), kNoiseOfVisits), kMaxPairs, search.metric};
  const auto repeated = std::ranges::count_if(search.contenders.all(), [](const Contender& each) {
    return each.evaluation.status == Status::Ok && each.evaluation.samples.size() > 1;
  });
  const bool is_quiet = repeated >= kRepeatedMappings && noise(search) < kQuiet;
  rules.hopeless = is_quiet ? 1 - rules.noise / 3 : kHopelessVisit;
  rules.is_known_well = search.races_since_incumbent < kRacesPerSentinel;
  return rules;
}

// What the strategy was told of a mapping at the time. That it computes something else may have been
// found out after the search, by a run of several mappings that has no checksum of this one.
Evaluation as_told(Evaluation evaluation) {
  const bool was_found_later = evaluation.status == Status::WrongResult &&
                               evaluation.checksum.empty() && !evaluation.samples.empty();
  if (was_found_later) evaluation.status = Status::Ok;
  if (was_found_later) evaluation.message.clear();
  return evaluation;
}

// The result of decisions that were seen before.
Result<Verdict> repeat(Search& search, Contender& known, std::string_view by,
                       std::optional<double> forecast_s) {
  ++search.repeats;
  // A resumed search retraces its earlier path without runs.
  const bool is_own = known.evaluation.is_proposed_by(by);
  const bool is_retraced = std::exchange(known.restored, false) && is_own;
  if (is_retraced) known.forecast_s = forecast_s;
  if (is_retraced) take_pair(search, known);
  if (known.evaluation.accepted && is_retraced) search.incumbent = &known;
  PLACEWRIGHT_TRY_VOID(take_findings(search, known));
  return Verdict{is_retraced ? as_told(known.evaluation) : known.evaluation,
                 /*accepted=*/&known == search.incumbent, /*repeated=*/true, known.findings,
                 is_retraced};
}

/// One proposal on its way to a verdict.
struct Trial {
  Proposal proposal;
  workload::Candidate candidate;
  bool is_known = false;                 ///< Something decided like it before.
  std::optional<std::string> objection;  ///< Why it must not be tried.
  bool is_skipped = false;               ///< Its forecast says that it is not worth measuring.
  bool is_twin = false;  ///< It decides what one before it decides, which runs at the same time.
  bool is_cut = false;   ///< The search is over before it.
  Contender contender;
  ExtraSamples extra;
  std::optional<Result<RaceResult>> raced;
  [[nodiscard]] bool is_new() const { return !is_known && !objection && !is_skipped; }
  [[nodiscard]] bool will_run() const {
    return is_new() && !is_twin && !is_cut && candidate.policy != nullptr;
  }
};

Result<RaceResult> run_race(const Search& search, const Contender& contender,
                            const RaceRules& rules, int lane = 0) {
  return race([&](const Subject& subject) { return time(search, subject, lane); },
              contender.subject, search.incumbent->subject, search.incumbent->evaluation.samples,
              rules);
}

void say_running(const Search& search, const std::vector<Trial*>& trials) {
  std::string moves;
  for (const Trial* trial : trials)
    moves += (moves.empty() ? "" : " | ") + trial->contender.evaluation.move;
  search.parts.progress.running(
      fmt::format("{} {}", trials.front()->contender.evaluation.origin_name(), moves));
}

void run_races(const Search& search, const std::vector<Trial*>& trials) {
  const RaceRules rules = rules_for_steps(search);
  const size_t lanes =
      std::min(trials.size(), static_cast<size_t>(std::max(1, search.parts.steps->lanes())));
  run_in_lanes(static_cast<int>(lanes), [&](int lane) {
    for (size_t i = static_cast<size_t>(lane); i < trials.size(); i += lanes)
      trials[i]->raced = run_race(search, trials[i]->contender, rules, lane);
  });
}

/// Whether it beats the incumbent, if that is another one than it raced against.
bool is_still_better(const Search& search, const Trial& trial) {
  const Evaluation& incumbent = search.incumbent->evaluation;
  if (incumbent.id == trial.extra.evaluation_id) return true;
  const double noise = rules_for_steps(search).noise;
  return search.metric.cost(*trial.contender.evaluation.median) <
         search.metric.cost(median(incumbent.samples)) * (1 - noise / 3);
}

void take_race(Search& search, Trial& trial, RaceResult raced) {
  Evaluation& evaluation = trial.contender.evaluation;
  evaluation.status = raced.failure.status;
  evaluation.message = raced.failure.message;
  evaluation.memory = raced.failure.memory;
  trial.contender.findings = std::move(raced.failure.findings);
  evaluation.samples = std::move(raced.challenger);
  trial.extra.samples = std::move(raced.incumbent);
  search.races_since_incumbent = trial.extra.samples.empty() ? search.races_since_incumbent + 1 : 0;
  if (!evaluation.samples.empty()) evaluation.median = median(evaluation.samples);
  evaluation.accepted =
      evaluation.status == Status::Ok && raced.won && is_still_better(search, trial);
}

/// A correctness run takes as long as dozens of visits, so only a winner needs one.
Result<void> evaluate_steps(Search& search, Trial& trial) {
  // It was left out for an equal one, which has failed.
  if (!trial.raced) trial.raced = run_race(search, trial.contender, rules_for_steps(search));
  PLACEWRIGHT_TRY(RaceResult raced, *std::move(trial.raced));
  take_race(search, trial, std::move(raced));
  Evaluation& evaluation = trial.contender.evaluation;
  if (evaluation.accepted) PLACEWRIGHT_TRY_VOID(verify(search, trial.contender));
  evaluation.accepted &= evaluation.status == Status::Ok;
  return {};
}

Result<void> evaluate_runs(Search& search, Trial& trial) {
  PLACEWRIGHT_TRY_VOID(verify(search, trial.contender));
  Evaluation& evaluation = trial.contender.evaluation;
  if (evaluation.status != Status::Ok) return {};
  const SearchParts& parts = search.parts;
  say_running(search, {&trial});
  const double before = parts.budget.now_s();
  PLACEWRIGHT_TRY(RaceResult raced,
                  run_race(search, trial.contender,
                           {noise(search), affordable_pairs(search, kMaxPairs), search.metric}));
  const auto runs = static_cast<double>(raced.challenger.size() + raced.incumbent.size());
  if (runs > 0) search.times.walls_s.push_back((parts.budget.now_s() - before) / runs);
  const std::string checksum = raced.checksum;
  take_race(search, trial, std::move(raced));
  if (evaluation.status == Status::Ok && verifies_in_timing_runs(parts.settings))
    check_checksum(evaluation, checksum, search.checksum);
  evaluation.accepted &= evaluation.status == Status::Ok;
  return {};
}

Contender contender_of(const Search& search, const Proposal& proposal, std::string_view by,
                       const workload::Candidate& candidate) {
  Contender contender;
  Evaluation& evaluation = contender.evaluation;
  evaluation.strategy = by;
  evaluation.move = proposal.move;
  evaluation.parent = search.incumbent->evaluation.id;
  evaluation.mapping = candidate.text;
  contender.subject.mapping = candidate.text;
  contender.decisions = candidate.decisions;
  if (candidate.policy == nullptr) {
    evaluation.status = Status::RejectedMapping;
    evaluation.message = candidate.messages;
  } else {
    evaluation.fingerprint = candidate.fingerprint.to_string();
    evaluation.decisions = candidate.fingerprint.text;
  }
  return contender;
}

Verdict refuse(Search& search, const Proposal& proposal, const workload::Candidate& candidate,
               std::string_view by, std::string objection) {
  ++search.refused;
  Evaluation evaluation = contender_of(search, proposal, by, candidate).evaluation;
  evaluation.status = Status::RejectedMapping;
  evaluation.message = std::move(objection);
  return {std::move(evaluation)};
}

// What the simulation found is measured whatever its forecast is. `knows`: its decisions were seen
// before in this session.
void forecast(Search& search, Trial& trial, std::string_view by, bool knows) {
  if (search.forecasts == nullptr) return;
  std::optional<double>& forecast_s = trial.contender.forecast_s;
  forecast_s = search.forecasts->of(*trial.candidate.policy);
  if (!forecast_s || knows || by == kSimulated || by == kStart) return;
  const double cost = search.metric.cost(*search.incumbent->evaluation.median);
  trial.is_skipped = search.forecasts->skips(*forecast_s, cost);
}

Verdict skip(const Search& search, const Trial& trial) {
  Evaluation evaluation = trial.contender.evaluation;
  evaluation.status = Status::NotMeasured;
  evaluation.message = "its simulated step is too long for it to be faster";
  const std::optional<double>& best_s = search.incumbent->forecast_s;
  if (best_s)
    evaluation.message = fmt::format("its simulated step takes {:.2f} times the best mapping's",
                                     *trial.contender.forecast_s / *best_s);
  return {std::move(evaluation)};
}

Trial begin_trial(Search& search, const Proposal& proposal, std::string_view by) {
  Trial trial;
  trial.proposal = proposal;
  trial.candidate = workload::compile_candidate(
      "candidate.mapping",
      titled(
          fmt::format("Found by `placewright tune` ({}) for {}.", by, search.parts.settings.name),
          proposal.mapping),
      search.space->workload(), search.space->machine());
  const workload::Candidate& candidate = trial.candidate;
  const Contender* const known = search.contenders.find(candidate.text, candidate.fingerprint.text);
  trial.is_known = known != nullptr;
  if (!trial.is_known && candidate.policy != nullptr)
    trial.objection = search.restrictions.objection(candidate);
  trial.contender = contender_of(search, proposal, by, candidate);
  trial.extra = {search.incumbent->evaluation.id, {}};
  // A resumed search skips what it skipped before, also if it measured the same later. Baselines were
  // always measured before.
  const bool knows =
      known != nullptr && (!known->restored || is_baseline(known->evaluation.origin));
  if (!trial.objection && candidate.policy != nullptr) forecast(search, trial, by, knows);
  return trial;
}

/// nullopt: the search is over.
Result<std::optional<Verdict>> end_trial(Search& search, Trial& trial, std::string_view by) {
  const workload::Candidate& candidate = trial.candidate;
  if (trial.is_skipped) return skip(search, trial);
  if (Contender* known = search.contenders.find(candidate.text, candidate.fingerprint.text))
    return repeat(search, *known, by, trial.contender.forecast_s);
  if (trial.objection)
    return refuse(search, trial.proposal, candidate, by, *std::move(trial.objection));
  if (candidate.policy != nullptr) {
    PLACEWRIGHT_TRY_VOID(search.by_steps ? evaluate_steps(search, trial)
                                         : evaluate_runs(search, trial));
    // A run that the user or the budget interrupted says nothing about the mapping.
    const Status status = trial.contender.evaluation.status;
    const bool out_of_time = status == Status::Timeout && is_cut_by_budget(search);
    if (status == Status::Cancelled || out_of_time || search.parts.stopped()) return std::nullopt;
  }
  PLACEWRIGHT_TRY(Contender* const kept, record(search, std::move(trial.contender), trial.extra));
  take_pair(search, *kept);
  // Nobody is told of what the simulation found: the strategy begins with the best of it.
  if (by != kSimulated) PLACEWRIGHT_TRY_VOID(take_findings(search, *kept));
  return Verdict{kept->evaluation, kept->evaluation.accepted, /*repeated=*/false, kept->findings};
}

using Ask = std::function<Result<std::optional<Proposal>>()>;

/// Takes proposals until so many are to be run. The verdict on each of the others is known at once.
Result<std::vector<Trial>> take_trials(Search& search, const Ask& ask, int most_open, int most_runs,
                                       std::string_view by) {
  std::vector<Trial> trials;
  int fresh = 0, runs = 0;
  while (runs < most_runs && static_cast<int>(trials.size()) < most_open) {
    PLACEWRIGHT_TRY(const std::optional<Proposal> proposal, ask());
    if (!proposal) break;
    Trial trial = begin_trial(search, *proposal, by);
    trial.is_twin = std::ranges::any_of(trials, [&](const Trial& other) {
      return other.will_run() &&
             other.candidate.fingerprint.text == trial.candidate.fingerprint.text;
    });
    trial.is_cut = trial.is_new() && limit_reached(search, fresh).has_value();
    fresh += trial.is_new() ? 1 : 0;
    runs += trial.will_run() ? 1 : 0;
    trials.push_back(std::move(trial));
    if (trials.back().is_cut) break;
  }
  return trials;
}

void race_new(Search& search, std::vector<Trial>& trials) {
  std::vector<Trial*> to_race;
  for (Trial& trial : trials)
    if (trial.will_run()) to_race.push_back(&trial);
  if (!search.by_steps || to_race.empty()) return;
  say_running(search, to_race);
  const double before_s = search.parts.budget.now_s();
  run_races(search, to_race);
  search.times.races_s.push_back(search.parts.budget.now_s() - before_s);
}

Result<Judged> judge_trials(Search& search, std::vector<Trial> trials, std::string_view by) {
  race_new(search, trials);
  Judged judged;
  for (Trial& trial : trials) {
    std::optional<Verdict> verdict;
    if (!trial.is_cut) {
      PLACEWRIGHT_TRY(verdict, end_trial(search, trial, by));
    }
    judged.is_over = !verdict.has_value();
    if (judged.is_over) break;
    judged.verdicts.emplace_back(std::move(trial.proposal), *std::move(verdict));
  }
  return judged;
}

}  // namespace

Result<Judged> judge(Search& search, std::span<const Proposal> proposals, std::string_view by) {
  size_t next = 0;
  const auto ask = [&]() -> Result<std::optional<Proposal>> {
    return next < proposals.size() ? std::optional(proposals[next++]) : std::nullopt;
  };
  const auto most = static_cast<int>(proposals.size());
  PLACEWRIGHT_TRY(std::vector<Trial> trials, take_trials(search, ask, most, most, by));
  return judge_trials(search, std::move(trials), by);
}

Result<Judged> judge_next(Search& search) {
  Strategy& strategy = *search.strategy;
  const int most_open = std::min(strategy.most_open(), kMostWaiting);
  PLACEWRIGHT_TRY(std::vector<Trial> trials, take_trials(
                                                 search, [&] { return strategy.ask(); }, most_open,
                                                 search.batch, strategy.name()));
  return judge_trials(search, std::move(trials), strategy.name());
}

void take_pair(Search& search, const Contender& contender) {
  const Evaluation evaluation = as_told(contender.evaluation);
  if (contender.forecast_s && evaluation.status == Status::Ok && evaluation.median)
    search.forecasts->measured(*contender.forecast_s, search.metric.cost(*evaluation.median));
}

Result<void> take_findings(Search& search, Contender& contender) {
  const SearchParts& parts = search.parts;
  const WantedFindings wanted = search.strategy->wants_findings();
  if (contender.explained || contender.evaluation.status != Status::Ok) return {};
  if (!contender.subject.command.empty() || wanted == WantedFindings::None) return {};
  if (wanted == WantedFindings::OfIncumbents && &contender != search.incumbent) return {};
  if (parts.stopped() || !can_run_more(search)) return {};
  const bool is_costly = search.times.profiles_s > kProfileShare * search_limit_s(search);
  if (search.by_steps && is_costly && wanted == WantedFindings::OfIncumbents) return {};
  parts.progress.running(fmt::format("profile run: {} {}", contender.evaluation.origin_name(),
                                     contender.evaluation.move));
  const double before_s = parts.budget.now_s();
  PLACEWRIGHT_TRY(std::vector<explain::Finding> findings,
                  parts.evaluator.explain(contender.subject, search.space->workload()));
  search.times.profiles_s += parts.budget.now_s() - before_s;
  // An interrupted run shows nothing.
  if (parts.stopped() || (findings.empty() && parts.budget.free_s() <= 0)) return {};
  contender.findings = std::move(findings);
  contender.explained = true;
  return parts.store.set_findings(contender.evaluation.id, contender.findings);
}

Result<void> verify(const Search& search, Contender& contender) {
  const SearchParts& parts = search.parts;
  const bool is_timed_whole = verifies_in_timing_runs(parts.settings) && !search.by_steps;
  if (search.checksum.empty() || is_timed_whole) return {};
  Evaluation& evaluation = contender.evaluation;
  parts.progress.running(
      fmt::format("correctness run: {} {}", evaluation.origin_name(), evaluation.move));
  PLACEWRIGHT_TRY(const RunResult result, parts.evaluator.verify(contender.subject));
  evaluation.status = result.status;
  evaluation.message = result.message;
  evaluation.memory = result.memory;
  contender.findings = result.findings;
  if (result.status == Status::Ok) check_checksum(evaluation, result.checksum, search.checksum);
  return {};
}

bool verifies_in_timing_runs(const Settings& settings) {
  return settings.machine.empty() && settings.correctness_command.empty();
}

void check_checksum(Evaluation& evaluation, const std::string& checksum,
                    const std::string& expected) {
  evaluation.checksum = checksum;
  if (expected.empty() || checksum == expected) return;
  evaluation.status = Status::WrongResult;
  evaluation.message = checksum.empty()
                           ? "no checksum was printed"
                           : fmt::format("checksum {} instead of {}", checksum, expected);
}

}  // namespace placewright::tune
