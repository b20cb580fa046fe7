// SPDX-License-Identifier: Apache-2.0
// The program `placewright`: parses the command line and runs a subcommand.
#include <exception>
#include <string>

#include "cli/commands.h"
#include "cli/usage.h"
#include "support/standard_streams.h"
#include "support/terminal.h"

namespace {

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

/// Runs the subcommand of the command line; returns the exit status.
int run(int argc, char** argv) {
  using namespace placewright::cli;
  CLI::App app{"Mappings for task-based parallel programs: check, run, measure, improve",
               "placewright"};
  app.formatter(help_formatter());
  app.require_subcommand(1);
  app.set_version_flag("--version", version_line());
  app.footer("Example: placewright run --mapping expert.mapping -- ./circuit -input small");
  int exit_status = 0;
  add_check_command(app, exit_status);
  add_codegen_command(app, exit_status);
  add_compare_command(app, words_after_mark(argc, argv), exit_status);
  add_completion_command(app, exit_status);
  add_fmt_command(app, exit_status);
  add_eval_command(app, exit_status);
  add_explain_command(app, exit_status);
  add_explain_run_command(app, exit_status);
  add_grammar_command(app, exit_status);
  add_from_json_command(app, exit_status);
  add_machine_command(app, exit_status);
  add_run_command(app, exit_status);
  add_profile_command(app, exit_status);
  add_record_command(app, exit_status);
  add_simulate_command(app, exit_status);
  add_infer_command(app, exit_status);
  add_doctor_command(app, exit_status);
  add_tune_command(app, exit_status);
  add_experiment_command(app, exit_status);
  add_show_command(app, exit_status);
  add_study_command(app, exit_status);
  add_version_command(app, exit_status);
  refuse_empty_values(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_usage(app, error);
  } catch (const WrongUsage& wrong) {
    return report_usage(app, wrong.error);
  } catch (const std::exception& error) {
    placewright::print_text(stderr, "placewright: {}\n", error.what());
    return 1;
  }
  return exit_status;
}

}  // namespace

int main(int argc, char** argv) {
  placewright::reserve_standard_streams();
  const int exit_status = run(argc, argv);
  const auto written = placewright::finish_standard_output();
  if (written) return exit_status;
  placewright::print_text(stderr, "placewright: error: {}\n", written.error().message);
  return exit_status == 0 ? 1 : exit_status;
}
