// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright version`.
#include <fmt/core.h>

#include "cli/commands.h"

namespace placewright::cli {

void add_version_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand("version", "Print the version");
  command->callback([&exit_status] {
    fmt::print("placewright {}\n", PLACEWRIGHT_VERSION);
    exit_status = 0;
  });
}

}  // namespace placewright::cli
