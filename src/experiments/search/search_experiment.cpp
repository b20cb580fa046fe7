// SPDX-License-Identifier: Apache-2.0
#include "experiments/search/search_experiment.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "support/statistics.h"
#include "support/try.h"
#include "tune/inputs.h"
#include "tune/progress.h"
#include "tune/tuner.h"

namespace placewright::experiments {
namespace {

namespace fs = std::filesystem;
using tune::Evaluation;
using tune::Origin;
using tune::Settings;
using tune::Status;
using tune::StudyStore;

// Set once a search has finished; a study without it is resumed.
constexpr const char* kFinished = "search_study_finished";

const Evaluation* find(const std::vector<Evaluation>& evaluations, Origin origin) {
  const auto found = std::ranges::find(evaluations, origin, &Evaluation::origin);
  return found == evaluations.end() || !found->median ? nullptr : &*found;
}

/// A baseline's cost over a mapping's cost, using the medians of all their search samples.
double throughput(const tune::Metric& metric, const Evaluation& mapping,
                  const Evaluation& baseline) {
  return metric.cost(median(baseline.samples)) / metric.cost(median(mapping.samples));
}

/// The row of the search's own candidate; `best` may repeat a baseline.
const tune::ReportRow* candidate_row(const tune::Report& report) {
  if (const tune::ReportRow* row = find_measured(report, tune::kCandidateRow)) return row;
  const tune::ReportRow* best = find_measured(report, tune::kBestRow);
  return best != nullptr && best->note.find("evaluation") != std::string::npos ? best : nullptr;
}

std::optional<double> closing_throughput(const tune::Report& report, Origin baseline) {
  const tune::ReportRow* candidate = candidate_row(report);
  const tune::ReportRow* other = find_measured(report, to_string(baseline));
  if (candidate == nullptr || other == nullptr) return std::nullopt;
  const tune::Metric& metric = report.metric;
  return paired_ratio(metric.costs(other->samples), metric.costs(candidate->samples)).median;
}

class Search {
 public:
  Search(const SearchExperimentSettings& experiment, Settings settings,
         const Contestant& contestant, uint64_t seed)
      : experiment_(experiment), settings_(std::move(settings)), contestant_(contestant) {
    settings_.strategy = contestant.strategy;
    settings_.evaluations = contestant.evaluations;
    settings_.seed = seed;
    run_.application = settings_.name;
    run_.contestant = contestant.name;
    run_.seed = seed;
  }

  Result<SearchRun> run() {
    PLACEWRIGHT_TRY(auto store, open());
    PLACEWRIGHT_TRY(const auto facts, store.facts());
    std::optional<tune::Report> report;
    if (!facts.contains(kFinished)) {
      auto searched = search(store);
      if (searched) report = std::move(*searched);
      if (!searched) run_.error = searched.error().message;
    }
    PLACEWRIGHT_TRY_VOID(count(store));
    if (facts.contains(kFinished)) {
      read_result(facts.at(kFinished));
    } else if (report && !stopped()) {
      take_result(*report);
      PLACEWRIGHT_TRY_VOID(store.set_fact(kFinished, written_result()));
    }
    return run_;
  }

 private:
  bool stopped() const { return experiment_.stop && experiment_.stop(); }

  Result<StudyStore> open() const {
    const std::string path = fmt::format("{}/{}.{}.{}.study.db", experiment_.folder, settings_.name,
                                         contestant_.name, settings_.seed);
    tune::StudyFacts facts = tune::identity(settings_);
    facts["contestant"] = contestant_.facts;
    if (!fs::exists(path)) return StudyStore::create(path, facts);
    PLACEWRIGHT_TRY(auto store, StudyStore::resume(path));
    PLACEWRIGHT_TRY(const auto found, store.facts());
    for (const auto& [key, value] : facts) {
      const auto other = found.find(key);
      if (other != found.end() && other->second == value) continue;
      return fail(fmt::format("the study `{}` was started with another {}", path, key),
                  "choose another --folder, or use the same settings as before");
    }
    return store;
  }

  Result<tune::Report> search(StudyStore& store) {
    const auto stop = [this] { return stopped(); };
    const SteadyClock clock;
    tune::Budget budget(clock, settings_.budget_s);
    PLACEWRIGHT_TRY(auto inputs,
                    tune::Inputs::create(settings_, stop, stop, [&] { return budget.free_s(); }));
    PLACEWRIGHT_TRY(const auto maker, contestant_.maker(store, settings_));
    const auto silent = tune::make_silent_progress();
    return tune::run_search({settings_, inputs.whole(), store, budget, *silent, maker, stop});
  }

  Result<void> count(const StudyStore& store) {
    PLACEWRIGHT_TRY(const auto evaluations, store.evaluations());
    PLACEWRIGHT_TRY(const auto calls, store.call_totals());
    run_.calls = calls;
    const Evaluation* baseline = find(evaluations, Origin::Default);
    const Evaluation* expert = find(evaluations, Origin::Expert);
    const tune::Metric& metric = settings_.metric;
    double best = 0;
    for (const Evaluation& evaluation : evaluations) {
      run_.elapsed_s = std::max(run_.elapsed_s, evaluation.elapsed_s);
      if (!evaluation.is_proposed_by(contestant_.strategy)) continue;
      ++run_.candidates;
      if (evaluation.status != Status::Ok) {
        ++run_.invalid;
        ++run_.failures[std::string(tune::to_string(evaluation.status))];
      } else if (baseline != nullptr && throughput(metric, evaluation, *baseline) > best) {
        best = throughput(metric, evaluation, *baseline);
        run_.versus_default = best;
        if (expert != nullptr) run_.versus_expert = throughput(metric, evaluation, *expert);
      }
      run_.curve.push_back(best);
    }
    if (expert != nullptr && !run_.versus_expert) run_.versus_expert = 0;
    return {};
  }

  void take_result(const tune::Report& report) {
    run_.versus_default = closing_throughput(report, Origin::Default).value_or(run_.versus_default);
    if (run_.versus_expert)
      run_.versus_expert = closing_throughput(report, Origin::Expert).value_or(*run_.versus_expert);
  }

  std::string written_result() const {
    return fmt::format("{} {}", run_.versus_default, run_.versus_expert.value_or(-1));
  }
  void read_result(const std::string& text) {
    char* end = nullptr;
    run_.versus_default = std::strtod(text.c_str(), &end);
    const double expert = std::strtod(end, nullptr);
    if (expert >= 0) run_.versus_expert = expert;
  }

  const SearchExperimentSettings& experiment_;
  Settings settings_;
  const Contestant& contestant_;
  SearchRun run_;
};

Result<void> check(const SearchExperimentSettings& settings) {
  std::error_code error;
  fs::create_directories(settings.folder, error);
  if (error)
    return fail(fmt::format("cannot create the folder `{}`: {}", settings.folder, error.message()));
  const bool modelled = !settings.applications.front().machine.empty();
  for (const Settings& application : settings.applications) {
    if (application.machine.empty() == modelled)
      return fail("some of the applications run on virtual GPUs and some on this machine",
                  "times of two kinds do not belong in one table: run two experiments");
  }
  return {};
}

}  // namespace

bool SearchExperimentResult::failed() const {
  return stopped ||
         std::ranges::any_of(runs, [](const SearchRun& run) { return run.error.has_value(); });
}

Result<SearchExperimentResult> run_search_experiment(const SearchExperimentSettings& settings) {
  PLACEWRIGHT_TRY_VOID(check(settings));
  SearchExperimentResult result;
  result.time_label = std::string(tune::time_label(settings.applications.front()));
  // All contestants run one application in direct succession, so a slow period affects all equally.
  for (const Settings& application : settings.applications) {
    for (int run = 0; run < settings.runs; ++run) {
      for (const Contestant& contestant : settings.contestants) {
        if (settings.stop && settings.stop()) {
          result.stopped = true;
          return result;
        }
        const uint64_t seed = settings.seed + static_cast<uint64_t>(run);
        PLACEWRIGHT_TRY(auto done, Search(settings, application, contestant, seed).run());
        if (settings.note)
          settings.note(fmt::format(
              "{} {} seed {}: {}", done.application, done.contestant, seed,
              done.error.value_or(fmt::format("{:.3f} of default", done.versus_default))));
        result.runs.push_back(std::move(done));
      }
    }
  }
  return result;
}

}  // namespace placewright::experiments
