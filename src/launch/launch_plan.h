// SPDX-License-Identifier: Apache-2.0
// Turns a request into a command line: library path, preload, runtime flags, mpirun. Starts
// nothing.
#pragma once

#include <string>
#include <vector>

#include "launch/libraries.h"
#include "launch/run_application.h"
#include "support/child_process.h"

namespace placewright::launch {

/// Files of one run, all in one temporary folder. `%` is the process number.
struct RunFiles {
  std::string folder;
  [[nodiscard]] std::string status() const { return folder + "/status_%"; }
  [[nodiscard]] std::string log() const { return folder + "/legion_%.log"; }
  [[nodiscard]] std::string decisions() const { return folder + "/decisions_%"; }
  [[nodiscard]] std::string workload() const { return folder + "/workload_%"; }
  [[nodiscard]] std::string recording() const { return folder + "/recording_%"; }
  [[nodiscard]] std::string profile() const { return folder + "/profile_%"; }
  [[nodiscard]] std::string machine_table() const { return folder + "/machine.table"; }
  /// Memory that the processes of a modelled network share.
  [[nodiscard]] std::string network() const { return folder + "/network"; }
  [[nodiscard]] static std::string numbered(const std::string& pattern, int process);
};

struct LaunchPlan {
  ChildCommand command;
  std::string notes;  ///< `placewright: note: ...` lines for the user.
};

/// The words that the runtime parses, in order: machine flags, then the environment's
/// REALM_DEFAULT_ARGS, then argv. Errors: an unreadable machine file.
[[nodiscard]] Result<std::vector<std::string>> runtime_words(const RunRequest& request);

/// Errors: no such program, no MPI for several processes, an unreadable machine file, a file that
/// cannot be written.
[[nodiscard]] Result<LaunchPlan> plan_launch(const RunRequest& request, const RunFiles& files,
                                             const LaunchLibraries& libraries);

}  // namespace placewright::launch
