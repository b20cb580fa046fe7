// SPDX-License-Identifier: Apache-2.0
#include "cli/run_options.h"

#include <fmt/core.h>

#include <cerrno>
#include <cstdio>

#include "cli/interrupt.h"
#include "support/standard_streams.h"

namespace placewright::cli {
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

void add_run_options(CLI::App& command, RunOptions& options) {
  launch::RunRequest& request = options.request;
  command
      .add_option("--processes,-n", request.processes,
                  "Number of processes; a mapping sees each one as a node")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  CLI::Option* machine = command
                             .add_option("--machine", options.machine,
                                         "Machine file; runs on its virtual GPUs, in modelled time")
                             ->type_name("FILE");
  command.add_option("--time-scale", request.time_scale, "Wall seconds per modelled second")
      ->needs(machine)
      ->check(CLI::PositiveNumber);
  command
      .add_flag("--correctness", request.correctness,
                "With --machine: move data and compute, so that checksums are meaningful")
      ->needs(machine);
  command.add_flag("--automatic-tracing", request.automatic_tracing,
                   "Keep Legion's automatic tracing on");
  command.add_option("--timeout", request.timeout_s, "Time limit of the run in seconds")
      ->check(CLI::PositiveNumber);
  command.add_option("application", request.argv, "Program and its arguments, after --")
      ->required();
}

void prepare(RunOptions& options) {
  launch::RunRequest& request = options.request;
  if (!options.machine.empty()) request.machine = options.machine;
  request.on_output = [](std::string_view text, bool is_stderr) {
    FILE* stream = is_stderr ? stderr : stdout;
    const bool written =
        std::fwrite(text.data(), 1, text.size(), stream) == text.size() && std::fflush(stream) == 0;
    // The run continues: it may write other results, which are worth having.
    if (!written && !is_stderr) note_lost_output(errno);
  };
  request.cancelled = watch_for_interrupts();
}

int report(const launch::RunOutcome& outcome) {
  if (outcome.status == launch::RunStatus::Ok) return 0;
  if (outcome.status == launch::RunStatus::RejectedMapping) {
    fmt::print(stderr, "{}", outcome.message);
  } else if (outcome.stderr_text.find(first_line(outcome.message)) != std::string::npos) {
    // The plug-in has already printed the message.
    fmt::print(stderr, "placewright: the run ended: {}\n", to_string(outcome.status));
  } else {
    fmt::print(stderr, "placewright: {}: {}\n", to_string(outcome.status), outcome.message);
  }
  return 1;
}

}  // namespace placewright::cli
