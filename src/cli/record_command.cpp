// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright record`.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/read_workload.h"
#include "cli/run_options.h"
#include "cli/usage.h"
#include "machine/description.h"
#include "support/files.h"
#include "support/terminal.h"
#include "support/try.h"
#include "workload/recording.h"

namespace placewright::cli {
namespace {

struct Options : RunOptions {
  std::string output;
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
      "not recorded: {}\n",
      workload::count_points(recording), recording.launches.size(), loops, recording.pieces.size(),
      fmt::join(recording.left_out, ", "));
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
  PLACEWRIGHT_TRY(const workload::Recording recording, read_recording(options.output));
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
  set_forms(*command, {"[OPTIONS] -o FILE -- PROGRAM [ARGUMENT...]"});
  command->footer("Example: placewright record -o circuit.recording -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] {
    const Result<int> status = run(*options);
    if (!status) print_error(status.error());
    exit_status = status.value_or(1);
  });
}

}  // namespace placewright::cli
