// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright profile`.
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/read_workload.h"
#include "cli/standard_input.h"
#include "cli/usage.h"
#include "profile/reduce.h"
#include "support/files.h"
#include "support/source.h"
#include "support/terminal.h"
#include "support/try.h"

namespace placewright::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  std::string workload;
  size_t rows = 20;
  bool json = false;
};

Result<profile::Profile> read(const Options& options) {
  if (options.files.size() == 1) {
    PLACEWRIGHT_TRY(const std::string first, read_beginning(options.files.front(), 1));
    if (first == "{") {
      PLACEWRIGHT_TRY(const SourceFile file, SourceFile::read(options.files.front()));
      return profile::profile_from_json(std::string(file.text()));
    }
  }
  if (options.workload.empty()) return profile::reduce(options.files, nullptr);
  PLACEWRIGHT_TRY(const workload::Workload workload, read_workload(options.workload));
  return profile::reduce(options.files, &workload);
}

/// Logs are read from files, by the names of which processes are told apart.
Result<void> prepare(Options& options) {
  for (std::string& file : options.files) PLACEWRIGHT_TRY_VOID(make_readable(file, "profile"));
  return {};
}

int run(Options& options) {
  const Result<profile::Profile> profile = prepare(options).and_then([&] { return read(options); });
  if (!profile) {
    print_error(profile.error());
    return 1;
  }
  if (options.json) {
    print_data(profile::to_json(*profile));
  } else {
    print_text(stdout, "{}", profile::report(*profile, options.rows));
  }
  return 0;
}

}  // namespace

void add_profile_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("profile", "Show what a run spent its time on");
  command
      ->add_option("files", options->files,
                   "Profile from `run --profile`, or the `-lg:prof` logs of all processes; - reads "
                   "standard input")
      ->required()
      ->type_name("FILE...");
  command
      ->add_option(
          "--workload", options->workload,
          "With logs: workload file from `run --discover`, for the names of region arguments")
      ->type_name("FILE");
  command->add_option("--rows", options->rows, "Maximum number of rows per table")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_flag("--json", options->json, "Print the whole profile as JSON");
  set_forms(*command, {"[OPTIONS] PROFILE", "[OPTIONS] LOG..."});
  command->footer("Example: placewright run --profile p.json -- ./app; placewright profile p.json");
  command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace placewright::cli
