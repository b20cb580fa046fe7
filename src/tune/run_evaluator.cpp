// SPDX-License-Identifier: Apache-2.0
#include "tune/run_evaluator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "explain/explain.h"
#include "explain/observe.h"
#include "explain/task_on_kind.h"
#include "machine/load.h"
#include "support/files.h"
#include "support/gzip.h"
#include "support/try.h"

namespace placewright::tune {
namespace {

namespace fs = std::filesystem;

// Enough for a discovery or correctness run on a busy machine; a hang ends here.
constexpr double kUntimedTimeout_s = 120;
constexpr double kShortestTimeout_s = 0.1;
// The smallest time scale: virtual GPUs do not wait.
constexpr double kNoTime = 1e-6;
/// More than a study keeps.
constexpr uint64_t kMostRecorded = uint64_t{64} << 20;

Status status_of(launch::RunStatus status) {
  switch (status) {
    case launch::RunStatus::Ok:
      return Status::Ok;
    case launch::RunStatus::RejectedMapping:
      return Status::RejectedMapping;
    case launch::RunStatus::MapperError:
      return Status::MapperError;
    case launch::RunStatus::OutOfMemory:
      return Status::OutOfMemory;
    case launch::RunStatus::Crash:
      return Status::Crash;
    case launch::RunStatus::Timeout:
      return Status::Timeout;
    case launch::RunStatus::Cancelled:
      return Status::Cancelled;
    case launch::RunStatus::NotLegion:
      return Status::NotLegion;
    case launch::RunStatus::MapperIgnored:
      return Status::MapperIgnored;
    case launch::RunStatus::ProcessesDidNotJoin:
      return Status::ProcessesDidNotJoin;
    case launch::RunStatus::Failed:
      return Status::Failed;
  }
  return Status::Failed;
}

std::optional<double> positive_number(const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0' || !std::isfinite(value) || value <= 0)
    return std::nullopt;
  return value;
}

}  // namespace

RunResult result_of(const launch::RunOutcome& outcome) {
  RunResult result;
  result.status = status_of(outcome.status);
  result.message = outcome.message;
  result.memory = outcome.memory;
  result.wall_s = outcome.wall_s;
  result.notes = outcome.notes;
  return result;
}

RunEvaluator::RunEvaluator(const Settings& settings, TemporaryFolder folder,
                           std::function<bool()> cancelled, std::function<double()> left_s,
                           Pattern metric, Pattern checksum)
    : settings_(settings),
      folder_(std::move(folder)),
      cancelled_(std::move(cancelled)),
      left_s_(std::move(left_s)),
      metric_(std::move(metric)),
      checksum_(std::move(checksum)) {}

Result<std::unique_ptr<RunEvaluator>> RunEvaluator::create(const Settings& settings,
                                                           std::function<bool()> cancelled,
                                                           std::function<double()> left_s) {
  PLACEWRIGHT_TRY(auto folder, TemporaryFolder::make());
  PLACEWRIGHT_TRY(auto metric, compile_pattern(settings.metric.pattern));
  PLACEWRIGHT_TRY(auto checksum, compile_pattern(settings.checksum.value_or(kDefaultChecksum)));
  std::unique_ptr<RunEvaluator> evaluator(new RunEvaluator(settings, std::move(folder),
                                                           std::move(cancelled), std::move(left_s),
                                                           std::move(metric), std::move(checksum)));
  return evaluator;
}

Result<launch::RunRequest> RunEvaluator::request(const Subject& subject,
                                                 const std::vector<std::string>& command) {
  launch::RunRequest request;
  request.argv = subject.command.empty() ? command : subject.command;
  if (subject.mapping) {
    const std::string file = fs::path(subject.name).filename().string();
    request.mapping = folder_.path() + "/" + (file.empty() ? "candidate.mapping" : file);
    PLACEWRIGHT_TRY_VOID(write_file(*request.mapping, *subject.mapping));
  }
  request.processes = settings_.processes;
  if (!settings_.machine.empty()) request.machine = settings_.machine;
  request.time_scale = settings_.time_scale;
  request.runtime_cost = settings_.runtime_cost;
  request.untouched = subject.untouched;
  request.checks_mapper = !subject.proven;
  request.replace_mapper =
      settings_.replace_mapper && subject.command.empty() && !subject.untouched;
  request.cancelled = cancelled_;
  const double left_s = left_s_ ? std::max(left_s_(), kShortestTimeout_s) : settings_.budget_s;
  request.timeout_s = std::min(kUntimedTimeout_s, left_s);
  return request;
}

Result<RunResult> RunEvaluator::run(const launch::RunRequest& request, bool timed) {
  PLACEWRIGHT_TRY(auto outcome, launch::run_application(request));
  if (!outcome.runtime_assertion.empty()) {
    launch::RunRequest again = request;
    again.timeout_s = std::max(request.timeout_s - outcome.wall_s, kShortestTimeout_s);
    PLACEWRIGHT_TRY(outcome, launch::run_application(again));
  }
  RunResult result = result_of(outcome);
  if (outcome.status != launch::RunStatus::Ok) {
    auto failure = observation(request, outcome);
    if (failure) result.findings = explain::explain(*failure);
  }
  if (const auto found = last_match(outcome.stdout_text, checksum_, cancelled_))
    result.checksum = found->value;
  result.reading = last_match(outcome.stdout_text, metric_, cancelled_);
  if (result.reading) result.metric = positive_number(result.reading->value).value_or(0);
  if (timed && result.status == Status::Ok && result.metric <= 0) {
    const bool stopped = cancelled_ && cancelled_();
    result.status = stopped ? Status::Cancelled : Status::NoMetric;
    result.message = nothing_found(settings_.metric, outcome.stdout_text);
  }
  return result;
}

Result<launch::RunRequest> RunEvaluator::exploration() {
  PLACEWRIGHT_TRY(auto asked,
                  request({}, settings_.explore_command.empty() ? settings_.command
                                                                : settings_.explore_command));
  asked.timeout_s = 0;
  asked.cancelled = nullptr;  // It shows progress, which belongs to the search's thread.
  return asked;
}

Result<workload::Workload> RunEvaluator::discover() {
  PLACEWRIGHT_TRY(auto asked, request({}, settings_.command));
  asked.discover = folder_.path() + "/workload.json";
  // What is launched does not depend on how long it takes.
  if (asked.machine) asked.time_scale = kNoTime;
  // Simulated steps have nothing of the runtime's own cost.
  const bool records =
      settings_.forecasts && !settings_.runtime_cost && asked.machine && asked.processes == 1;
  if (records) asked.record = folder_.path() + "/recording";
  PLACEWRIGHT_TRY(const auto outcome, launch::run_application(asked));
  if (outcome.status == launch::RunStatus::Cancelled)
    return fail("stopped before anything was measured");
  if (outcome.status != launch::RunStatus::Ok)
    return fail(fmt::format("the application fails {} ({}): {}",
                            asked.replace_mapper ? "when its own mapper is replaced by the defaults"
                                                 : "without a mapping",
                            launch::to_string(outcome.status), outcome.message));
  if (outcome.has_own_mapper) {
    return fail(fmt::format("`{}` installs its own mapper, so mappings would not be used",
                            asked.argv.front()),
                "replace it with Placewright's mapper by --replace-mapper");
  }
  const auto text = SourceFile::read(*asked.discover);
  if (!text) return fail("the application reported no tasks: " + text.error().message);
  PLACEWRIGHT_TRY(auto workload, workload::workload_from_json(std::string(text->text())));
  std::set<uint64_t> mappers;
  for (const launch::LeftLaunches& each : outcome.left_launches) mappers.insert(each.mapper);
  workload = workload::without_mappers(std::move(workload), mappers);
  if (workload.tasks.empty() && !mappers.empty()) {
    return fail(fmt::format("`{}` launches all its tasks with mappers of its own (ids {}), so "
                            "mappings would not be used",
                            asked.argv.front(), fmt::join(mappers, ", ")),
                "replace them with Placewright's mapper by --replace-mapper");
  }
  // What a mapper of the program's own decides is not known to a simulation.
  if (records && mappers.empty()) {
    const Result<std::string> packed = read_file(*asked.record, kMostRecorded);
    const Result<std::string> text = packed ? gunzip(*packed, kMostRecorded) : packed;
    // Without it nothing is forecast; the search goes on.
    if (text) recording_ = *text;
  }
  workload_ = workload;
  return workload;
}

Result<explain::Observation> RunEvaluator::observation(const launch::RunRequest& request,
                                                       launch::RunOutcome outcome) const {
  PLACEWRIGHT_TRY(auto machine, launch::machine_of(request));
  // Member by member: GCC 12 warns of an initializer that its later members are uninitialized if an
  // earlier one throws.
  explain::Observation observation{.machine = std::move(machine)};
  observation.outcome = std::move(outcome);
  observation.earlier = task_times_;
  observation.workload = workload_;
  if (request.mapping) {
    const auto text = SourceFile::read(*request.mapping);
    observation.mapping_name = "candidate.mapping";
    if (text) observation.mapping = text->text();
  }
  if (request.machine) {
    PLACEWRIGHT_TRY(const auto description, machine::read_machine(*request.machine));
    explain::take_times(description, request, observation);
  }
  return observation;
}

Result<std::vector<explain::Finding>> RunEvaluator::explain(const Subject& subject,
                                                            const workload::Workload& workload) {
  workload_ = workload;
  PLACEWRIGHT_TRY(auto asked, request(subject, settings_.command));
  asked.profile = folder_.path() + "/profile.json";
  asked.discover =
      folder_.path() + "/profiled.json";  // turns tracing off, which hides what it repeats
  std::error_code ignored;
  fs::remove(*asked.profile, ignored);
  PLACEWRIGHT_TRY(auto outcome, launch::run_application(asked));
  PLACEWRIGHT_TRY(auto observed, observation(asked, std::move(outcome)));
  if (observed.outcome.status != launch::RunStatus::Ok) return std::vector<explain::Finding>{};
  PLACEWRIGHT_TRY(const auto text, SourceFile::read(*asked.profile));
  PLACEWRIGHT_TRY(observed.profile, profile::profile_from_json(std::string(text.text())));
  std::vector<explain::Finding> findings = explain::explain(observed);
  for (const auto& [where, seconds] : explain::task_times(*observed.profile, observed.time_scale))
    task_times_[where] = seconds;
  return findings;
}

Result<RunResult> RunEvaluator::verify(const Subject& subject) {
  PLACEWRIGHT_TRY(auto asked, request(subject, settings_.correctness_command.empty()
                                                   ? settings_.command
                                                   : settings_.correctness_command));
  asked.correctness = asked.machine.has_value();
  return run(asked, /*timed=*/false);
}

Result<RunResult> RunEvaluator::walk(const std::string& plan, const std::string& explored) {
  PLACEWRIGHT_TRY(auto asked, request({}, settings_.command));
  asked.correctness = asked.machine.has_value();
  asked.plan = plan;
  asked.explored = explored;
  return run(asked, /*timed=*/false);
}

Result<RunResult> RunEvaluator::time(const Subject& subject, double timeout_s) {
  PLACEWRIGHT_TRY(auto asked, request(subject, settings_.command));
  asked.timeout_s = timeout_s;
  return run(asked, /*timed=*/true);
}

}  // namespace placewright::tune
