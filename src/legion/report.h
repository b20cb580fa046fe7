// SPDX-License-Identifier: Apache-2.0
// How the plug-in speaks to the person and to `placewright run`: messages on stderr, and one JSON
// object per line in the status file that the environment variable PLACEWRIGHT_STATUS names (a `%`
// in it is the process number). Nothing here needs Legion to be up.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "machine/kinds.h"

namespace placewright {

/// Where a `%` stands in the path, the process number is put.
[[nodiscard]] std::string numbered_path(std::string path, int process);

/// Appends lines to the status file in one write each. Thread-safe; does nothing without a file.
class StatusFile {
 public:
  /// An empty path: no file.
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

/// Live instances of one argument in the memory that is full.
struct RefusalShare {
  std::string task;
  unsigned argument = 0;
  uint64_t count = 0;
  uint64_t bytes = 0;
};

/// A reason to end the run that the person can do something about.
struct Refusal {
  std::string message;   ///< Lower case, no period.
  std::string help;      ///< May be empty.
  std::string position;  ///< `file:line:col` of the rule that decided; may be empty.
  std::optional<MemoryKind> full_memory;
  /// What it is, for programs: the id of a diagnostic, or `out-of-memory`, `impossible-layout`,
  /// `not-replicable`. Empty where the mapping is not at fault.
  std::string id;
  RefusedArgument argument;           ///< Without a task where it is about none.
  uint64_t bytes = 0;                 ///< Asked of the full memory.
  uint64_t capacity = 0;              ///< Of the full memory, in bytes.
  std::vector<RefusalShare> holders;  ///< Most bytes first.
};

/// `file:line:col: error: message` and help on stderr, the same in the status file, then the
/// process ends with status 1: no core, no other thread's output lost in between.
[[noreturn]] void end_run(const StatusFile& status, const Refusal& refusal);

/// A `note:` line on stderr.
void say(std::string_view text);

}  // namespace placewright
