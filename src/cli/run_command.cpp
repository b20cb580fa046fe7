// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright run`.
#include <fmt/core.h>

#include <memory>
#include <optional>

#include "cli/adapt_run.h"
#include "cli/commands.h"
#include "cli/explain_decisions.h"
#include "cli/print_error.h"
#include "cli/run_options.h"
#include "cli/steps_run.h"
#include "cli/usage.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

struct Options : RunOptions {
  std::string discover;
  std::string plan;
  std::string decisions;
  std::string profile;
  bool explain = false;
  bool steps = false;
  std::string step_task;
  AdaptOptions adapting;
};

void set_if_given(std::optional<std::string>& target, const std::string& value) {
  if (!value.empty()) target = value;
}

/// Explains the lines that exist, even if the run failed.
bool print_explanation(const std::string& decisions) {
  const Result<std::string> text = explain_decisions(read_file(decisions).value_or(""));
  if (!text) {
    print_error(text.error());
    return false;
  }
  print_text(stdout, "{}", *text);
  return true;
}

int run(Options& options) {
  launch::RunRequest& request = options.request;
  std::optional<TemporaryFolder> folder;
  if (options.explain && options.decisions.empty()) {
    Result<TemporaryFolder> made = TemporaryFolder::make();
    if (!made) return print_error(made.error()) ? 0 : 1;
    options.decisions = folder.emplace(std::move(*made)).path() + "/decisions";
  }
  set_if_given(request.discover, options.discover);
  set_if_given(request.decisions, options.decisions);
  set_if_given(request.profile, options.profile);
  set_if_given(request.plan, options.plan);
  if (const auto ready = prepare(options); !ready) {
    print_error(ready.error());
    return 1;
  }
  if (options.steps) return run_for_steps(options, options.step_task);
  if (options.adapting.adapt) return run_adapting(options, options.adapting);
  const Result<launch::RunOutcome> outcome = launch::run_application(request);
  if (!outcome) {
    print_error(outcome.error());
    return 1;
  }
  if (!outcome->log_folder.empty())
    print_text(stderr, "placewright: note: Legion's logs are in {}\n", outcome->log_folder);
  if (options.explain && !print_explanation(options.decisions)) return 1;
  return report(*outcome);
}

}  // namespace

void add_run_command(CLI::App& app, int& exit_status) {
  auto options = std::make_shared<Options>();
  launch::RunRequest& request = options->request;
  CLI::App* command = app.add_subcommand("run", "Run an unmodified Legion program under a mapping");
  add_mapping_option(*command, *options);
  add_run_options(*command, *options);
  command->add_flag("--replace-mapper", request.replace_mapper,
                    "Replace the mappers that the application installs itself");
  command
      ->add_option("--discover", options->discover,
                   "Output file for the workload of the application")
      ->type_name("FILE");
  command
      ->add_option(
          "--decisions", options->decisions,
          "Output file for where every task ran and where its data was, one JSON object per line")
      ->type_name("FILE");
  command
      ->add_option("--profile", options->profile,
                   "Output file for the profile of the run, for `placewright profile`")
      ->type_name("FILE");
  command->add_flag("--explain-decisions", options->explain,
                    "Print at the end which rule decided what, per task");
  CLI::Option* plan =
      command
          ->add_option("--plan", options->plan,
                       "Plan file with further mappings to try within the run (docs/adapt.md)")
          ->type_name("FILE");
  CLI::Option* explored = command
                              ->add_option("--explored", request.explored,
                                           "Output file for what came of the plan; one for each "
                                           "process if its name contains `%`")
                              ->type_name("FILE");
  CLI::Option* steps = command->add_flag("--steps", options->steps,
                                         "Print the block of launches that the program repeats");
  command
      ->add_option("--step-task", options->step_task,
                   "With --steps: the task with which a step begins (default: found)")
      ->type_name("TASK")
      ->needs(steps);
  steps->excludes(plan);
  add_adapt_options(*command, options->adapting);
  command->get_option("--adapt")->excludes(plan)->excludes("--decisions")->excludes("--discover");
  plan->needs(explored);
  explored->needs(plan);
  command->add_flag("--keep-logs", request.keep_logs,
                    "Keep Legion's logs and print their location");
  set_forms(*command, {"[OPTIONS] -- PROGRAM [ARGUMENT...]"});
  command->footer("Example: placewright run --mapping expert.mapping -- ./circuit -ll:cpu 2");
  command->callback([options, &exit_status] { exit_status = run(*options); });
}

}  // namespace placewright::cli
