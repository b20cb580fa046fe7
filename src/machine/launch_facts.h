// SPDX-License-Identifier: Apache-2.0
// What rules can ask about a launch beyond the task's name.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "machine/domain.h"
#include "machine/kinds.h"

namespace placewright::machine {

/// Where the parent of a task runs.
struct ParentProcessor {
  ProcessorKind kind = ProcessorKind::Cpu;
  int node = 0;
  int ordinal = 0;
  friend auto operator<=>(const ParentProcessor&, const ParentProcessor&) = default;
};

struct LaunchFacts {
  std::optional<LaunchDomain> domain = std::nullopt;  ///< Empty for a single task.
  uint64_t tag = 0;                                   ///< The launcher's tag.
  int64_t depth = 0;            ///< Nesting depth of the task; 0 for the top-level task.
  ParentProcessor parent = {};  ///< Conditions cannot ask for it.
  uint64_t mapper = 0;          ///< The launcher's mapper id; the default mapper's is 0.
  friend auto operator<=>(const LaunchFacts&, const LaunchFacts&) = default;
};

/// Which facts beside the domain a mapping function can ask for. Launches that differ in others
/// only are placed alike.
struct FactsUsed {
  bool tag = false;
  bool depth = false;
  bool parent = false;
  bool mapper = false;
  [[nodiscard]] bool any() const { return tag || depth || parent || mapper; }
  /// The facts without those that are not used.
  [[nodiscard]] LaunchFacts of(const LaunchFacts& launch) const {
    LaunchFacts result{launch.domain};
    if (tag) result.tag = launch.tag;
    if (depth) result.depth = launch.depth;
    if (parent) result.parent = launch.parent;
    if (mapper) result.mapper = launch.mapper;
    return result;
  }
  friend bool operator==(const FactsUsed&, const FactsUsed&) = default;
};

}  // namespace placewright::machine
