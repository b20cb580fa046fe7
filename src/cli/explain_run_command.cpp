#include <fmt/core.h>

#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/complain.h"
#include "cli/run_options.h"
#include "explain/explain.h"
#include "explain/observe.h"
#include "explain/render.h"

namespace placewright::cli {
namespace {

struct Options : RunOptions {
  std::string mapping;
  bool json = false;
};

void print(const std::vector<explain::Finding>& findings, bool json) {
  fmt::print("{}", json ? explain::to_json(findings) : explain::to_text(findings));
}

/// Of a program and its arguments.
int explain_program(Options& options) {
  if (!options.mapping.empty()) options.request.mapping = options.mapping;
  prepare(options);
  // Standard output is for the findings.
  options.request.on_output = nullptr;
  const Result<explain::Observed> observed = explain::observe(options.request);
  if (!observed) {
    complain(observed.error());
    return 1;
  }
  fmt::print(stderr, "{}", observed->notes);
  print(explain::explain(observed->run), options.json);
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
  command->footer("Example: placewright explain-run --mapping my.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = explain_program(*options); });
}

}  // namespace placewright::cli
