// SPDX-License-Identifier: Apache-2.0
#include "experiments/validity/validity.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include "experiments/mappers/comparison.h"
#include "experiments/validity/draw_mapping.h"
#include "launch/run_application.h"
#include "support/files.h"
#include "support/source.h"
#include "support/temporary_folder.h"
#include "support/try.h"
#include "tune/run_evaluator.h"
#include "workload/candidate.h"

namespace placewright::experiments {
namespace {

constexpr int kDrawVersion = 2;  // version of the rule in draw_mapping.h

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

void say_nothing(const std::string&) {}

/// Records why a candidate cannot be used.
void reject(const workload::Candidate& candidate, ValidityTrial& trial) {
  trial.outcome = kRejected;
  const auto error = std::ranges::find(candidate.problems, Severity::Error, &Diagnostic::severity);
  if (error == candidate.problems.end()) return;
  trial.outcome += fmt::format(" ({})", error->id);
  trial.message = error->message;
}

launch::RunRequest request_for(const ValiditySettings& settings, const Application& application) {
  launch::RunRequest request;
  request.argv = {application.program, "-input", kCorrectnessInput};
  request.machine = settings.machine;
  request.correctness = true;
  request.timeout_s = settings.timeout_s;
  request.cancelled = settings.stop;
  return request;
}

std::string checksum_in(const std::string& text) {
  static const Pattern pattern(tune::kDefaultChecksum);
  return tune::last_match(text, pattern).value_or(tune::Reading()).value;
}

/// The outcome word of a failed run.
std::string failure_of(const launch::RunOutcome& outcome) {
  std::string word(to_string(outcome.status));
  if (outcome.memory) return fmt::format("{} ({})", word, to_string(*outcome.memory));
  if (outcome.refusal && !outcome.refusal->id.empty())
    return fmt::format("{} ({})", word, outcome.refusal->id);
  if (outcome.status == launch::RunStatus::MapperError) return word + " (refused by Legion)";
  return word;
}

/// All trials of one experiment. Runs are independent; the log is shared.
class Experiment {
 public:
  Experiment(const ValiditySettings& settings, std::vector<Baseline> baselines, ValidityLog log)
      : settings_(settings), baselines_(std::move(baselines)), log_(std::move(log)) {}

  Result<void> run() {
    std::vector<std::jthread> workers;
    for (int job = 0; job < settings_.jobs; ++job) workers.emplace_back([this] { work(); });
    workers.clear();
    if (error_) return tl::unexpected(*error_);
    return {};
  }

  const std::vector<ValidityTrial>& trials() const { return log_.trials(); }

 private:
  bool stopped() const { return settings_.stop && settings_.stop(); }

  // First seeds of all applications come before second ones, so half an experiment covers all.
  void work() {
    const auto folder = TemporaryFolder::make();
    if (!folder) return note_error(folder.error());
    const size_t count = baselines_.size() * static_cast<size_t>(settings_.seeds);
    for (size_t next = next_++; next < count && !stopped() && !failed_; next = next_++) {
      const int seed = 1 + static_cast<int>(next / baselines_.size());
      for (const Front front : {Front::AsPublished, Front::Checked}) {
        const auto done = run_trial(next % baselines_.size(), seed, front, folder->path());
        if (!done) return note_error(done.error());
      }
    }
  }

  void note_error(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    failed_ = true;
  }

  Result<void> run_trial(size_t index, int seed, Front front, const std::string& folder) {
    const Application& application = settings_.applications[index];
    ValidityTrial trial{application.name, seed, front, kOk, ""};
    {
      const std::lock_guard lock(mutex_);
      if (log_.has(trial.application, seed, front)) return {};
    }
    const std::string mapping = draw_mapping(application.name, baselines_[index].workload, seed);
    PLACEWRIGHT_TRY_VOID(judge(trial, index, mapping, folder));
    if (stopped()) return {};
    const std::lock_guard lock(mutex_);
    if (settings_.note)
      settings_.note(fmt::format("{} seed {} {}: {}", trial.application, seed, to_string(front),
                                 trial.outcome));
    return log_.add(trial);
  }

  /// Sets outcome and message.
  Result<void> judge(ValidityTrial& trial, size_t index, const std::string& mapping,
                     const std::string& folder) const {
    const workload::Workload& workload = baselines_[index].workload;
    launch::RunRequest request = request_for(settings_, settings_.applications[index]);
    request.mapping = folder + "/drawn.mapping";
    if (trial.front == Front::Checked) {
      const workload::Candidate candidate = workload::compile_candidate(
          "drawn.mapping", mapping, workload, workload.machine, say_nothing);
      if (candidate.policy == nullptr) {
        reject(candidate, trial);
        return {};
      }
    } else {
      request.environment.emplace_back("PLACEWRIGHT_AS_PUBLISHED", "1");
    }
    PLACEWRIGHT_TRY_VOID(write_file(*request.mapping, mapping));
    PLACEWRIGHT_TRY(auto outcome, launch::run_application(request));
    // The runtime has rare races: such a crash counts only if it happens twice.
    if (!outcome.runtime_assertion.empty()) {
      PLACEWRIGHT_TRY(outcome, launch::run_application(request));
    }
    take(outcome, baselines_[index].checksum, folder, trial);
    return {};
  }

  static void take(const launch::RunOutcome& outcome, const std::string& checksum,
                   const std::string& folder, ValidityTrial& trial) {
    trial.message = first_line(outcome.message);
    // Remove this run's folder from the message.
    for (size_t at = 0; (at = trial.message.find(folder + "/")) != std::string::npos;)
      trial.message.erase(at, folder.size() + 1);
    if (outcome.status == launch::RunStatus::RejectedMapping) {
      trial.outcome = kRejected;
    } else if (outcome.status != launch::RunStatus::Ok) {
      trial.outcome = failure_of(outcome);
    } else if (const std::string printed = checksum_in(outcome.stdout_text); printed != checksum) {
      trial.outcome = tune::to_string(tune::Status::WrongResult);
      trial.message = fmt::format("checksum {}, expected {}", printed, checksum);
    }
  }

  const ValiditySettings& settings_;
  std::vector<Baseline> baselines_;
  ValidityLog log_;
  std::atomic<size_t> next_ = 0;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;  ///< Guards log_ and error_.
  std::optional<Error> error_;
};

}  // namespace

Result<Baseline> discover_baseline(const ValiditySettings& settings,
                                   const Application& application) {
  PLACEWRIGHT_TRY(const auto folder, TemporaryFolder::make());
  launch::RunRequest request = request_for(settings, application);
  request.discover = folder.path() + "/workload.json";
  PLACEWRIGHT_TRY(const auto outcome, launch::run_application(request));
  if (outcome.status != launch::RunStatus::Ok)
    return fail(fmt::format("`{}` fails under Legion's default mapper ({}): {}", application.name,
                            to_string(outcome.status), first_line(outcome.message)));
  const std::string checksum = checksum_in(outcome.stdout_text);
  if (checksum.empty()) return fail(fmt::format("`{}` prints no checksum", application.name));
  PLACEWRIGHT_TRY(const auto text, SourceFile::read(*request.discover));
  PLACEWRIGHT_TRY(auto workload, workload::workload_from_json(std::string(text.text())));
  return Baseline{std::move(workload), checksum};
}

Result<ValidityResult> run_validity_experiment(const ValiditySettings& settings) {
  ValidityResult result;
  result.seeds = settings.seeds;
  PLACEWRIGHT_TRY(const auto machine, SourceFile::read(settings.machine));
  const std::string_view text = machine.text();
  const ValidityFacts facts = {
      {"machine", std::filesystem::path(settings.machine).filename().string()},
      {"machine_hash", fmt::format("{:016x}", XXH64(text.data(), text.size(), 0))},
      {"input", kCorrectnessInput},
      {"draw", std::to_string(kDrawVersion)}};
  PLACEWRIGHT_TRY(auto log, ValidityLog::open(settings.log, facts));
  std::vector<Baseline> baselines;
  for (const Application& application : settings.applications) {
    result.applications.push_back(application.name);
    PLACEWRIGHT_TRY(auto baseline, discover_baseline(settings, application));
    baselines.push_back(std::move(baseline));
  }
  Experiment experiment(settings, std::move(baselines), std::move(log));
  PLACEWRIGHT_TRY_VOID(experiment.run());
  result.stopped = settings.stop && settings.stop();
  for (const ValidityTrial& trial : experiment.trials()) {
    const auto& names = result.applications;
    if (trial.seed <= settings.seeds && std::ranges::find(names, trial.application) != names.end())
      result.trials.push_back(trial);
  }
  return result;
}

}  // namespace placewright::experiments
