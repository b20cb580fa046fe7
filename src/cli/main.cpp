// SPDX-License-Identifier: Apache-2.0
// The program `placewright`: parses the command line and runs a subcommand.
#include <fmt/core.h>

#include <cstdio>
#include <exception>

#include "cli/commands.h"

namespace {

constexpr int kUsageError = 2;

/// An empty value usually comes from an unset shell variable and would look like an option that was
/// not given.
void refuse_empty_values(CLI::App& app) {
  const CLI::Validator has_value(
      [](const std::string& value) { return value.empty() ? "its value is empty" : ""; }, "");
  for (CLI::Option* option : app.get_options()) {
    if (option->nonpositional() && option->get_items_expected_max() > 0) option->check(has_value);
  }
  for (CLI::App* command : app.get_subcommands({})) refuse_empty_values(*command);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace placewright::cli;
  CLI::App app{"Mappings for task-based parallel programs: check, run, measure, improve",
               "placewright"};
  app.require_subcommand(1);
  app.set_version_flag("--version", version_line());
  app.footer("Example: placewright run --mapping expert.mapping -- ./circuit -input small");
  int exit_status = 0;
  add_check_command(app, exit_status);
  add_codegen_command(app, exit_status);
  add_fmt_command(app, exit_status);
  add_eval_command(app, exit_status);
  add_explain_command(app, exit_status);
  add_explain_run_command(app, exit_status);
  add_grammar_command(app, exit_status);
  add_from_json_command(app, exit_status);
  add_run_command(app, exit_status);
  add_profile_command(app, exit_status);
  add_infer_command(app, exit_status);
  add_doctor_command(app, exit_status);
  add_tune_command(app, exit_status);
  add_experiment_command(app, exit_status);
  add_show_command(app, exit_status);
  add_version_command(app, exit_status);
  refuse_empty_values(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  } catch (const std::exception& error) {
    fmt::print(stderr, "placewright: {}\n", error.what());
    return 1;
  }
  return exit_status;
}
