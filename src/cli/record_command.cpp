// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright record`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/read_workload.h"
#include "cli/run_options.h"
#include "cli/usage.h"
#include "explain/task_on_kind.h"
#include "machine/description.h"
#include "support/files.h"
#include "support/gzip.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"
#include "support/try.h"
#include "workload/recording.h"

namespace placewright::cli {
namespace {

struct Options : RunOptions {
  std::string output;
  bool no_times = false;
};

std::string describe(const workload::Recording& recording) {
  const auto launches = [&](uint32_t operation) {
    return recording.operations[operation].kind == workload::Operation::Kind::Launch;
  };
  size_t loops = 0;
  for (const auto& program : recording.programs)
    for (const workload::Loop& loop : program)
      loops += loop.count > 1 && std::ranges::any_of(loop.body, launches) ? 1 : 0;
  return fmt::format(
      "{} tasks in {} different launches, {} loops, {} pieces of data\n"
      "{}not recorded: {}\n",
      workload::count_points(recording), recording.launches.size(), loops, recording.pieces.size(),
      recording.measured.empty() ? ""
                                 : fmt::format("measured in a second run: what {} tasks take\n",
                                               recording.measured.size()),
      fmt::join(recording.left_out, ", "));
}

/// Tasks whose time nobody states; those that only launch others are not among them.
std::set<uint32_t> tasks_without_cost(const workload::Recording& recording) {
  std::map<std::string, uint32_t> numbers;
  for (uint32_t i = 0; i < recording.workload.tasks.size(); ++i)
    numbers[recording.workload.tasks[i].name] = i;
  std::set<uint32_t> result;
  for (const workload::Launch& launch : recording.launches)
    for (const workload::PointTask& point : launch.points)
      if (!point.cost && !point.program) result.insert(numbers.at(launch.task));
  return result;
}

/// Runs the program once more, under the default mapper, for what these tasks take.
Result<void> measure(const Options& options, const std::set<uint32_t>& tasks,
                     workload::Recording& recording) {
  PLACEWRIGHT_TRY(const TemporaryFolder folder, TemporaryFolder::make());
  launch::RunRequest request = options.request;
  request.record.reset();
  request.mapping.reset();
  request.replace_mapper = true;
  request.on_output = nullptr;
  request.profile = folder.path() + "/profile.json";
  PLACEWRIGHT_TRY(const launch::RunOutcome outcome, launch::run_application(request));
  if (outcome.status != launch::RunStatus::Ok)
    return fail(fmt::format("the second run, for what tasks take, fails: {}", outcome.message));
  PLACEWRIGHT_TRY(const std::string json, read_file(*request.profile));
  PLACEWRIGHT_TRY(const profile::Profile profile, profile::profile_from_json(json));
  const std::vector<explain::TaskOnKind> groups = explain::by_task_and_kind(profile);
  for (const uint32_t task : tasks)
    for (const explain::TaskOnKind& group : groups) {
      const auto kind = machine::parse_processor_kind(group.kind);
      if (kind && group.task == recording.workload.tasks[task].name)
        recording.measured.push_back({task, *kind, group.median_s, group.count});
    }
  std::erase(recording.left_out, "execution times");
  return write_file(options.output, gzip(to_json(recording)));
}

Result<int> run(Options& options) {
  PLACEWRIGHT_TRY_VOID(check_writable(options.output));
  PLACEWRIGHT_TRY_VOID(prepare(options));
  // What is launched does not depend on how long it takes.
  const bool waits = options.request.correctness || options.request.time_scale > 0;
  if (options.request.machine && !waits) options.request.time_scale = machine::kMinFactor;
  options.request.record = options.output;
  PLACEWRIGHT_TRY(const launch::RunOutcome outcome, launch::run_application(options.request));
  const int status = report(outcome);
  if (status != 0) return status;
  PLACEWRIGHT_TRY(workload::Recording recording, read_recording(options.output));
  const std::set<uint32_t> tasks = tasks_without_cost(recording);
  // Virtual GPUs know no other times than those that are stated.
  if (!tasks.empty() && !options.request.machine && !options.no_times)
    if (const auto measured = measure(options, tasks, recording); !measured)
      print_text(stderr, "note: {}\n", measured.error().message);
  print_text(stderr, "written: {}\n{}", options.output, describe(recording));
  return 0;
}

}  // namespace

void add_record_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "record", "Record what an unmodified Legion program launches, and with which data");
  command->add_option("--output,-o", options->output, "Output file, compressed")
      ->required()
      ->type_name("FILE");
  add_mapping_option(*command, *options);
  add_run_options(*command, *options);
  command->add_flag("--replace-mapper", options->request.replace_mapper,
                    "Replace the mappers that the application installs itself");
  command->add_flag("--no-times", options->no_times,
                    "Without the second run that measures tasks whose application states no cost");
  set_forms(*command, {"[OPTIONS] -o FILE -- PROGRAM [ARGUMENT...]"});
  command->footer("Example: placewright record -o circuit.recording -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] {
    const Result<int> status = run(*options);
    if (!status) print_error(status.error());
    exit_status = status.value_or(1);
  });
}

}  // namespace placewright::cli
