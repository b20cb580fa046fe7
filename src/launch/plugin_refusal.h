// SPDX-License-Identifier: Apache-2.0
// Why the plug-in ended a run.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace placewright::launch {

/// Live instances of one argument in a full memory.
struct MemoryHolder {
  std::string task;
  int argument = -1;
  uint64_t count = 0;
  uint64_t bytes = 0;
};

/// The plug-in's own report of why it ended the run.
struct PluginRefusal {
  /// The id of a diagnostic, or `out-of-memory`, `impossible-layout`, `not-replicable`,
  /// `unmodelled-copies`. Empty where the mapping is not at fault.
  std::string id;
  std::string message;
  std::string help;
  std::string position;  ///< `file:line:col` in the mapping, or empty.
  std::string task;      ///< Empty if it is not about a task.
  int argument = -1;
  std::vector<std::string> regions;   ///< The argument's names, best first.
  uint64_t bytes = 0;                 ///< Requested from the full memory.
  uint64_t capacity = 0;              ///< The full memory's capacity.
  std::vector<MemoryHolder> holders;  ///< The largest, most bytes first.
};

}  // namespace placewright::launch
