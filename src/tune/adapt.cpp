// SPDX-License-Identifier: Apache-2.0
#include "tune/adapt.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>
#include <thread>

#include "support/files.h"
#include "support/statistics.h"
#include "support/temporary_folder.h"
#include "support/try.h"
#include "tune/exploration_run.h"
#include "tune/mapping_writer.h"
#include "tune/settings.h"
#include "tune/step_estimate.h"
#include "workload/candidate.h"

namespace placewright::tune {
namespace {

/// Steps in flight and of a visit. A bad mapping is noticed after its second step.
constexpr int kAhead = 2;
constexpr int kVisitSteps = 4;
constexpr int kStartVisits = 3;
constexpr double kLongestVisit_s = 600;
/// Several processes agree on which step uses which mapping only if the plan says so before: it has so
/// many steps more than have ended, a visit of the best mapping at a time.
constexpr int kLead = 32;
constexpr int kFiller = 16;
constexpr std::chrono::milliseconds kPoll{20};
/// A challenger must be better by so much, twice.
constexpr double kMargin = 0.02;
/// Candidates between two checks of the best mapping against the start.
constexpr int kBetweenChecks = 16;
constexpr int kMostRepeats = 2000;

class Adaptation {
 public:
  Adaptation(const AdaptParts& parts, TemporaryFolder folder)
      : parts_(parts), folder_(std::move(folder)) {}

  Result<Adapted> run() {
    PLACEWRIGHT_TRY_VOID(start());
    PLACEWRIGHT_TRY(const bool is_known, wait_for_workload());
    if (is_known) {
      PLACEWRIGHT_TRY_VOID(explore());
    } else {
      result_.why_not = "the program ended before it had repeated a step often enough";
    }
    if (!run_->has_ended()) PLACEWRIGHT_TRY_VOID(run_->settle(best_file_));
    const Result<launch::RunOutcome>& outcome = run_->wait();
    if (!outcome) return tl::unexpected(outcome.error());
    result_.outcome = *outcome;
    PLACEWRIGHT_TRY(const explore::Progress progress, run_->progress());
    result_.steps = progress.steps;
    result_.seconds = progress.seconds;
    return std::move(result_);
  }

 private:
  Result<void> start() {
    launch::RunRequest request = parts_.request;
    request.environment.emplace_back("PLACEWRIGHT_WORKLOAD", folder_.path() + "/workload_%");
    explore::PlanHeader header;
    header.ahead = kAhead;
    header.waits = several();
    PLACEWRIGHT_TRY(run_, ExplorationRun::start(std::move(request), folder_.path(), header));
    return {};
  }

  /// False: the run has ended first.
  Result<bool> wait_for_workload() {
    std::vector<workload::Workload> parts;
    for (int process = 0; process < parts_.request.processes; ++process) {
      const std::string file = fmt::format("{}/workload_{}", folder_.path(), process);
      while (!std::filesystem::exists(file)) {
        if (run_->has_ended()) return false;
        PLACEWRIGHT_TRY_VOID(keep_lead());
        std::this_thread::sleep_for(kPoll);
      }
      PLACEWRIGHT_TRY(const std::string text, read_file(file));
      PLACEWRIGHT_TRY(auto part, workload::workload_from_json(text));
      parts.push_back(std::move(part));
    }
    PLACEWRIGHT_TRY(auto workload, workload::merge(parts));
    const machine::MachineShape machine = workload.machine;
    space_ = std::make_unique<SearchSpace>(std::move(workload), machine);
    return true;
  }

  [[nodiscard]] bool several() const { return parts_.request.processes > 1; }

  Result<void> keep_lead() {
    if (!several()) return {};
    PLACEWRIGHT_TRY_VOID(run_->progress());
    while (run_->outstanding() < kLead) PLACEWRIGHT_TRY_VOID(run_->ask({0, best_file_, kFiller}));
    return {};
  }

  /// Seconds of a step; nullopt: the run has ended or the mapping failed (then `failure_` says why).
  Result<std::optional<double>> time(const std::string& file) {
    failure_.clear();
    PLACEWRIGHT_TRY(const int number, run_->ask({0, file, kVisitSteps}));
    PLACEWRIGHT_TRY_VOID(keep_lead());
    PLACEWRIGHT_TRY(const auto visited,
                    run_->await(number, file, kLongestVisit_s, [&] { return run_->has_ended(); }));
    if (!visited || visited->steps.empty()) return std::nullopt;
    double all_s = 0;
    for (const explore::StepTime& step : visited->steps) all_s += std::max(0.0, step.seconds);
    const double best_s = result_.best_step_s * static_cast<double>(visited->steps.size());
    if (file != best_file_) result_.lost_s += std::max(0.0, all_s - best_s);
    if (visited->failure) failure_ = visited->failure->message;
    if (visited->failure) return std::nullopt;
    if (visited->left == "loop-ended") return std::nullopt;
    return step_seconds(visited->steps).value_or(visited->steps.back().seconds);
  }

  /// Waits until the share allows one more visit of an unknown mapping. False: the run has ended.
  Result<bool> wait_for_share() {
    const double per_visit = visits_ == 0 ? kVisitSteps * result_.best_step_s
                                          : result_.lost_s / static_cast<double>(visits_);
    for (;;) {
      PLACEWRIGHT_TRY(const explore::Progress progress, run_->progress());
      if (run_->has_ended()) return false;
      PLACEWRIGHT_TRY_VOID(keep_lead());
      if (result_.lost_s + per_visit <= parts_.share * progress.seconds) return true;
      std::this_thread::sleep_for(kPoll);
    }
  }

  Result<void> explore() {
    std::vector<double> own;
    for (int i = 0; i < kStartVisits; ++i) {
      PLACEWRIGHT_TRY(const auto seconds, time(""));
      if (seconds) own.push_back(*seconds);
    }
    if (own.empty()) {
      result_.why_not = "the program's loop ended too soon";
      return {};
    }
    result_.start_step_s = result_.best_step_s = median(own);
    PLACEWRIGHT_TRY(strategy_, parts_.make_strategy(*space_, parts_.seed));
    Start begin;
    begin.incumbent.samples = own;
    begin.incumbent.median = result_.best_step_s;
    begin.assignment = start_assignment();
    begin.cheap = true;
    begin.metric = step_metric();
    PLACEWRIGHT_TRY_VOID(keep(begin.incumbent, Origin::Default));
    strategy_->begin(begin);
    return search();
  }

  [[nodiscard]] Assignment start_assignment() {
    std::string text;
    if (parts_.request.mapping) text = read_file(*parts_.request.mapping).value_or("");
    const auto candidate =
        workload::compile_candidate("start.mapping", text, space_->workload(), space_->machine());
    if (candidate.policy == nullptr) return space_->defaults();
    seen_.insert(candidate.fingerprint.text);
    return space_->nearest(candidate.decisions);
  }

  Result<void> search() {
    int repeats = 0;
    while (!run_->has_ended() && repeats < kMostRepeats) {
      PLACEWRIGHT_TRY(const std::optional<Proposal> proposal, strategy_->ask());
      if (!proposal) return {};
      const workload::Candidate candidate = workload::compile_candidate(
          "candidate.mapping", titled("Found by `placewright run --adapt`.", proposal->mapping),
          space_->workload(), space_->machine());
      Verdict verdict;
      verdict.evaluation.mapping = candidate.text;
      verdict.evaluation.move = proposal->move;
      verdict.evaluation.strategy = strategy_->name();
      verdict.repeated = !seen_.insert(candidate.fingerprint.text).second;
      repeats = verdict.repeated ? repeats + 1 : 0;
      if (candidate.policy == nullptr) verdict.evaluation.status = Status::RejectedMapping;
      if (candidate.policy != nullptr && !verdict.repeated) {
        PLACEWRIGHT_TRY(const bool has_tried, try_out(candidate, verdict));
        if (!has_tried) return {};
      }
      strategy_->tell(*proposal, verdict);
    }
    return {};
  }

  /// False: the run has ended.
  Result<bool> try_out(const workload::Candidate& candidate, Verdict& verdict) {
    const std::string file = fmt::format("{}/{}.mapping", folder_.path(), result_.mappings + 1);
    PLACEWRIGHT_TRY_VOID(write_file(file, candidate.text));
    PLACEWRIGHT_TRY(const bool may_go_on, wait_for_share());
    if (!may_go_on) return false;
    Evaluation& evaluation = verdict.evaluation;
    const double bar = result_.best_step_s * (1 - kMargin);
    ++result_.mappings;
    // A winner is confirmed by a second visit.
    for (int visit = 0; visit < 2; ++visit) {
      ++visits_;
      PLACEWRIGHT_TRY(const std::optional<double> seconds, time(file));
      if (!seconds && failure_.empty()) return false;
      if (!seconds) {
        evaluation.status = Status::MapperError;
        evaluation.message = failure_;
        ++result_.failures;
        break;
      }
      evaluation.samples.push_back(*seconds);
      verdict.accepted = *seconds < bar;
      if (!verdict.accepted) break;
    }
    evaluation.accepted = verdict.accepted;
    if (!evaluation.samples.empty()) evaluation.median = median(evaluation.samples);
    if (evaluation.status != Status::Ok) evaluation.samples.clear();
    if (verdict.accepted) PLACEWRIGHT_TRY_VOID(take(file, candidate.text, *evaluation.median));
    evaluation.fingerprint = candidate.fingerprint.to_string();
    evaluation.decisions = candidate.fingerprint.text;
    PLACEWRIGHT_TRY_VOID(keep(evaluation, Origin::Strategy));
    if (result_.mappings % kBetweenChecks == 0) PLACEWRIGHT_TRY_VOID(check_best());
    return true;
  }

  Result<void> take(const std::string& file, const std::string& text, double seconds) {
    best_file_ = file;
    result_.best_mapping = text;
    result_.best_step_s = seconds;
    return run_->use(file);
  }

  /// Programs change while they run: the start mapping may have become the better one.
  Result<void> check_best() {
    if (best_file_.empty()) return {};
    PLACEWRIGHT_TRY(const auto best, time(best_file_));
    PLACEWRIGHT_TRY(const auto start, time(""));
    if (!best || !start) return {};
    result_.start_step_s = *start;
    result_.best_step_s = *best;
    if (*best <= *start * (1 + kMargin)) return {};
    parts_.note("the start mapping is the better one again");
    return take("", "", *start);
  }

  Result<void> keep(Evaluation evaluation, Origin origin) {
    evaluation.origin = origin;
    PLACEWRIGHT_TRY(const explore::Progress progress, run_->progress());
    evaluation.elapsed_s = progress.seconds;
    PLACEWRIGHT_TRY([[maybe_unused]] const int64_t id, parts_.store.add(evaluation, {}));
    return {};
  }

  const AdaptParts& parts_;
  TemporaryFolder folder_;
  std::unique_ptr<ExplorationRun> run_;
  std::unique_ptr<SearchSpace> space_;
  std::unique_ptr<Strategy> strategy_;
  std::set<std::string> seen_;  ///< Decisions.
  std::string best_file_;       ///< Empty: the start mapping.
  std::string failure_;
  int visits_ = 0;
  Adapted result_;
};

}  // namespace

Result<Adapted> adapt(const AdaptParts& parts) {
  PLACEWRIGHT_TRY(TemporaryFolder folder, TemporaryFolder::make());
  return Adaptation(parts, std::move(folder)).run();
}

std::string render(const Adapted& adapted, double share) {
  if (!adapted.why_not.empty()) return fmt::format("nothing was tried: {}\n", adapted.why_not);
  std::string text =
      fmt::format("{} mappings were tried in {} steps", adapted.mappings, adapted.steps);
  if (adapted.failures > 0) text += fmt::format(", {} of them failed", adapted.failures);
  const double used = adapted.seconds > 0 ? adapted.lost_s / adapted.seconds : 0;
  text += fmt::format("\nexploring cost {:.3g} s of {:.3g} s, {:.1f} % (limit {:.1f} %)\n",
                      adapted.lost_s, adapted.seconds, 100 * used, 100 * share);
  if (adapted.best_mapping.empty()) return text + "no mapping was better than the start\n";
  return text + fmt::format(
                    "a step took {:.3g} s under the start and {:.3g} s under the best "
                    "mapping, {:.3f} of it (wall time)\n",
                    adapted.start_step_s, adapted.best_step_s,
                    adapted.best_step_s / adapted.start_step_s);
}

}  // namespace placewright::tune
