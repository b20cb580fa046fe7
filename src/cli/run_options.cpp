// SPDX-License-Identifier: Apache-2.0
#include "cli/run_options.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "cli/interrupt.h"
#include "cli/standard_input.h"
#include "cli/usage.h"
#include "machine/load.h"
#include "support/standard_streams.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

void add_mapping_option(CLI::App& command, RunOptions& options) {
  command
      .add_option(
          "--mapping,-m", options.mapping,
          "Mapping file, - for standard input (default: the program's own mapper or Legion's "
          "default mapper)")
      ->type_name("FILE");
}

void add_run_options(CLI::App& command, RunOptions& options) {
  launch::RunRequest& request = options.request;
  command
      .add_option("--processes,-n", request.processes,
                  "Number of processes; a mapping sees each one as a node")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  CLI::Option* machine =
      command
          .add_option("--machine", options.machine,
                      "Machine file, - for standard input; runs on its virtual GPUs, in modelled "
                      "time")
          ->type_name("FILE");
  command.add_option("--time-scale", request.time_scale, "Wall seconds per modelled second")
      ->needs(machine)
      ->check(CLI::PositiveNumber);
  command
      .add_flag("--correctness", request.correctness,
                "With --machine: move data and compute, so that checksums are meaningful")
      ->needs(machine);
  command
      .add_option("--runtime-cost", options.runtime_cost,
                  "With --machine: whether the runtime's own work takes modelled time too")
      ->needs(machine)
      ->check(one_of({"none", "model"}));
  command.add_flag("--automatic-tracing", request.automatic_tracing,
                   "Keep Legion's automatic tracing on");
  command.add_option("--timeout", request.timeout_s, "Time limit of the run in seconds")
      ->check(CLI::PositiveNumber);
  command.add_option("application", request.argv, "Program and its arguments, after --")
      ->required();
}

Result<void> prepare(RunOptions& options) {
  launch::RunRequest& request = options.request;
  PLACEWRIGHT_TRY_VOID(make_readable(options.machine, "machine.toml"));
  PLACEWRIGHT_TRY_VOID(make_readable(options.mapping, "stdin.mapping"));
  if (!options.machine.empty()) {
    request.machine = options.machine;
    PLACEWRIGHT_TRY(const auto machine, machine::read_machine(options.machine));
    for (const std::string& note : machine::machine_notes(machine))
      print_text(stderr, "placewright: note: {}\n", note);
  }
  if (!options.mapping.empty()) request.mapping = options.mapping;
  request.runtime_cost = options.runtime_cost == "model";
  const auto out = std::make_shared<ForwardedOutput>(stdout);
  const auto err = std::make_shared<ForwardedOutput>(stderr);
  request.on_output = [out, err](std::string_view text, bool is_stderr) {
    (is_stderr ? err : out)->write(text);
  };
  request.cancelled = watch_for_interrupts();
  return {};
}

int report(const launch::RunOutcome& outcome) {
  if (outcome.status == launch::RunStatus::Ok) return 0;
  if (outcome.status == launch::RunStatus::RejectedMapping) {
    print_text(stderr, "{}", outcome.message);
  } else if (outcome.stderr_text.find(first_line(outcome.message)) != std::string::npos) {
    // The plug-in has already printed the message.
    print_text(stderr, "placewright: the run ended: {}\n", to_string(outcome.status));
  } else {
    print_text(stderr, "placewright: {}: {}\n", to_string(outcome.status), outcome.message);
  }
  return 1;
}

}  // namespace placewright::cli
