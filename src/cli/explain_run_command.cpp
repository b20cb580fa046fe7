// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright explain-run`.
#include <fmt/core.h>

#include <charconv>
#include <cstdio>
#include <memory>

#include "agent/paper_feedback.h"
#include "cli/commands.h"
#include "cli/explain_study.h"
#include "cli/print_error.h"
#include "cli/run_options.h"
#include "explain/explain.h"
#include "explain/observe.h"
#include "explain/render.h"
#include "tune/progress.h"

namespace placewright::cli {
namespace {

constexpr const char* kFindings = "findings";
constexpr const char* kPaper = "paper";

struct Options : RunOptions {
  std::string mapping;
  std::string feedback = kFindings;
  bool json = false;
};

void print(const explain::Observation& run, const Options& options) {
  if (options.feedback == kPaper) {
    fmt::print("{}", agent::paper_feedback(run, agent::find_paper_metric(run.outcome.stdout_text),
                                           agent::FeedbackLevel::Suggest));
  } else if (options.json) {
    fmt::print("{}", explain::to_json(explain::explain(run)));
  } else {
    fmt::print("{}", explain::to_text(explain::explain(run)));
  }
}

/// Explains a run of a program with its arguments.
int explain_program(Options& options) {
  if (!options.mapping.empty()) options.request.mapping = options.mapping;
  prepare(options);
  // Standard output is reserved for the findings.
  options.request.on_output = nullptr;
  const Result<explain::Observed> observed = options.feedback == kPaper
                                                 ? explain::observe_result(options.request)
                                                 : explain::observe(options.request);
  if (!observed) {
    print_error(observed.error());
    return 1;
  }
  fmt::print(stderr, "{}", observed->notes);
  print(observed->run, options);
  const launch::RunStatus status = observed->run.outcome.status;
  if (status == launch::RunStatus::Cancelled)
    fmt::print(stderr, "placewright: the run was cancelled\n");
  return status == launch::RunStatus::Ok ? 0 : 1;
}

/// Explains an evaluation of a study: `STUDY.db [N]`.
int explain_evaluation(Options& options) {
  const std::vector<std::string> words = options.request.argv;
  std::optional<int64_t> id;
  if (words.size() > 1) {
    int64_t number = 0;
    const std::string& word = words[1];
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    if (words.size() > 2 || parsed.ec != std::errc() || parsed.ptr != word.data() + word.size()) {
      print_error({fmt::format("`{}` is not an evaluation number", words.back()),
                   "write `placewright explain-run STUDY.db 12`"});
      return 1;
    }
    id = number;
  }
  prepare(options);
  options.request.on_output = nullptr;
  const auto found = explain_study(words.front(), id, options.request);
  if (!found) {
    print_error(found.error());
    return 1;
  }
  if (options.json) {
    fmt::print("{}", explain::to_json(found->findings));
  } else {
    fmt::print("{}\n{}", tune::describe(found->evaluation), explain::to_text(found->findings));
  }
  return 0;
}

}  // namespace

void add_explain_run_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "explain-run",
      "Run a program, or read STUDY.db [N], and report what failed or cost time and what to try");
  command
      ->add_option("--mapping,-m", options->mapping,
                   "Mapping file (default: the program's own mapper or Legion's default mapper)")
      ->type_name("FILE");
  add_run_options(*command, *options);
  command->add_flag("--replace-mapper", options->request.replace_mapper,
                    "Replace a mapper that the application installs itself");
  command->add_flag("--json", options->json, "Print the findings as JSON");
  command
      ->add_option(
          "--feedback", options->feedback,
          "`findings`, or `paper`: the published system's feedback, from words in the output")
      ->check(CLI::IsMember({kFindings, kPaper}))
      ->capture_default_str();
  command->footer("Example: placewright explain-run --mapping my.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] {
    exit_status = is_study(options->request.argv.front()) ? explain_evaluation(*options)
                                                          : explain_program(*options);
  });
}

}  // namespace placewright::cli
