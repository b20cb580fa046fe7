// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright version`, which prints what the option `--version` prints.
#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/usage.h"
#include "support/terminal.h"

namespace placewright::cli {

std::string version_line() { return "placewright " PLACEWRIGHT_VERSION; }

void add_version_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  set_forms(*command, {""});
  command->footer("Example: placewright version");
  command->callback([&exit_status] {
    print_text(stdout, "{}\n", version_line());
    exit_status = 0;
  });
}

}  // namespace placewright::cli
