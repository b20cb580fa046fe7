// SPDX-License-Identifier: Apache-2.0
#include "tune/baselines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "support/statistics.h"
#include "support/try.h"
#include "tune/judging.h"

namespace placewright::tune {
namespace {

constexpr int kBaselineRuns = 3;
// What the second and third runs may take of the rest of the budget.
constexpr double kBaselineShare = 0.1;

Contender default_baseline(const Search& search) {
  Contender contender;
  contender.evaluation.origin = Origin::Default;
  contender.evaluation.fingerprint = search.defaults.fingerprint.to_string();
  contender.evaluation.decisions = search.defaults.fingerprint.text;
  contender.evaluation.checksum = search.checksum;
  contender.decisions = search.defaults.decisions;
  return contender;
}

Result<Contender> expert_baseline(const Search& search) {
  const std::string& path = search.parts.settings.expert;
  PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(path));
  const workload::Candidate expert = workload::compile_candidate(
      path, std::string(file.text()), search.space->workload(), search.space->machine());
  if (expert.policy == nullptr) return fail("the expert mapping is rejected:\n" + expert.messages);
  if (!expert.messages.empty()) search.parts.progress.note(expert.messages);
  Contender contender;
  contender.evaluation.origin = Origin::Expert;
  contender.evaluation.mapping = expert.text;
  contender.evaluation.fingerprint = expert.fingerprint.to_string();
  contender.evaluation.decisions = expert.fingerprint.text;
  contender.subject.mapping = expert.text;
  contender.decisions = expert.decisions;
  PLACEWRIGHT_TRY_VOID(verify(search, contender));
  return contender;
}

Contender handwritten_baseline(const Search& search) {
  Contender contender;
  contender.evaluation.origin = Origin::HandWritten;
  contender.subject.command = search.parts.settings.handwritten_command;
  return contender;
}

// The baselines missing from the study, ready to be timed.
Result<std::vector<Contender>> missing_baselines(const Search& search) {
  const Settings& settings = search.parts.settings;
  const auto missing = [&](Origin origin) { return search.contenders.find(origin) == nullptr; };
  std::vector<Contender> fresh;
  if (missing(Origin::Default)) fresh.push_back(default_baseline(search));
  if (!settings.expert.empty() && missing(Origin::Expert)) {
    PLACEWRIGHT_TRY(Contender expert, expert_baseline(search));
    fresh.push_back(std::move(expert));
  }
  if (!settings.handwritten_command.empty() && missing(Origin::HandWritten))
    fresh.push_back(handwritten_baseline(search));
  return fresh;
}

Result<void> learn_metric(Search& search, const RunResult& result) {
  Metric& metric = search.metric;
  if (!result.reading) return {};
  const bool is_known = metric.unit.has_value();
  PLACEWRIGHT_TRY_VOID(learn_unit(metric, *result.reading));
  if (is_known) return {};
  return search.parts.store.set_fact(kUnitFact, *metric.unit);
}

// A run of one of them.
Result<void> time_baseline(Search& search, Contender& contender) {
  const SearchParts& parts = search.parts;
  Evaluation& evaluation = contender.evaluation;
  if (evaluation.status != Status::Ok) return {};
  parts.progress.running(std::string(evaluation.origin_name()));
  PLACEWRIGHT_TRY(const RunResult result,
                  parts.evaluator.time(contender.subject, first_timeout_s(search)));
  evaluation.status = result.status;
  evaluation.message = result.message;
  evaluation.memory = result.memory;
  if (result.status == Status::Cancelled) return fail(kNothingMeasured);
  PLACEWRIGHT_TRY_VOID(check_time_left(parts, result.status, "the run of a baseline"));
  if (result.status != Status::Ok) {
    evaluation.samples.clear();
    return {};
  }
  PLACEWRIGHT_TRY_VOID(learn_metric(search, result));
  evaluation.samples.push_back(result.metric);
  search.times.walls_s.push_back(result.wall_s);
  search.times.slowest_baseline_s = std::max(search.times.slowest_baseline_s, result.wall_s);
  if (verifies_in_timing_runs(parts.settings))
    check_checksum(evaluation, result.checksum, search.checksum);
  return {};
}

// Three runs of each, so that no single one decides what a search begins with and is compared with.
// The default mapper has had one.
Result<void> time_baselines(Search& search, std::vector<Contender>& fresh) {
  const Budget& budget = search.parts.budget;
  for (int round = 0; round < kBaselineRuns; ++round) {
    const double round_s = search.times.slowest_baseline_s * static_cast<double>(fresh.size());
    if (round > 0 && (kBaselineRuns - round) * round_s > kBaselineShare * budget.remaining_s())
      return {};
    for (Contender& contender : fresh) {
      const bool has_one = contender.evaluation.origin == Origin::Default && round == 0;
      if (!has_one) PLACEWRIGHT_TRY_VOID(time_baseline(search, contender));
    }
  }
  return {};
}

Result<void> check_default(const Evaluation& evaluation) {
  if (evaluation.status == Status::Ok) return {};
  if (evaluation.status == Status::NoMetric) return fail(evaluation.message);
  return fail(fmt::format("the application fails under Legion's default mapper ({}): {}",
                          to_string(evaluation.status), evaluation.message));
}

// What a run of the command takes, and what its metric is: whichever way mappings are timed.
Result<void> time_default(Search& search, std::vector<Contender>& fresh) {
  const auto missing = std::ranges::find_if(
      fresh, [](const Contender& each) { return each.evaluation.origin == Origin::Default; });
  if (missing != fresh.end()) {
    PLACEWRIGHT_TRY_VOID(time_baseline(search, *missing));
    return check_default(missing->evaluation);
  }
  if (!search.times.walls_s.empty()) return {};
  // The study was interrupted among the baselines.
  Contender again = default_baseline(search);
  return time_baseline(search, again);
}

// Steps are timed from here on, if the program has any: returns what the first took.
Result<std::optional<RunResult>> choose_evaluator(Search& search, const StudyFacts& facts) {
  const SearchParts& parts = search.parts;
  const auto known = facts.find(kMeasuredFact);
  const bool may_step = parts.steps != nullptr && (known == facts.end() || known->second == kSteps);
  std::optional<RunResult> first;
  if (may_step) {
    parts.progress.running("looking for the program's steps");
    const Result<RunResult> begun = parts.steps->begin(known != facts.end());
    search.by_steps = begun.has_value();
    if (!begun && known != facts.end())
      return fail("the study's mappings were timed in steps of one run, and now " +
                  begun.error().message);
    if (!begun)
      parts.progress.note(
          "mappings are timed by whole runs, because the program cannot be timed "
          "in steps: " +
          begun.error().message);
    if (begun) first = *begun;
  }
  search.closing_metric = search.metric;
  if (search.by_steps) {
    search.metric = step_metric();
    search.metric.modelled = search.closing_metric.modelled;
  }
  PLACEWRIGHT_TRY_VOID(parts.store.set_fact(kMeasuredFact, search.by_steps ? kSteps : kRuns));
  // A strategy that goes on must be asked and told in the same order. Studies without the fact were
  // asked for one proposal at a time.
  const auto batch = facts.find(kBatchFact);
  if (batch != facts.end()) {
    search.batch = std::clamp(std::atoi(batch->second.c_str()), 1, kMostLanes);
  } else if (search.by_steps && known == facts.end()) {
    search.batch = std::clamp(parts.steps->lanes(), 1, kMostLanes);
    PLACEWRIGHT_TRY_VOID(parts.store.set_fact(kBatchFact, std::to_string(search.batch)));
  }
  return first;
}

// Takes the part of a visit to a baseline.
Result<void> take_visit(Evaluation& evaluation, const RunResult& result) {
  evaluation.status = result.status;
  evaluation.message = result.message;
  if (result.status == Status::Cancelled) return fail(kNothingMeasured);
  if (result.status == Status::Ok) evaluation.samples.push_back(result.metric);
  return {};
}

// So much is compared with a baseline that one visit, which a pause of the machine can spoil as a whole,
// does not end it.
bool is_clearly_slower(const Search& search, const Evaluation& evaluation, double default_cost) {
  constexpr size_t kFewest = 2;
  const std::vector<double>& samples = evaluation.samples;
  return samples.size() >= kFewest && std::ranges::all_of(samples, [&](double sample) {
           return search.metric.cost(sample) > kHopelessVisit * default_cost;
         });
}

// Replaces the samples by those of steps: `first` is the default mapper's first one. What a mapping
// cannot express has none.
Result<void> step_baselines(Search& search, std::vector<Contender>& fresh, const RunResult& first) {
  double default_cost = search.metric.cost(first.metric);
  for (Contender& contender : fresh) contender.evaluation.samples.clear();
  for (int round = 0; round < kBaselineRuns; ++round) {
    for (Contender& contender : fresh) {
      Evaluation& evaluation = contender.evaluation;
      if (evaluation.status != Status::Ok || !contender.subject.command.empty()) continue;
      const bool is_default = evaluation.origin == Origin::Default;
      if (!is_default && is_clearly_slower(search, evaluation, default_cost)) continue;
      if (is_default && round == 0) {
        PLACEWRIGHT_TRY_VOID(take_visit(evaluation, first));
        continue;
      }
      search.parts.progress.running(fmt::format("steps of {}", evaluation.origin_name()));
      Subject subject = contender.subject;
      // Much is compared with it: the first steps after a change of mappings say little.
      subject.patient = true;
      PLACEWRIGHT_TRY(const RunResult result, time(search, subject));
      PLACEWRIGHT_TRY_VOID(take_visit(evaluation, result));
      if (is_default && !evaluation.samples.empty())
        default_cost = search.metric.cost(median(evaluation.samples));
    }
  }
  return {};
}

// The others ran in steps only: estimates what whole runs of them take. The hand-written mapper is
// likely similar to the slowest.
void estimate_walls(Search& search, const std::vector<Contender>& fresh, const RunResult& first) {
  RunTimes& times = search.times;
  const double default_s = times.slowest_baseline_s;
  for (const Contender& contender : fresh) {
    const Evaluation& evaluation = contender.evaluation;
    if (evaluation.origin == Origin::Default) continue;
    double wall_s = times.slowest_baseline_s;
    if (!evaluation.samples.empty())
      wall_s = default_s * search.metric.cost(median(evaluation.samples)) /
               search.metric.cost(first.metric);
    times.walls_s.push_back(wall_s);
    times.slowest_baseline_s = std::max(times.slowest_baseline_s, wall_s);
  }
}

}  // namespace

Result<void> check_time_left(const SearchParts& parts, Status status, std::string_view what) {
  if (status != Status::Timeout || parts.budget.remaining_s() > 0) return {};
  return fail(fmt::format("the budget of {:.0f} s ended during {}", parts.budget.limit_s(), what),
              "give more with --budget");
}

Result<void> measure_baselines(Search& search, const StudyFacts& facts) {
  PLACEWRIGHT_TRY(std::vector<Contender> fresh, missing_baselines(search));
  if (!fresh.empty()) PLACEWRIGHT_TRY_VOID(time_default(search, fresh));
  PLACEWRIGHT_TRY(const auto first, choose_evaluator(search, facts));
  if (!search.by_steps) {
    PLACEWRIGHT_TRY_VOID(time_baselines(search, fresh));
  } else if (!fresh.empty()) {
    PLACEWRIGHT_TRY_VOID(step_baselines(search, fresh, *first));
    estimate_walls(search, fresh, *first);
  }
  for (Contender& contender : fresh) {
    Evaluation& evaluation = contender.evaluation;
    if (evaluation.origin == Origin::Default) PLACEWRIGHT_TRY_VOID(check_default(evaluation));
    if (search.by_steps && !contender.subject.command.empty()) {
      // It is in the closing comparison only.
      search.contenders.keep(std::move(contender));
      continue;
    }
    if (!evaluation.samples.empty()) evaluation.median = median(evaluation.samples);
    PLACEWRIGHT_TRY_VOID(record(search, std::move(contender), {}));
  }
  if (fresh.empty()) return {};
  return search.parts.store.set_fact(kWallFact, fmt::format("{}", search.times.slowest_baseline_s));
}

}  // namespace placewright::tune
