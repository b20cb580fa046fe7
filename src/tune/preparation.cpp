// SPDX-License-Identifier: Apache-2.0
#include "tune/preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "support/statistics.h"
#include "support/try.h"
#include "tune/judging.h"
#include "tune/mapping_writer.h"

namespace placewright::tune {
namespace {

constexpr const char* kChecksumFact = "baseline_checksum";
constexpr const char* kCorrectnessFact = "correctness_wall_s";
constexpr const char* kWallFact = "baseline_wall_s";
constexpr int kBaselineRuns = 3;
// What the second and third runs may take of the rest of the budget.
constexpr double kBaselineShare = 0.1;
constexpr const char* kNothingMeasured = "stopped before anything was measured";

// `run_s` gets a guess of what a timed run takes, which is less than a discovery run.
Result<workload::Workload> known_or_discovered(const SearchParts& parts, const StudyFacts& facts,
                                               double& run_s) {
  if (const auto known = facts.find(kWorkloadFact); known != facts.end())
    return workload::workload_from_json(known->second);
  parts.progress.running("discovery run");
  const double before = parts.budget.elapsed_s();
  auto discovered = parts.evaluator.discover();
  if (!discovered && parts.budget.remaining_s() <= 0)
    return fail(fmt::format("the budget of {:.0f} s ended during the discovery run: {}",
                            parts.budget.limit_s(), discovered.error().message),
                "give more with --budget");
  PLACEWRIGHT_TRY(workload::Workload workload, std::move(discovered));
  run_s = (parts.budget.elapsed_s() - before) / 2;
  PLACEWRIGHT_TRY_VOID(parts.store.set_fact(kWorkloadFact, to_json(workload)));
  return workload;
}

Result<void> prepare_space(Search& search, const StudyFacts& facts) {
  PLACEWRIGHT_TRY(workload::Workload workload,
                  known_or_discovered(search.parts, facts, search.times.guess_s));
  const machine::MachineShape machine = workload.machine;
  search.space = std::make_unique<SearchSpace>(std::move(workload), machine);
  const SearchSpace& space = *search.space;
  search.defaults = default_candidate(space);
  if (search.defaults.policy == nullptr)
    return fail("the default mapper's decisions cannot be written as a mapping:\n" +
                search.defaults.messages);
  PLACEWRIGHT_TRY(search.restrictions,
                  Restrictions::make(search.parts.settings, search.defaults, *search.space));
  // Before the strategy, which may ask a model at once.
  PLACEWRIGHT_TRY_VOID(check_budget(search));
  PLACEWRIGHT_TRY(search.strategy, search.parts.make_strategy(space, search.parts.settings.seed));
  search.parts.progress.note(
      fmt::format("{} tasks on {}: {} decisions to make, 10^{:.1f} different mappings",
                  space.workload().tasks.size(), space.machine().to_string(), space.free_knobs(),
                  space.log10_distinct()));
  const Settings& settings = search.parts.settings;
  if (space.knobs().empty() && settings.expert.empty() && settings.handwritten_command.empty())
    return fail(
        "there is nothing to search: no decision about the program's tasks has two answers "
        "on this machine",
        "a machine with more kinds of processors or memories leaves more to decide");
  return {};
}

// An evaluation of the study with what is needed to run it again.
Contender restored(const Search& search, Evaluation evaluation) {
  Contender contender;
  contender.restored = true;
  if (evaluation.origin == Origin::HandWritten)
    contender.subject.command = search.parts.settings.handwritten_command;
  if (!evaluation.mapping.empty()) {
    contender.subject.mapping = evaluation.mapping;
    workload::Candidate candidate = workload::compile_candidate(
        "study.mapping", evaluation.mapping, search.space->workload(), search.space->machine());
    contender.decisions = std::move(candidate.decisions);
    evaluation.decisions = std::move(candidate.fingerprint.text);
  } else if (evaluation.origin == Origin::Default) {
    contender.decisions = search.defaults.decisions;
  }
  contender.evaluation = std::move(evaluation);
  return contender;
}

// A mapping that ran well can be compiled again, unless somebody has changed the study.
Result<void> check_restored(const Search& search, const Contender& contender) {
  const Evaluation& evaluation = contender.evaluation;
  const bool needs_decisions =
      evaluation.status == Status::Ok && evaluation.origin != Origin::HandWritten;
  if (!needs_decisions || contender.decisions.tasks.size() == search.space->workload().tasks.size())
    return {};
  return fail(fmt::format("the study is damaged: evaluation {} was ok, but its mapping is rejected",
                          evaluation.id));
}

Result<void> restore(Search& search, const StudyFacts& facts) {
  const StudyStore& store = search.parts.store;
  PLACEWRIGHT_TRY(std::vector<Evaluation> evaluations, store.evaluations());
  PLACEWRIGHT_TRY(auto findings, store.findings());
  double earlier_s = 0;
  for (Evaluation& evaluation : evaluations) {
    earlier_s = std::max(earlier_s, evaluation.elapsed_s);
    Contender contender = restored(search, std::move(evaluation));
    PLACEWRIGHT_TRY_VOID(check_restored(search, contender));
    if (const auto known = findings.find(contender.evaluation.id); known != findings.end()) {
      contender.findings = std::move(known->second);
      contender.explained = true;
    }
    search.contenders.keep(std::move(contender));
  }
  search.parts.budget.resume(earlier_s);
  if (const auto known = facts.find(kWallFact); known != facts.end()) {
    search.times.slowest_baseline_s = std::strtod(known->second.c_str(), nullptr);
    search.times.walls_s.push_back(search.times.slowest_baseline_s);
  }
  const size_t count = search.contenders.all().size();
  if (count > 0)
    search.parts.progress.note(fmt::format("continuing {}: {} evaluations, {:.0f} s used",
                                           store.path(), count, earlier_s));
  return {};
}

// A failure that the budget caused says nothing about the application.
Result<void> check_time_left(const SearchParts& parts, Status status, std::string_view what) {
  if (status != Status::Timeout || parts.budget.remaining_s() > 0) return {};
  return fail(fmt::format("the budget of {:.0f} s ended during {}", parts.budget.limit_s(), what),
              "give more with --budget");
}

Result<void> prepare_checksum(Search& search, const StudyFacts& facts) {
  if (const auto known = facts.find(kChecksumFact); known != facts.end()) {
    search.checksum = known->second;
    const auto wall = facts.find(kCorrectnessFact);
    if (wall != facts.end())
      search.times.correctness_s = std::strtod(wall->second.c_str(), nullptr);
    return {};
  }
  const SearchParts& parts = search.parts;
  parts.progress.running("correctness run under the default mapper");
  PLACEWRIGHT_TRY(const RunResult result, parts.evaluator.verify({}));
  if (result.status == Status::Cancelled) return fail(kNothingMeasured);
  PLACEWRIGHT_TRY_VOID(check_time_left(parts, result.status, "the correctness run"));
  if (result.status != Status::Ok)
    return fail(fmt::format("the correctness run fails under Legion's default mapper ({}): {}",
                            to_string(result.status), result.message));
  if (result.checksum.empty() && parts.settings.checksum)
    return fail(fmt::format("the correctness run prints no checksum where `{}` looks for one",
                            *parts.settings.checksum));
  if (result.checksum.empty())
    parts.progress.note("warning: the application prints no checksum, results are not verified");
  search.checksum = result.checksum;
  search.times.correctness_s = result.wall_s;
  PLACEWRIGHT_TRY_VOID(parts.store.set_fact(kCorrectnessFact, fmt::format("{}", result.wall_s)));
  return parts.store.set_fact(kChecksumFact, search.checksum);
}

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

// Runs each of them once.
Result<void> time_baselines(Search& search, std::vector<Contender>& fresh) {
  const SearchParts& parts = search.parts;
  for (Contender& contender : fresh) {
    Evaluation& evaluation = contender.evaluation;
    if (evaluation.status != Status::Ok) continue;
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
      continue;
    }
    PLACEWRIGHT_TRY_VOID(learn_metric(search, result));
    evaluation.samples.push_back(result.metric);
    search.times.walls_s.push_back(result.wall_s);
    search.times.slowest_baseline_s = std::max(search.times.slowest_baseline_s, result.wall_s);
    if (verifies_in_timing_runs(parts.settings))
      check_checksum(evaluation, result.checksum, search.checksum);
  }
  return {};
}

// With three runs of each no single one decides what a search begins with and is compared with.
Result<void> repeat_baselines(Search& search, std::vector<Contender>& fresh) {
  const Budget& budget = search.parts.budget;
  for (int round = 1; round < kBaselineRuns; ++round) {
    const double round_s = search.times.slowest_baseline_s * static_cast<double>(fresh.size());
    if ((kBaselineRuns - round) * round_s > kBaselineShare * budget.remaining_s()) return {};
    PLACEWRIGHT_TRY_VOID(time_baselines(search, fresh));
  }
  return {};
}

// Steps are timed from here on, if the program has any.
Result<void> choose_evaluator(Search& search, const StudyFacts& facts) {
  const SearchParts& parts = search.parts;
  const auto known = facts.find(kMeasuredFact);
  const bool may_step = parts.steps != nullptr && (known == facts.end() || known->second == kSteps);
  if (may_step) {
    parts.progress.running("looking for the program's steps");
    const Result<void> begun = parts.steps->begin(known != facts.end());
    search.by_steps = begun.has_value();
    if (!begun && known != facts.end())
      return fail("the study's mappings were timed in steps of one run, and now " +
                  begun.error().message);
    if (!begun)
      parts.progress.note(
          "mappings are timed by whole runs, because the program cannot be timed "
          "in steps: " +
          begun.error().message);
  }
  search.closing_metric = search.metric;
  if (search.by_steps) {
    search.metric = step_metric();
    search.metric.modelled = search.closing_metric.modelled;
  }
  return parts.store.set_fact(kMeasuredFact, search.by_steps ? kSteps : kRuns);
}

// Replaces the samples by those of steps. What a mapping cannot express has none.
Result<void> step_baselines(Search& search, std::vector<Contender>& fresh) {
  for (Contender& contender : fresh) contender.evaluation.samples.clear();
  for (int round = 0; round < kBaselineRuns; ++round) {
    for (Contender& contender : fresh) {
      Evaluation& evaluation = contender.evaluation;
      if (evaluation.status != Status::Ok || !contender.subject.command.empty()) continue;
      search.parts.progress.running(fmt::format("steps of {}", evaluation.origin_name()));
      PLACEWRIGHT_TRY(const RunResult result, time(search, contender.subject));
      evaluation.status = result.status;
      evaluation.message = result.message;
      if (result.status == Status::Cancelled) return fail(kNothingMeasured);
      if (result.status == Status::Ok) evaluation.samples.push_back(result.metric);
    }
  }
  return {};
}

Result<void> measure_baselines(Search& search, const StudyFacts& facts) {
  PLACEWRIGHT_TRY(std::vector<Contender> fresh, missing_baselines(search));
  PLACEWRIGHT_TRY_VOID(time_baselines(search, fresh));
  PLACEWRIGHT_TRY_VOID(choose_evaluator(search, facts));
  if (search.by_steps) {
    PLACEWRIGHT_TRY_VOID(step_baselines(search, fresh));
  } else {
    PLACEWRIGHT_TRY_VOID(repeat_baselines(search, fresh));
  }
  for (Contender& contender : fresh) {
    Evaluation& evaluation = contender.evaluation;
    if (evaluation.status == Status::NoMetric && evaluation.origin == Origin::Default)
      return fail(evaluation.message);
    if (evaluation.status != Status::Ok && evaluation.origin == Origin::Default)
      return fail(fmt::format("the application fails under Legion's default mapper ({}): {}",
                              to_string(evaluation.status), evaluation.message));
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

Result<void> choose_incumbent(Search& search) {
  for (Contender& contender : search.contenders.all()) {
    const Evaluation& evaluation = contender.evaluation;
    if (evaluation.status != Status::Ok || evaluation.samples.empty()) continue;
    if (evaluation.origin == Origin::HandWritten) continue;  // no mapping to begin from
    if (!is_baseline(evaluation.origin)) continue;  // kept ones come back through the search
    if (!may_win(search, contender)) continue;
    // Use the first measurement, so that a resumed study starts from the same incumbent.
    const auto cost = [&](const Contender& each) {
      return search.metric.cost(*each.evaluation.median);
    };
    if (search.incumbent == nullptr || cost(contender) < cost(*search.incumbent))
      search.incumbent = &contender;
  }
  const Contender* const first = search.contenders.find(Origin::Default);
  // Restrictions may exclude all baselines; the starting mapping then takes over.
  for (Contender& contender : search.contenders.all())
    if (search.incumbent == nullptr && &contender == first) search.incumbent = &contender;
  if (search.incumbent == nullptr || first->evaluation.status != Status::Ok)
    return fail("the study has no time of the default mapper", "start a new study");
  search.parts.progress.note(best_line(search));
  return {};
}

}  // namespace

Result<Search> prepare(const SearchParts& parts) {
  Search search{.parts = parts,
                .metric = parts.settings.metric,
                .closing_metric = parts.settings.metric,
                .open = OpenBudget(&parts.budget)};
  search.metric.modelled = search.closing_metric.modelled = !parts.settings.machine.empty();
  PLACEWRIGHT_TRY(const StudyFacts facts, parts.store.facts());
  if (const auto unit = facts.find(kUnitFact); unit != facts.end() && !search.metric.unit)
    search.metric.unit = unit->second;
  PLACEWRIGHT_TRY_VOID(prepare_space(search, facts));
  PLACEWRIGHT_TRY_VOID(restore(search, facts));
  PLACEWRIGHT_TRY_VOID(prepare_checksum(search, facts));
  PLACEWRIGHT_TRY_VOID(measure_baselines(search, facts));
  PLACEWRIGHT_TRY_VOID(choose_incumbent(search));
  reserve_closing(search);
  PLACEWRIGHT_TRY_VOID(check_budget(search));
  return search;
}

}  // namespace placewright::tune
