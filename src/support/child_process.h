// SPDX-License-Identifier: Apache-2.0
// Runs one command to completion with a hard time limit and leaves no descendants running, no
// matter what the command does. Independent of what it runs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "support/result.h"

namespace placewright {

struct ChildCommand {
  std::vector<std::string> argv;  ///< The program is looked up in PATH.
  /// Changes to this process' environment: a value sets a variable, nullopt removes it.
  std::vector<std::pair<std::string, std::optional<std::string>>> environment;
  std::string working_directory;  ///< Empty: the current one.
  double timeout_s = 0;           ///< Wall seconds; 0 means none.
  double grace_s = 2;             ///< Between SIGTERM and SIGKILL.
  size_t output_limit = 1 << 20;  ///< Bytes kept of each stream: the last ones.
  /// Called with pieces of output as they arrive; may be empty.
  std::function<void(std::string_view text, bool is_stderr)> on_output;
  /// Polled about ten times a second; true ends the command like a timeout. May be empty.
  std::function<bool()> cancelled;
};

struct ChildResult {
  std::optional<int> exit_status;  ///< Set if the command exited by itself.
  std::optional<int> signal;       ///< Set if a signal ended it.
  bool timed_out = false;
  bool was_cancelled = false;
  bool killed_supervisor = false;  ///< The command killed the process that watches it.
  double wall_s = 0;
  std::string stdout_text;
  std::string stderr_text;
};

/// Runs a command and returns when the command and everything it started is gone. A supervisor
/// process adopts every orphan of the command and kills what remains when the command ends or times
/// out, or when this process dies; it keeps the time limit also while this process is stopped. This
/// process ends everything if the command stops the supervisor (at the time limit) or kills it (at
/// once). Standard input is empty. Errors: the program cannot be started, pipes cannot be created.
/// Thread-safe.
[[nodiscard]] Result<ChildResult> run_child(const ChildCommand& command);

}  // namespace placewright
