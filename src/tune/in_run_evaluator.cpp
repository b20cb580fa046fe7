// SPDX-License-Identifier: Apache-2.0
#include "tune/in_run_evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <optional>
#include <thread>

#include "machine/load.h"
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
/// A visit may take so many steps of the default mapper more than it has, and at least this.
constexpr int kSlackSteps = 5;
/// So many times a usual visit's limit for one that does not end early.
constexpr double kPatience = 5;
constexpr double kShortestLimit_s = 2;
/// Visits that take so many seconds are made in two runs at the same time, if a step of the default
/// mapper takes no more than so many times what it takes alone.
constexpr double kLanesFrom_s = 0.2;
constexpr double kDisturbed = 1.15;
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

void add(Explored& all, const ExplorationRun& run) {
  all.steps += run.steps();
  for (const explore::KeptTask& kept : run.kept()) all.kept.emplace(kept.task, kept.why);
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
                               std::function<bool()> stopped)
    : settings_(settings),
      whole_(&whole),
      folder_(std::move(folder)),
      time_scale_(time_scale),
      stopped_(std::move(stopped)),
      steps_per_visit_(kFewestSteps) {}

Result<std::unique_ptr<InRunEvaluator>> InRunEvaluator::create(const Settings& settings,
                                                               RunEvaluator& whole,
                                                               std::function<bool()> cancelled,
                                                               std::function<bool()> stopped) {
  PLACEWRIGHT_TRY(TemporaryFolder folder, TemporaryFolder::make());
  double time_scale = 1;
  if (!settings.machine.empty()) {
    PLACEWRIGHT_TRY(const auto machine, machine::read_machine(settings.machine));
    time_scale = settings.time_scale > 0 ? settings.time_scale : machine.time_scale();
  }
  std::unique_ptr<InRunEvaluator> evaluator(
      new InRunEvaluator(settings, whole, std::move(folder), time_scale, std::move(stopped)));
  PLACEWRIGHT_TRY_VOID(evaluator->add_lane(std::move(cancelled)));
  return evaluator;
}

Result<void> InRunEvaluator::add_lane(std::function<bool()> stopped) {
  PLACEWRIGHT_TRY(TemporaryFolder folder, TemporaryFolder::make());
  lanes_.push_back(std::make_unique<Lane>(Lane{std::move(folder), nullptr, std::move(stopped)}));
  return {};
}

void InRunEvaluator::end_run(Lane& lane) {
  const std::unique_ptr<ExplorationRun> ended = std::move(lane.run);
  if (ended == nullptr) return;
  const std::lock_guard lock(mutex_);
  add(explored_, *ended);
}

void InRunEvaluator::end_runs() {
  for (const std::unique_ptr<Lane>& lane : lanes_) end_run(*lane);
}

Result<void> InRunEvaluator::start_run(Lane& lane) {
  PLACEWRIGHT_TRY(auto request, whole_->exploration());
  explore::PlanHeader header;
  header.ahead = settings_.machine.empty() ? kAhead : kAheadOnGpus;
  header.waits = true;
  end_run(lane);
  PLACEWRIGHT_TRY(lane.run, ExplorationRun::start(std::move(request), lane.folder.path(), header));
  const std::lock_guard lock(mutex_);
  ++explored_.runs;
  return {};
}

Result<RunResult> InRunEvaluator::begin(bool continues) {
  Result<RunResult> begun = look_for_steps(continues);
  if (begun) PLACEWRIGHT_TRY_VOID(try_second_lane(*begun));
  // It would wait for visits beside the whole runs.
  if (!begun) end_runs();
  return begun;
}

Result<explore::Visited> InRunEvaluator::first_visit(Lane& lane, int steps) const {
  const double limit_s = std::min(kFirstVisit_s, settings_.budget_s / 3);
  PLACEWRIGHT_TRY(auto first, lane.run->visit({0, "", steps}, limit_s, lane.stopped));
  if (!first) {
    const bool has_ended = lane.run->has_ended();
    const auto& outcome = lane.run->end();
    if (!outcome) return tl::unexpected(outcome.error());
    if (outcome->status != launch::RunStatus::Ok && has_ended)
      return fail(
          fmt::format("it fails ({}): {}", launch::to_string(outcome->status), outcome->message));
    return fail(has_ended ? "it ends before it has repeated a step often enough"
                          : fmt::format("it repeats no step within {:.0f} s", limit_s));
  }
  if (!first->left.empty()) return fail("it ends its loop too soon");
  return *std::move(first);
}

Result<RunResult> InRunEvaluator::look_for_steps(bool continues) {
  Lane& lane = *lanes_.front();
  PLACEWRIGHT_TRY_VOID(start_run(lane));
  const SteadyClock clock;
  const double start_s = clock.now_s();
  PLACEWRIGHT_TRY(explore::Visited first, first_visit(lane, kFewestLongSteps));
  first_visit_s_ = clock.now_s() - start_s;
  learn_steps(first);
  // Two short steps say too little.
  if (steps_per_visit_ > kFewestLongSteps) {
    PLACEWRIGHT_TRY(first, first_visit(lane, kFewestSteps));
    learn_steps(first);
  }
  const auto seconds = step_seconds(first.steps);
  if (seconds && settings_.machine.empty() && *seconds < kShortestStep_s && !continues)
    return fail(
        fmt::format("it has steps of {:.2g} ms, which show little but what launching tasks costs",
                    1000 * *seconds));
  return result_of_visit(first);
}

void InRunEvaluator::learn_steps(const explore::Visited& visited) {
  const double step_s = wall_seconds(visited);
  if (step_s <= 0) return;
  const double fewest = step_s >= kLongStep_s ? kFewestLongSteps : kFewestSteps;
  const double wanted = std::ceil(kShortestVisit_s / step_s);
  steps_per_visit_ = static_cast<int>(std::clamp(wanted, fewest, double{kMostSteps}));
  limit_s_ = std::max(kShortestLimit_s, (steps_per_visit_ + kSlackSteps) * step_s);
}

// While virtual GPUs wait, the processors are free for another run.
Result<void> InRunEvaluator::try_second_lane(const RunResult& alone) {
  const bool may_help = !settings_.machine.empty() && settings_.processes == 1 &&
                        std::thread::hardware_concurrency() > 1 && limit_s_ > 0 &&
                        alone.wall_s >= kLanesFrom_s;
  if (!may_help) return {};
  PLACEWRIGHT_TRY_VOID(add_lane(stopped_));
  Lane& second = *lanes_.back();
  const auto drop = [&] {
    end_run(second);
    lanes_.pop_back();
  };
  if (!start_run(second)) {
    drop();
    return {};
  }
  auto other =
      std::async(std::launch::async, [&] { return first_visit(second, kFewestLongSteps); });
  // The first lane goes on meanwhile. Its last visit is beside the other's, earlier ones beside its start.
  std::optional<double> beside;
  while (other.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    PLACEWRIGHT_TRY(const RunResult result, time_in(0, {}, kFirstVisit_s));
    if (result.status != Status::Ok) break;
    beside = result.metric;
  }
  const Result<explore::Visited> visited = other.get();
  const double most_s = kDisturbed * alone.metric;
  const bool are_quiet =
      visited && beside && *beside <= most_s && result_of_visit(*visited).metric <= most_s;
  // One visit may be off by itself.
  if (!are_quiet && (!visited || !beside || !are_undisturbed(most_s))) drop();
  return {};
}

bool InRunEvaluator::are_undisturbed(double most_s) {
  const auto is_quiet = [&](int lane) {
    const auto result = time_in(lane, {}, kFirstVisit_s);
    return result && result->status == Status::Ok && result->metric <= most_s;
  };
  auto other = std::async(std::launch::async, [&] { return is_quiet(1); });
  const bool first_is_quiet = is_quiet(0);
  return other.get() && first_is_quiet;
}

Explored InRunEvaluator::explored() const {
  const std::lock_guard lock(mutex_);
  Explored all = explored_;
  all.mappings = static_cast<int>(files_.size());
  for (const std::unique_ptr<Lane>& lane : lanes_)
    if (lane->run != nullptr) add(all, *lane->run);
  return all;
}

Result<std::string> InRunEvaluator::file_of(const std::string& mapping) {
  const std::lock_guard lock(mutex_);
  const auto [known, is_new] = files_.try_emplace(mapping);
  if (is_new) {
    known->second = fmt::format("{}/{}.mapping", folder_.path(), files_.size());
    PLACEWRIGHT_TRY_VOID(write_file(known->second, mapping));
  }
  return known->second;
}

Result<RunResult> InRunEvaluator::time_in(int number, const Subject& subject, double timeout_s) {
  if (!subject.command.empty() || subject.untouched) return whole_->time(subject, timeout_s);
  Lane& lane = *lanes_[static_cast<size_t>(number)];
  explore::Visit wanted;
  if (subject.mapping) {
    PLACEWRIGHT_TRY(wanted.mapping, file_of(*subject.mapping));
  }
  wanted.whole = subject.patient;
  {
    const std::lock_guard lock(mutex_);
    wanted.steps = steps_per_visit_;
    wanted.fastest_s = fastest_s_;
  }
  constexpr int kAttempts = 3;
  for (int attempt = 1;; ++attempt) {
    if (lane.run == nullptr || lane.run->has_ended()) PLACEWRIGHT_TRY_VOID(start_run(lane));
    const bool was_fresh = lane.run->steps() == 0;
    const double limit_s =
        (subject.patient ? kPatience : 1) * limit_s_ + (was_fresh ? first_visit_s_ : 0);
    PLACEWRIGHT_TRY(const auto visited,
                    lane.run->visit(wanted, std::min(timeout_s, limit_s), lane.stopped));
    if (visited) {
      const std::lock_guard lock(mutex_);
      ++explored_.visits;
    }
    // The program may have come to the end of its loop.
    const bool is_whole = visited && visited->left != "loop-ended";
    if (is_whole) return result_of_visit(*visited);
    // A whole run has fewer steps than a visit was to have.
    if (visited && was_fresh) {
      const std::lock_guard lock(mutex_);
      steps_per_visit_ = wanted.steps = std::max(kFewestSteps, wanted.steps / 2);
    }
    if (!visited) {
      PLACEWRIGHT_TRY(const RunResult why, why_no_visit(lane));
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
  end_runs();
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
  const std::lock_guard lock(mutex_);
  if (step_s > 0 && visited.steps.size() > 1)
    fastest_s_ = fastest_s_ > 0 ? std::min(fastest_s_, step_s) : step_s;
  RunResult result;
  result.wall_s = all_s;
  // A visit that left early, because it is slow, has at least its last step.
  result.metric = step_seconds(visited.steps).value_or(visited.steps.back().seconds) / time_scale_;
  return result;
}

Result<RunResult> InRunEvaluator::why_no_visit(const Lane& lane) {
  const bool had_ended = lane.run->has_ended();
  const Result<launch::RunOutcome> outcome = lane.run->end();
  if (!outcome) return tl::unexpected(outcome.error());
  if (lane.stopped && lane.stopped()) return failed(Status::Cancelled, "stopped");
  if (!had_ended) return failed(Status::Timeout, "its steps take too long");
  return result_of(*outcome);
}

}  // namespace placewright::tune
