#include <fmt/core.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/run_options.h"
#include "explain/explain.h"
#include "explain/observe.h"
#include "explain/paper_feedback.h"
#include "explain/render.h"

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
    fmt::print("{}",
               explain::paper_feedback(run, explain::find_paper_metric(run.outcome.stdout_text),
                                       explain::FeedbackLevel::Suggest));
  } else if (options.json) {
    fmt::print("{}", explain::to_json(explain::explain(run)));
  } else {
    fmt::print("{}", explain::to_text(explain::explain(run)));
  }
}

/// Of a program and its arguments.
int explain_program(Options& options) {
  if (!options.mapping.empty()) options.request.mapping = options.mapping;
  prepare(options);
  // Standard output is for the findings.
  options.request.on_output = nullptr;
  const Result<explain::Observed> observed = options.feedback == kPaper
                                                 ? explain::observe_result(options.request)
                                                 : explain::observe(options.request);
  if (!observed) {
    complain(observed.error());
    return 1;
  }
  fmt::print(stderr, "{}", observed->notes);
  print(observed->run, options);
  const RunStatus status = observed->run.outcome.status;
  if (status == RunStatus::Cancelled) fmt::print(stderr, "placewright: the run was cancelled\n");
  return status == RunStatus::Ok ? 0 : 1;
}

}  // namespace

void add_explain_run_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "explain-run", "Run a program and say what went wrong or what cost time, and what to try");
  command
      ->add_option("--mapping,-m", options->mapping,
                   "Mapping file; without one the program's own mapper or Legion's default decides")
      ->type_name("FILE");
  add_run_options(*command, *options);
  command->add_flag("--replace-mapper", options->request.replace_mapper,
                    "Take the place of a mapper that the application installs itself");
  command->add_flag("--json", options->json, "Print the findings as JSON");
  command
      ->add_option("--feedback", options->feedback,
                   "`findings`, or `paper`: the published system's, from words of the output")
      ->check(CLI::IsMember({kFindings, kPaper}))
      ->capture_default_str();
  command->footer("Example: placewright explain-run --mapping my.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = explain_program(*options); });
}

}  // namespace placewright::cli
