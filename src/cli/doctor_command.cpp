// SPDX-License-Identifier: Apache-2.0
// The subcommand `placewright doctor`.
#include <fmt/core.h>

#include <functional>
#include <memory>

#include "cli/commands.h"
#include "cli/usage.h"
#include "launch/doctor.h"
#include "support/terminal.h"

namespace placewright::cli {
namespace {

bool examine() {
  bool good = true;
  for (const launch::Finding& finding : launch::examine_installation()) {
    print_text(stdout, "{} {}: {}\n", finding.good ? "ok     " : "problem", finding.subject,
               finding.found);
    if (!finding.good) print_text(stdout, "        fix: {}\n", finding.fix);
    good = good && finding.good;
  }
  return good;
}

}  // namespace

void add_doctor_command(CLI::App& app, int& exit_status) {
  CLI::App* command = app.add_subcommand(
      "doctor", "Check the Legion runtime, MPI and UCX, and say how to fix problems");
  set_forms(*command, {""});
  command->footer("Example: placewright doctor");
  command->callback([&exit_status] { exit_status = examine() ? 0 : 1; });
}

}  // namespace placewright::cli
