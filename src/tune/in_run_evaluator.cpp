// SPDX-License-Identifier: Apache-2.0
#include "tune/in_run_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "machine/description.h"
#include "support/clock.h"
#include "support/files.h"
#include "support/statistics.h"
#include "support/try.h"
#include "tune/step_estimate.h"

namespace placewright::tune {
namespace {

/// How long to wait for the first step: the program must start and repeat something.
constexpr double kFirstVisit_s = 60;
/// A visit has at least so many steps, of which the first ones move the data ...
constexpr int kFewestSteps = 5;
/// ... or, where a step takes so many seconds, fewer ...
constexpr double kLongStep_s = 0.2;
constexpr int kFewestLongSteps = 3;
/// ... and more if it would be shorter than this.
constexpr double kShortestVisit_s = 0.05;
constexpr int kMostSteps = 200;
/// Shorter steps of a real machine show what launching tasks costs, which depends on how far the
/// program runs ahead, more than what a mapping changes.
constexpr double kShortestStep_s = 0.001;
/// A visit may take so many times one of the default mapper, and at least this.
constexpr double kSlowest = 4;
constexpr double kShortestLimit_s = 2;
/// Steps in flight: short steps need more, or the runtime would wait for the program.
constexpr int kAheadOnGpus = 2;
constexpr int kAhead = 6;
/// Copies that virtual GPUs do not model may take so much of a visit (legion/host_copies.h).
constexpr double kMostUnmodelled = 0.05;

Status status_of(const explore::VisitFailure& failure) {
  if (failure.id == "out-of-memory") return Status::OutOfMemory;
  return failure.id == "invalid-mapping" ? Status::RejectedMapping : Status::MapperError;
}

/// Seconds of a step on the clock, whatever the program measured of it; the first one moves the data.
double wall_seconds(const explore::Visited& visited) {
  std::vector<double> seconds;
  for (size_t i = visited.steps.size() > 1 ? 1 : 0; i < visited.steps.size(); ++i)
    seconds.push_back(visited.steps[i].seconds);
  return median(seconds);
}

RunResult failed(Status status, std::string message) {
  RunResult result;
  result.status = status;
  result.message = std::move(message);
  return result;
}

}  // namespace

InRunEvaluator::InRunEvaluator(const Settings& settings, RunEvaluator& whole,
                               TemporaryFolder folder, double time_scale,
                               std::function<bool()> cancelled)
    : settings_(settings),
      whole_(&whole),
      folder_(std::move(folder)),
      time_scale_(time_scale),
      cancelled_(std::move(cancelled)),
      steps_per_visit_(kFewestSteps) {}

Result<std::unique_ptr<InRunEvaluator>> InRunEvaluator::create(const Settings& settings,
                                                               RunEvaluator& whole,
                                                               std::function<bool()> cancelled) {
  PLACEWRIGHT_TRY(TemporaryFolder folder, TemporaryFolder::make());
  double time_scale = 1;
  if (!settings.machine.empty()) {
    PLACEWRIGHT_TRY(const auto machine, machine::read_machine_file(settings.machine));
    time_scale = settings.time_scale > 0 ? settings.time_scale : machine.time_scale();
  }
  return std::unique_ptr<InRunEvaluator>(
      new InRunEvaluator(settings, whole, std::move(folder), time_scale, std::move(cancelled)));
}

void InRunEvaluator::end_run() {
  explored_ = explored();
  run_.reset();
}

Result<void> InRunEvaluator::start_run() {
  PLACEWRIGHT_TRY(auto request, whole_->exploration());
  explore::PlanHeader header;
  header.ahead = settings_.machine.empty() ? kAhead : kAheadOnGpus;
  header.waits = true;
  end_run();
  PLACEWRIGHT_TRY(run_, ExplorationRun::start(std::move(request), folder_.path(), header));
  ++explored_.runs;
  return {};
}

Result<RunResult> InRunEvaluator::begin(bool continues) {
  Result<RunResult> begun = look_for_steps(continues);
  // It would wait for visits beside the whole runs.
  if (!begun) end_run();
  return begun;
}

Result<RunResult> InRunEvaluator::look_for_steps(bool continues) {
  PLACEWRIGHT_TRY_VOID(start_run());
  const double limit_s = std::min(kFirstVisit_s, settings_.budget_s / 3);
  const SteadyClock clock;
  const double start_s = clock.now_s();
  PLACEWRIGHT_TRY(const auto first, run_->visit({0, "", kFewestSteps}, limit_s, cancelled_));
  if (!first) {
    const bool has_ended = run_->has_ended();
    const auto& outcome = run_->end();
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->status != launch::RunStatus::Ok && has_ended)
      return fail(
          fmt::format("it fails ({}): {}", launch::to_string(outcome->status), outcome->message));
    return fail(has_ended ? "it ends before it has repeated a step often enough"
                          : fmt::format("it repeats no step within {:.0f} s", limit_s));
  }
  if (!first->left.empty()) return fail("it ends its loop too soon");
  first_visit_s_ = clock.now_s() - start_s;
  const auto seconds = step_seconds(first->steps);
  if (seconds && settings_.machine.empty() && *seconds < kShortestStep_s && !continues)
    return fail(
        fmt::format("it has steps of {:.2g} ms, which show little but what launching tasks costs",
                    1000 * *seconds));
  if (seconds && *seconds > 0) {
    const double fewest = wall_seconds(*first) >= kLongStep_s ? kFewestLongSteps : kFewestSteps;
    const double wanted = std::ceil(kShortestVisit_s / *seconds);
    steps_per_visit_ = static_cast<int>(std::clamp(wanted, fewest, double{kMostSteps}));
    limit_s_ = std::max(kShortestLimit_s, kSlowest * steps_per_visit_ * wall_seconds(*first));
  }
  return result_of_visit(*first);
}

Explored InRunEvaluator::explored() const {
  Explored all = explored_;
  all.mappings = static_cast<int>(files_.size());
  if (run_ == nullptr) return all;
  all.steps += run_->steps();
  for (const explore::KeptTask& kept : run_->kept()) all.kept.emplace(kept.task, kept.why);
  return all;
}

Result<std::string> InRunEvaluator::file_of(const std::string& mapping) {
  const auto [known, is_new] = files_.try_emplace(mapping);
  if (is_new) {
    known->second = fmt::format("{}/{}.mapping", folder_.path(), files_.size());
    PLACEWRIGHT_TRY_VOID(write_file(known->second, mapping));
  }
  return known->second;
}

Result<RunResult> InRunEvaluator::time(const Subject& subject, double timeout_s) {
  if (!subject.command.empty() || subject.untouched) return whole_->time(subject, timeout_s);
  std::string file;
  if (subject.mapping) {
    PLACEWRIGHT_TRY(file, file_of(*subject.mapping));
  }
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    if (run_ == nullptr || run_->has_ended()) PLACEWRIGHT_TRY_VOID(start_run());
    const bool was_fresh = run_->steps() == 0;
    const double limit_s = limit_s_ + (was_fresh ? first_visit_s_ : 0);
    const explore::Visit wanted{0, file, steps_per_visit_, fastest_s_};
    PLACEWRIGHT_TRY(const auto visited,
                    run_->visit(wanted, std::min(timeout_s, limit_s), cancelled_));
    if (visited) ++explored_.visits;
    // The program may have come to the end of its loop.
    const bool is_whole = visited && visited->left != "loop-ended";
    if (is_whole) return result_of_visit(*visited);
    if (!visited) {
      PLACEWRIGHT_TRY(const RunResult why, why_no_visit());
      // A program that crashes after many steps may do so under any mapping.
      if (why.status == Status::Crash && !was_fresh && attempt < kAttempts) continue;
      const bool has_ended_well = why.status == Status::Ok;
      if (!has_ended_well || attempt == kAttempts)
        return has_ended_well ? failed(Status::Failed, "the program's loop is too short") : why;
    } else if (attempt == kAttempts) {
      return failed(Status::Failed, "the program's loop is too short");
    }
  }
}

Result<Walked> InRunEvaluator::walk(const std::vector<std::string>& mappings) {
  end_run();
  const std::string plan = folder_.path() + "/walk";
  const std::string log = folder_.path() + "/walked_";
  explore::PlanHeader header;
  header.ahead = kAheadOnGpus;
  std::string text = to_line(header);
  for (size_t i = 0; i < mappings.size(); ++i) {
    PLACEWRIGHT_TRY(const std::string file, file_of(mappings[i]));
    text += to_line(explore::Visit{static_cast<int>(i + 1), file, 1});
  }
  PLACEWRIGHT_TRY_VOID(write_file(plan, text + explore::end_line("")));
  PLACEWRIGHT_TRY_VOID(write_file(log + "0", ""));
  Walked walked;
  PLACEWRIGHT_TRY(walked.result, whole_->walk(plan, log + "%"));
  PLACEWRIGHT_TRY(const std::string lines, read_file(log + "0"));
  PLACEWRIGHT_TRY(walked.mappings, explore::count_whole_visits(lines));
  return walked;
}

RunResult InRunEvaluator::result_of_visit(const explore::Visited& visited) {
  if (visited.failure) return failed(status_of(*visited.failure), visited.failure->message);
  double all_s = 0;
  for (const explore::StepTime& step : visited.steps) all_s += std::max(0.0, step.seconds);
  if (visited.unmodelled > kMostUnmodelled * all_s) {
    return failed(Status::MapperError,
                  "its steps cannot be timed: virtual GPUs do not model copies that a CPU makes");
  }
  const double step_s = wall_seconds(visited);
  if (step_s > 0 && visited.steps.size() > 1)
    fastest_s_ = fastest_s_ > 0 ? std::min(fastest_s_, step_s) : step_s;
  RunResult result;
  result.wall_s = all_s;
  // A visit that left early, because it is slow, has at least its last step.
  result.metric = step_seconds(visited.steps).value_or(visited.steps.back().seconds) / time_scale_;
  return result;
}

Result<RunResult> InRunEvaluator::why_no_visit() {
  const bool had_ended = run_->has_ended();
  const Result<launch::RunOutcome> outcome = run_->end();
  if (!outcome) return tl::unexpected(outcome.error());
  if (cancelled_ && cancelled_()) return failed(Status::Cancelled, "stopped");
  if (!had_ended) return failed(Status::Timeout, "its steps take too long");
  return result_of(*outcome);
}

}  // namespace placewright::tune
