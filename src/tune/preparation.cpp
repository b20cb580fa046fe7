// SPDX-License-Identifier: Apache-2.0
#include "tune/preparation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "support/statistics.h"
#include "support/try.h"
#include "tune/baselines.h"
#include "tune/forecast/forecast_phase.h"
#include "tune/mapping_writer.h"

namespace placewright::tune {
namespace {

constexpr const char* kChecksumFact = "baseline_checksum";
constexpr const char* kCorrectnessFact = "correctness_wall_s";

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
  PLACEWRIGHT_TRY_VOID(parts.store.set_fact(kRecordingFact, parts.evaluator.recording()));
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
  PLACEWRIGHT_TRY(const StudyFacts known, parts.store.facts());
  PLACEWRIGHT_TRY_VOID(prepare_forecasts(search, known));
  reserve_closing(search);
  PLACEWRIGHT_TRY_VOID(check_budget(search));
  return search;
}

}  // namespace placewright::tune
