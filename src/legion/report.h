// SPDX-License-Identifier: Apache-2.0
// Reports to the user and to `placewright run`: messages on stderr, and one JSON object per line in
// the status file named by the environment variable PLACEWRIGHT_STATUS (`%` in the name is replaced
// by the process number). Works before Legion is up.
#pragma once

#include <string>
#include <string_view>

#include "decide/refusal.h"

namespace placewright::legion {

/// Replaces `%` in the path by the process number.
[[nodiscard]] std::string numbered_path(std::string path, int process);

/// Appends lines to the status file, each with a single write. Thread-safe; does nothing without a
/// file.
class StatusFile {
 public:
  /// An empty path means no file.
  StatusFile(std::string path, int process);
  ~StatusFile();
  StatusFile(const StatusFile&) = delete;
  StatusFile& operator=(const StatusFile&) = delete;

  void line(const std::string& json) const;

 private:
  int fd_ = -1;
};

/// Prints `file:line:col: error: message` and the help to stderr, writes the same to the status
/// file, then ends the process with status 1: without a core dump, and without losing other
/// threads' output.
[[noreturn]] void end_run(const StatusFile& status, const decide::Refusal& refusal);

/// Prints a `note:` line to stderr.
void say(std::string_view text);

}  // namespace placewright::legion
