// SPDX-License-Identifier: Apache-2.0
// Reports to the user and to `placewright run`: messages on stderr, and one JSON object per line in
// the status file named by the environment variable PLACEWRIGHT_STATUS (`%` in the name is replaced
// by the process number). Works before Legion is up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/kinds.h"

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

/// The region argument that a refusal is about.
struct RefusedArgument {
  std::string task;
  int index = -1;
  std::vector<std::string> regions;  ///< Its names, best first.
};

/// Live instances of one argument in the full memory.
struct RefusalShare {
  std::string task;
  unsigned argument = 0;
  uint64_t count = 0;
  uint64_t bytes = 0;
};

/// A reason to end the run that the user can act on.
struct Refusal {
  std::string message;   ///< Lower case, no period.
  std::string help;      ///< May be empty.
  std::string position;  ///< `file:line:col` of the rule that decided; may be empty.
  std::optional<machine::MemoryKind> full_memory;
  /// A machine-readable id: that of a diagnostic, or `out-of-memory`, `impossible-layout`,
  /// `not-replicable`. Empty if the mapping is not at fault.
  std::string id;
  RefusedArgument argument;           ///< Has no task if the refusal concerns no argument.
  uint64_t bytes = 0;                 ///< Requested from the full memory.
  uint64_t capacity = 0;              ///< Capacity of the full memory in bytes.
  std::vector<RefusalShare> holders;  ///< Most bytes first.
};

/// Prints `file:line:col: error: message` and the help to stderr, writes the same to the status
/// file, then ends the process with status 1: without a core dump, and without losing other
/// threads' output.
[[noreturn]] void end_run(const StatusFile& status, const Refusal& refusal);

/// Prints a `note:` line to stderr.
void say(std::string_view text);

}  // namespace placewright::legion
