// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/forecast_phase.h"

#include <fmt/format.h>

#include <algorithm>

#include "machine/load.h"
#include "support/try.h"
#include "tune/forecast/finalists.h"
#include "tune/judging.h"
#include "tune/mapping_writer.h"

namespace placewright::tune {
namespace {

/// The part of the budget for simulation.
constexpr double kSimulationShare = 0.1;
/// The part of the budget, and of the mappings that may be tried, for measuring what was found.
constexpr double kMeasuringShare = 0.35;
constexpr int kMostMeasured = 24;
constexpr int kFewestMeasured = 6;

Result<std::unique_ptr<Forecaster>> forecaster_of(const Search& search, const std::string& json) {
  const Settings& settings = search.parts.settings;
  PLACEWRIGHT_TRY(workload::Recording recording, workload::recording_from_json(json));
  PLACEWRIGHT_TRY(const auto machine, machine::read_machine(settings.machine));
  return make_forecaster(std::move(recording), machine);
}

/// Returns what was found, the best first.
Result<std::vector<Finalist>> simulate(Search& search) {
  const SearchParts& parts = search.parts;
  PLACEWRIGHT_TRY(const ForecastBase base, forecast_base(*search.space, search.defaults));
  const std::vector<Assignment> others = {search.space->nearest(search.incumbent->decisions)};
  const Forecaster& forecaster = search.forecasts->forecaster();
  ForecastSearch found(*search.space, forecaster, base, others, parts.settings.seed);
  const double begin_s = parts.budget.now_s();
  const auto is_over = [&](double share) {
    const double end_s = begin_s + share * kSimulationShare * search_limit_s(search);
    return parts.stopped() || parts.budget.now_s() >= end_s;
  };
  found.run(
      usable_threads(), [&] { return is_over(1 - kFinalistShare); },
      [&](size_t count) { parts.progress.running(fmt::format("simulation: {} mappings", count)); });
  search.forecasts->simulated(found.all(), found.failed(), found.is_exhausted());
  parts.progress.note(fmt::format("{} mappings were simulated{}", found.count(),
                                  found.is_exhausted() ? ", all that can be reached" : ""));
  return rank_finalists(found.best(), *search.space, base, forecaster, usable_threads(),
                        [&] { return is_over(1); });
}

/// The mappings that an earlier session measured, in their order.
std::vector<Proposal> recorded_proposals(Search& search) {
  std::vector<Proposal> proposals;
  for (const Contender& each : search.contenders.all())
    if (each.restored && each.evaluation.is_proposed_by(kSimulated))
      proposals.push_back({untitled(each.evaluation.mapping), each.evaluation.move});
  return proposals;
}

/// False: the search is over.
Result<bool> judge_in_batches(Search& search, std::span<const Proposal> proposals) {
  const auto batch = static_cast<size_t>(std::max(1, search.batch));
  for (size_t i = 0; i < proposals.size(); i += batch) {
    const auto some = proposals.subspan(i, std::min(batch, proposals.size() - i));
    PLACEWRIGHT_TRY(const Judged judged, judge(search, some, kSimulated));
    if (judged.is_over) return false;
  }
  return true;
}

int most_measured(const Search& search) {
  const int limit = search.parts.settings.evaluations;
  if (limit == 0) return kMostMeasured;
  return std::min(kMostMeasured, static_cast<int>(kMeasuringShare * limit));
}

Result<void> measure(Search& search, const std::vector<Finalist>& finalists) {
  const double end_s = search.parts.budget.now_s() + kMeasuringShare * search_limit_s(search);
  const int most = most_measured(search);
  const auto batch = static_cast<size_t>(std::max(1, search.batch));
  size_t next = 0;
  for (int measured = 0; measured < most && next < finalists.size();) {
    if (search.parts.budget.now_s() > end_s || limit_reached(search)) return {};
    const double cost = search.metric.cost(*search.incumbent->evaluation.median);
    const bool is_hopeless = !search.forecasts->may_beat(finalists[next].found.step_s, cost);
    if (measured >= kFewestMeasured && is_hopeless) return {};
    std::vector<Proposal> some;
    for (; some.size() < batch && next < finalists.size(); ++next)
      some.push_back({write_mapping(*search.space, finalists[next].found.assignment),
                      fmt::format("number {} of the simulated", next + 1)});
    PLACEWRIGHT_TRY(const bool goes_on, judge_in_batches(search, some));
    if (!goes_on) return {};
    measured += static_cast<int>(some.size());
  }
  return {};
}

/// The default and expert mappings are the first that have both.
void forecast_baselines(Search& search) {
  for (Contender& contender : search.contenders.all()) {
    const Origin origin = contender.evaluation.origin;
    if (origin != Origin::Default && origin != Origin::Expert) continue;
    const workload::Candidate candidate =
        origin == Origin::Default
            ? search.defaults
            : workload::compile_candidate("expert.mapping", contender.evaluation.mapping,
                                          search.space->workload(), search.space->machine());
    if (candidate.policy == nullptr) continue;
    contender.forecast_s = search.forecasts->of(*candidate.policy);
    take_pair(search, contender);
  }
}

}  // namespace

Result<void> prepare_forecasts(Search& search, const StudyFacts& facts) {
  const auto recording = facts.find(kRecordingFact);
  if (recording == facts.end() || recording->second.empty() || !search.by_steps) return {};
  auto forecaster = forecaster_of(search, recording->second);
  if (!forecaster) {
    search.parts.progress.note("nothing is forecast: " + forecaster.error().message);
    return {};
  }
  search.forecasts = std::make_unique<Forecasts>(*std::move(forecaster));
  const auto of_default = search.forecasts->forecaster().step_s(*search.defaults.policy);
  if (!of_default) {
    search.parts.progress.note("nothing is forecast: " + of_default.error().message);
    search.forecasts.reset();
    return {};
  }
  forecast_baselines(search);
  return {};
}

Result<void> try_simulated(Search& search) {
  if (search.forecasts == nullptr) return {};
  PLACEWRIGHT_TRY(const StudyFacts facts, search.parts.store.facts());
  if (facts.contains(kSimulatedFact)) {
    const std::vector<Proposal> recorded = recorded_proposals(search);
    PLACEWRIGHT_TRY_VOID(judge_in_batches(search, recorded));
    return {};
  }
  PLACEWRIGHT_TRY(const std::vector<Finalist> finalists, simulate(search));
  if (search.parts.stopped()) return {};
  PLACEWRIGHT_TRY_VOID(search.parts.store.set_fact(kSimulatedFact, "done"));
  return measure(search, finalists);
}

}  // namespace placewright::tune
