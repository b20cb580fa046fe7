// SPDX-License-Identifier: Apache-2.0
// A reason to end a run that the user can act on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "machine/kinds.h"

namespace placewright::decide {

/// The region argument that a refusal is about.
struct RefusedArgument {
  std::string task;
  int index = -1;
  std::vector<std::string> regions = {};  ///< Its names, best first.
};

/// Live instances of one argument in the full memory.
struct RefusalShare {
  std::string task;
  unsigned argument = 0;
  uint64_t count = 0;
  uint64_t bytes = 0;
};

struct Refusal {
  std::string message;        ///< Lower case, no period.
  std::string help = {};      ///< May be empty.
  std::string position = {};  ///< `file:line:col` of the rule that decided; may be empty.
  std::optional<machine::MemoryKind> full_memory = std::nullopt;
  /// A machine-readable id: that of a diagnostic, or `out-of-memory`, `impossible-layout`,
  /// `not-replicable`, `unmodelled-copies`. Empty if the mapping is not at fault.
  std::string id = {};
  RefusedArgument argument = {};           ///< Has no task if the refusal concerns no argument.
  uint64_t bytes = 0;                      ///< Requested from the full memory.
  uint64_t capacity = 0;                   ///< Capacity of the full memory in bytes.
  std::vector<RefusalShare> holders = {};  ///< Most bytes first.
};

}  // namespace placewright::decide
