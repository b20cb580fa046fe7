// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright study`, which reads what `placewright tune` wrote.
#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/print_error.h"
#include "cli/study_files.h"
#include "cli/usage.h"
#include "support/terminal.h"
#include "support/try.h"
#include "tune/progress.h"
#include "tune/study_export.h"

namespace placewright::cli {
namespace {

constexpr const char* kCsv = "csv";
constexpr const char* kJson = "json";

Result<void> export_study(const std::string& path, const std::string& format) {
  PLACEWRIGHT_TRY(const auto study, open_study(path));
  return format == kCsv ? tune::export_csv(study, print_data)
                        : tune::export_json(study, print_data);
}

Result<void> list_evaluations(const std::string& path) {
  PLACEWRIGHT_TRY(const auto study, open_study(path));
  PLACEWRIGHT_TRY(const auto facts, study.facts());
  const tune::Metric metric = tune::metric_of(facts);
  return study.each_evaluation([&](const tune::Evaluation& evaluation) {
    print_text(stdout, "{}\n", tune::describe(evaluation, metric));
  });
}

Result<void> show_mapping(const std::string& path, int64_t id) {
  PLACEWRIGHT_TRY(const auto study, open_study(path));
  PLACEWRIGHT_TRY(const auto evaluation, find_evaluation(study, id));
  if (evaluation.mapping.empty())
    return fail(
        fmt::format("evaluation {} has no mapping: it is {}", id, evaluation.origin_name()));
  print_data(evaluation.mapping);
  return {};
}

int status_of(const Result<void>& done) { return done || print_error(done.error()) ? 0 : 1; }

struct Options {
  std::string file;
  std::string format = kCsv;
  int64_t evaluation = 0;
};

CLI::App& add_part(CLI::App& study, Options& options, const char* name, const char* what) {
  CLI::App* part = study.add_subcommand(name, what);
  part->add_option("file", options.file, "Study that `placewright tune` wrote")
      ->required()
      ->type_name("FILE");
  return *part;
}

}  // namespace

void add_study_command(CLI::App& app, int& exit_status) {
  CLI::App* study = app.add_subcommand("study", "Read a study of `placewright tune`");
  study->require_subcommand(1);
  auto options = std::make_shared<Options>();

  CLI::App& exported =
      add_part(*study, *options, "export", "Print every evaluation with all samples");
  exported.add_option("--format", options->format, "Format of the output")
      ->check(one_of({kCsv, kJson}))
      ->capture_default_str();
  set_forms(exported, {"[OPTIONS] FILE"});
  exported.footer("Example: placewright study export circuit.study.db --format json");
  exported.callback([options, &exit_status] {
    exit_status = status_of(export_study(options->file, options->format));
  });

  CLI::App& list = add_part(*study, *options, "list", "Print one line for each evaluation");
  set_forms(list, {"FILE"});
  list.footer("Example: placewright study list circuit.study.db");
  list.callback(
      [options, &exit_status] { exit_status = status_of(list_evaluations(options->file)); });

  CLI::App& show = add_part(*study, *options, "show", "Print the mapping of an evaluation");
  show.add_option("evaluation", options->evaluation, "Number of the evaluation, counted from 1")
      ->required()
      ->type_name("N");
  set_forms(show, {"FILE N"});
  show.footer("Example: placewright study show circuit.study.db 12 > twelve.mapping");
  show.callback([options, &exit_status] {
    exit_status = status_of(show_mapping(options->file, options->evaluation));
  });
}

}  // namespace placewright::cli
