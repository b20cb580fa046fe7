// SPDX-License-Identifier: Apache-2.0
#include "explain/observe.h"

#include <fmt/core.h>

#include "machine/load.h"
#include "support/source.h"
#include "support/temporary_folder.h"
#include "support/try.h"

namespace placewright::explain {
namespace {

std::string read_text(const std::string& path) {
  const Result<SourceFile> file = SourceFile::read(path);
  return file ? std::string(file->text()) : "";
}

/// Whether another run can tell more about a failure.
bool wants_comparison(const launch::RunRequest& request, launch::RunStatus status) {
  if (!request.mapping) return false;
  return status == launch::RunStatus::MapperError || status == launch::RunStatus::OutOfMemory ||
         status == launch::RunStatus::Crash || status == launch::RunStatus::Failed;
}

void note(Observed& observed, const std::string& text) {
  observed.notes += fmt::format("placewright: note: {}\n", text);
}

launch::RunRequest without_files(const launch::RunRequest& request) {
  launch::RunRequest plain = request;
  for (auto* path : {&plain.discover, &plain.decisions, &plain.profile}) path->reset();
  return plain;
}

/// A second run of the command into files of `folder`. What it prints says nothing new.
launch::RunRequest second_run(const launch::RunRequest& request, const std::string& folder) {
  launch::RunRequest second = without_files(request);
  second.discover = folder + "/workload.json";
  second.on_output = nullptr;
  second.keep_logs = false;
  return second;
}

void read_workload(const launch::RunRequest& request, Observed& observed) {
  const std::string text = read_text(*request.discover);
  if (text.empty()) return note(observed, "the application reported no tasks");
  Result<workload::Workload> workload = workload::workload_from_json(text);
  if (!workload) return note(observed, workload.error().message);
  observed.run.workload = std::move(*workload);
}

void run_for_profile(const launch::RunRequest& request, const std::string& folder,
                     Observed& observed) {
  launch::RunRequest second = second_run(request, folder);
  second.profile = folder + "/profile.json";
  const Result<launch::RunOutcome> outcome = launch::run_application(second);
  if (!outcome) return note(observed, "no profile: " + outcome.error().message);
  if (outcome->status != launch::RunStatus::Ok)
    return note(observed, "no profile, because its run failed: " + outcome->message);
  read_workload(second, observed);
  Result<profile::Profile> profile = profile::profile_from_json(read_text(*second.profile));
  if (!profile) return note(observed, profile.error().message);
  observed.run.profile = std::move(*profile);
}

void run_without_mapping(const launch::RunRequest& request, const std::string& folder,
                         Observed& observed) {
  // What the program does by itself, with its own mapper if it has one.
  launch::RunRequest bare = second_run(request, folder);
  bare.mapping.reset();
  bare.discover.reset();
  bare.replace_mapper = false;
  const Result<launch::RunOutcome> outcome = launch::run_application(bare);
  if (!outcome)
    return note(observed,
                "nothing to compare with, because the run without Placewright failed to start: " +
                    outcome.error().message);
  observed.run.without_mapping = outcome->status;
  if (outcome->status != launch::RunStatus::Ok) return;
  launch::RunRequest watched = second_run(request, folder);
  watched.mapping.reset();
  const Result<launch::RunOutcome> seen = launch::run_application(watched);
  if (seen && seen->status == launch::RunStatus::Ok) read_workload(watched, observed);
}

}  // namespace

std::optional<double> peak_bus(const machine::MachineDescription& machine) {
  const double bus = machine.quantity("bus.bandwidth_peak").max;
  return bus > 0 ? std::optional(bus) : std::nullopt;
}

void take_times(const machine::MachineDescription& machine, const launch::RunRequest& request,
                Observation& run) {
  run.time_scale = request.time_scale > 0 ? request.time_scale : machine.time_scale();
  run.bus_bytes_per_second = peak_bus(machine);
}

Result<Observed> observe_result(const launch::RunRequest& request) {
  PLACEWRIGHT_TRY(launch::RunOutcome outcome, launch::run_application(without_files(request)));
  PLACEWRIGHT_TRY(machine::MachineShape machine, launch::machine_of(request));
  Observed observed{{"", "", std::move(machine), std::move(outcome)}, ""};
  Observation& run = observed.run;
  if (request.machine) {
    PLACEWRIGHT_TRY(const machine::MachineDescription description,
                    machine::read_machine(*request.machine));
    take_times(description, request, run);
  }
  if (request.mapping) {
    run.mapping_name = *request.mapping;
    run.mapping = read_text(*request.mapping);
  }
  return observed;
}

Result<Observed> observe(const launch::RunRequest& request) {
  PLACEWRIGHT_TRY(Observed observed, observe_result(request));
  PLACEWRIGHT_TRY(const TemporaryFolder folder, TemporaryFolder::make());
  const launch::RunStatus status = observed.run.outcome.status;
  if (status == launch::RunStatus::Ok) {
    run_for_profile(request, folder.path(), observed);
  } else if (wants_comparison(request, status)) {
    run_without_mapping(request, folder.path(), observed);
  }
  return observed;
}

}  // namespace placewright::explain
