// SPDX-License-Identifier: Apache-2.0
#include "launch/run_application.h"

#include <fmt/core.h>

#include <sstream>

#include "launch/classify.h"
#include "launch/flags.h"
#include "launch/launch_plan.h"
#include "launch/left_launches.h"
#include "machine/description.h"
#include "policy/policy.h"
#include "profile/reduce.h"
#include "support/files.h"
#include "support/for_terminal.h"
#include "support/gzip.h"
#include "support/temporary_folder.h"
#include "support/try.h"
#include "workload/partial_recording.h"
#include "workload/workload.h"

namespace placewright::launch {
namespace {

/// Empty if the process did not get as far as writing the file.
std::string read_text(const std::string& path) { return read_file(path).value_or(""); }

RunEvidence gather(const RunRequest& request, const RunFiles& files, ChildResult child) {
  RunEvidence evidence;
  evidence.child = std::move(child);
  for (int process = 0; process < request.processes; ++process) {
    std::istringstream lines(read_text(RunFiles::numbered(files.status(), process)));
    for (std::string line; std::getline(lines, line);) evidence.status.push_back(line);
    evidence.log += read_text(RunFiles::numbered(files.log(), process));
  }
  return evidence;
}

/// Writes the decisions of all processes to one file, or to one each if the path has a `%`.
Result<void> deliver_decisions(const RunRequest& request, const RunFiles& files) {
  const std::string& path = *request.decisions;
  std::string all;
  for (int process = 0; process < request.processes; ++process) {
    const std::string text = read_text(RunFiles::numbered(files.decisions(), process));
    if (path.find('%') == std::string::npos) {
      all += text;
    } else if (auto done = write_file(RunFiles::numbered(path, process), text); !done) {
      return done;
    }
  }
  return path.find('%') == std::string::npos ? write_file(path, all) : Result<void>();
}

/// The merged workload of all processes of the run.
Result<workload::Workload> read_workload(const RunRequest& request, const RunFiles& files) {
  std::vector<workload::Workload> parts;
  for (int process = 0; process < request.processes; ++process) {
    Result<workload::Workload> part =
        workload::workload_from_json(read_text(RunFiles::numbered(files.workload(), process)));
    if (!part) {
      return fail(
          fmt::format("process {} wrote no workload: {}", process, part.error().message),
          "an application with its own mapper reports its tasks only with --replace-mapper");
    }
    parts.push_back(std::move(*part));
  }
  return merge(parts);
}

Result<void> deliver_workload(const RunRequest& request, const RunFiles& files) {
  PLACEWRIGHT_TRY(const workload::Workload workload, read_workload(request, files));
  return write_file(*request.discover, to_json(workload));
}

Result<void> deliver_recording(const RunRequest& request, const RunFiles& files) {
  std::vector<workload::PartialRecording> parts;
  for (int process = 0; process < request.processes; ++process) {
    const std::string text = read_text(RunFiles::numbered(files.recording(), process));
    if (text.empty()) return fail(fmt::format("process {} wrote no recording", process));
    PLACEWRIGHT_TRY(workload::PartialRecording part, workload::partial_recording_from_json(text));
    parts.push_back(std::move(part));
  }
  PLACEWRIGHT_TRY(const workload::Recording recording, workload::join(parts));
  return write_file(*request.record, gzip(to_json(recording)));
}

Result<void> deliver_profile(const RunRequest& request, const RunFiles& files) {
  std::vector<std::string> logs;
  for (int process = 0; process < request.processes; ++process)
    logs.push_back(RunFiles::numbered(files.profile(), process));
  const Result<workload::Workload> workload = read_workload(request, files);
  PLACEWRIGHT_TRY(const profile::Profile reduced,
                  profile::reduce(logs, workload ? &*workload : nullptr));
  return write_file(*request.profile, profile::to_json(reduced));
}

Result<void> check_request(const RunRequest& request) {
  if (request.argv.empty()) return fail("no application to run");
  if (request.processes < 1)
    return fail(fmt::format("a run needs at least 1 process, found {}", request.processes));
  // 0 is the machine's own; `!` also rejects NaN, here and below.
  const double scale = request.time_scale;
  if (scale != 0 && !(scale >= machine::kMinFactor && scale <= machine::kMaxFactor))
    return fail(fmt::format("a time scale of {} is not possible", scale),
                fmt::format("wall seconds per modelled second, {} to {}", machine::kMinFactor,
                            machine::kMaxFactor));
  if (!(request.timeout_s >= 0))
    return fail(fmt::format("a time limit of {} s is not possible", request.timeout_s));
  for (const auto* path :
       {&request.discover, &request.record, &request.decisions, &request.profile}) {
    if (!*path || (*path)->find('%') != std::string::npos) continue;
    PLACEWRIGHT_TRY_VOID(check_writable(**path));  // now, not after the run
  }
  return {};
}

void warn(const RunRequest& request, RunOutcome& outcome, const std::string& text) {
  outcome.warnings += text;
  if (request.on_output && !text.empty()) request.on_output(for_terminal(text), /*is_stderr=*/true);
}

/// Null without a mapping, and, with the outcome filled in, when it has errors.
Result<std::shared_ptr<const policy::Policy>> check_mapping(const RunRequest& request,
                                                            RunOutcome& outcome) {
  if (!request.mapping) return nullptr;
  PLACEWRIGHT_TRY(const machine::MachineShape machine, machine_of(request));
  const policy::LoadedPolicy loaded = policy::load_policy(*request.mapping, machine);
  if (!loaded.policy) {
    outcome.status = RunStatus::RejectedMapping;
    outcome.message = loaded.messages;
  } else {
    warn(request, outcome, loaded.messages);
  }
  return loaded.policy;
}

/// The names that the application really has are only known after the run.
void warn_about_names(const RunRequest& request, const policy::Policy& policy,
                      const RunEvidence& evidence, RunOutcome& outcome) {
  Diagnostics diagnostics(policy.mapping().file);
  workload::warn_about_unknown_names(policy, known_names(evidence), diagnostics);
  warn(request, outcome, diagnostics.to_text());
}

}  // namespace

Result<machine::MachineShape> machine_of(const RunRequest& request) {
  PLACEWRIGHT_TRY(const std::vector<std::string> words, runtime_words(request));
  PLACEWRIGHT_TRY(const RealmFlags flags, parse_realm_flags(words));
  return machine::MachineShape(std::vector<machine::NodeShape>(
      static_cast<size_t>(std::max(1, request.processes)), flags.node));
}

Result<RunOutcome> run_application(const RunRequest& request) {
  RunOutcome outcome;
  PLACEWRIGHT_TRY_VOID(check_request(request));
  PLACEWRIGHT_TRY(const auto policy, check_mapping(request, outcome));
  if (outcome.status == RunStatus::RejectedMapping) return outcome;

  const LaunchLibraries libraries = LaunchLibraries::locate();
  PLACEWRIGHT_TRY_VOID(libraries.check());
  PLACEWRIGHT_TRY(TemporaryFolder folder, TemporaryFolder::make());
  const RunFiles files{folder.path()};
  PLACEWRIGHT_TRY(const LaunchPlan plan, plan_launch(request, files, libraries));
  outcome.notes = plan.notes;
  warn(request, outcome, plan.notes);

  PLACEWRIGHT_TRY(ChildResult child, run_child(plan.command));
  const RunEvidence evidence = gather(request, files, std::move(child));
  classify(request, evidence, outcome);
  if (policy != nullptr && outcome.status == RunStatus::Ok) {
    const std::string note = note_left_launches(outcome.left_launches);
    outcome.notes += note;
    warn(request, outcome, note);
    warn_about_names(request, *policy, evidence, outcome);
  }
  outcome.wall_s = evidence.child.wall_s;
  outcome.stdout_text = evidence.child.stdout_text;
  outcome.stderr_text = evidence.child.stderr_text;
  if (request.decisions) PLACEWRIGHT_TRY_VOID(deliver_decisions(request, files));
  if (request.discover && outcome.status == RunStatus::Ok)
    PLACEWRIGHT_TRY_VOID(deliver_workload(request, files));
  if (request.record && outcome.status == RunStatus::Ok)
    PLACEWRIGHT_TRY_VOID(deliver_recording(request, files));
  if (request.profile && outcome.status == RunStatus::Ok)
    PLACEWRIGHT_TRY_VOID(deliver_profile(request, files));
  if (request.keep_logs) outcome.log_folder = folder.keep();
  return outcome;
}

}  // namespace placewright::launch
