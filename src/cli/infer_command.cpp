// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright infer`.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/run_options.h"
#include "cli/usage.h"
#include "infer/compare.h"
#include "infer/infer.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

struct Options : RunOptions {
  std::string output = "inferred.mapping";
  bool no_verify = false;
};

struct Watched {
  std::vector<infer::ObservedTask> tasks;
  bool has_own_mapper = false;  ///< Which decided.
};

/// The decisions of one run; nullopt, with the reason printed, if there are none.
std::optional<Watched> observe(launch::RunRequest& request, const TemporaryFolder& folder) {
  request.decisions = folder.path() + "/decisions";
  const Result<launch::RunOutcome> outcome = launch::run_application(request);
  if (!outcome) {
    print_error(outcome.error());
    return std::nullopt;
  }
  if (report(*outcome) != 0) return std::nullopt;
  Result<std::vector<infer::ObservedTask>> tasks =
      read_file(*request.decisions).and_then(infer::read_decisions);
  if (!tasks) {
    print_error(tasks.error());
    return std::nullopt;
  }
  return Watched{std::move(*tasks), outcome->has_own_mapper};
}

void print_count(std::string_view what, const infer::Agreement::Count& count) {
  if (count.total == 0) {
    print_text(stdout, "  {:<10} none to compare\n", what);
    return;
  }
  print_text(stdout, "  {:<10} {:>7} of {} equal\n", what, count.equal, count.total);
}

/// Runs the application as it was watched, but under the new mapping, and compares the decisions.
/// False if the run failed.
bool verify(const Options& options, const Watched& watched, const TemporaryFolder& folder) {
  launch::RunRequest request = options.request;
  request.mapping = options.output;
  request.replace_mapper = request.replace_mapper || watched.has_own_mapper;
  request.on_output = nullptr;
  const auto found = observe(request, folder);
  if (!found) return false;
  const infer::Agreement agreement = infer::compare(watched.tasks, found->tasks);
  if (agreement.processors.total == 0) {
    print_error(
        Error{"the second run mapped none of the tasks of the first one, so the mapping is "
              "not verified",
              ""});
    return false;
  }
  print_text(stdout, "verified by a run under {}:\n", options.output);
  print_count("processors", agreement.processors);
  print_count("memories", agreement.memories);
  print_count("layouts", agreement.layouts);
  for (const std::string& difference : agreement.differences)
    print_text(stdout, "  {}\n", difference);
  if (!agreement.is_complete())
    print_text(stdout, "  the mapping does not reproduce everything; use it as a starting point\n");
  return true;
}

int run(Options& options) {
  if (const auto ready = prepare(options); !ready) {
    print_error(ready.error());
    return 1;
  }
  if (auto writable = check_writable(options.output); !writable)
    return print_error(writable.error()) ? 0 : 1;
  const Result<TemporaryFolder> folder = TemporaryFolder::make();
  if (!folder) return print_error(folder.error()) ? 0 : 1;
  options.request.discover = folder->path() + "/workload";
  const auto watched = observe(options.request, *folder);
  if (!watched) return 1;
  if (watched->tasks.empty()) {
    print_error(Error{"the program mapped no task, so there is nothing to infer", ""});
    return 1;
  }
  const Result<workload::Workload> workload =
      read_file(*options.request.discover).and_then(workload::workload_from_json);
  if (!workload) {
    print_error(workload.error());
    return 1;
  }
  const infer::InferredMapping mapping = infer::infer_mapping(
      watched->tasks, *workload,
      fmt::format("What `{}` decides by itself on {}.",
                  std::filesystem::path(options.request.argv.front()).filename().string(),
                  workload->machine.to_string()));
  if (const auto written = write_file(options.output, mapping.text); !written)
    return print_error(written.error()) ? 0 : 1;
  const auto lines = std::ranges::count(mapping.text, '\n');
  print_text(stdout, "{}: {} lines, inferred from {} mapped tasks\n", options.output, lines,
             watched->tasks.size());
  for (const std::string& warning : mapping.warnings)
    print_text(stderr, "placewright: warning: {}\n", warning);
  return options.no_verify || verify(options, *watched, *folder) ? 0 : 1;
}

}  // namespace

void add_infer_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("infer", "Write a mapping that reproduces a program's own mapper");
  command->add_option("--output,-o", options->output, "Output file for the mapping")
      ->type_name("FILE")
      ->capture_default_str();
  add_run_options(*command, *options);
  command->add_flag("--no-verify", options->no_verify,
                    "Skip the second run of the program, under the new mapping");
  set_forms(*command, {"[OPTIONS] -- PROGRAM [ARGUMENT...]"});
  command->footer("Example: placewright infer -- ./circuit -mapper handwritten -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace placewright::cli
