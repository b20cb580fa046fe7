// SPDX-License-Identifier: Apache-2.0
// The program `placewright`: parses the command line and runs a subcommand.
#include <cerrno>
#include <cstdio>
#include <exception>
#include <sstream>
#include <string>
#include <system_error>

#include "cli/commands.h"
#include "support/standard_streams.h"

namespace {

constexpr int kUsageError = 2;

/// Unlike fmt::print(), does not throw where standard error cannot be written either.
void report(const std::string& message) {
  std::fputs(("placewright: " + message + "\n").c_str(), stderr);
}

void print(const std::string& text) {
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    placewright::note_lost_output(errno);
}

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
    std::ostringstream out;
    std::ostringstream err;
    const bool is_answer = app.exit(error, out, err) == 0;  // help or the version
    std::fputs(err.str().c_str(), stderr);
    print(out.str());
    return is_answer ? 0 : kUsageError;
  } catch (const std::exception& error) {
    if (std::ferror(stdout) != 0) {
      // Printing failed: fmt has thrown the reason, and main() reports it.
      const auto* reason = dynamic_cast<const std::system_error*>(&error);
      if (reason != nullptr) placewright::note_lost_output(reason->code().value());
    } else {
      report(error.what());
    }
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
  report("error: " + written.error().message);
  return exit_status == 0 ? 1 : exit_status;
}
