// SPDX-License-Identifier: Apache-2.0
// Tasks and launches as decisions see them: plain descriptions that the plug-in makes from Legion's
// objects and the simulator from a recorded workload.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "decide/machine.h"
#include "machine/launch_facts.h"

namespace placewright::decide {

struct Variant {
  uint32_t id = 0;
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  bool inner = false;
  bool leaf = false;
  bool replicable = false;
};

/// What an application registered for a task.
struct TaskFacts {
  std::string name;
  std::vector<Variant> variants;
  [[nodiscard]] bool has_variant(machine::ProcessorKind kind) const;
  [[nodiscard]] bool any_inner() const;
  [[nodiscard]] bool all_leaves() const;
};

/// Where the parent of a task runs. All shards of a replicated parent must give the same answer.
struct ParentFacts {
  std::optional<ProcessorPlace> place;
  bool is_sharded = false;
  int first_shard = 0;  ///< The node of shard 0, if it is sharded.
};

/// One launch, or one point of it.
struct LaunchInfo {
  machine::LaunchFacts facts;
  std::optional<ParentFacts> parent;  ///< Empty for the top-level task.
  bool must_epoch = false;
  bool concurrent = false;  ///< Every point needs a processor of its own.
  /// The application asks that the points be mapped together: none runs before all are mapped.
  bool collective = false;
  /// A wish of the launcher that only the default mapper knows: to stay on the node.
  bool stays_on_node = false;
  /// An ancestor is the same task.
  bool nested_in_itself = false;
  /// The parent makes tasks wait for phase barriers: a task may depend on any later one.
  bool beside_barriers = false;
  /// The only node on which the runtime runs it: a local function stays where it is launched.
  std::optional<int> bound_to_node = std::nullopt;
  [[nodiscard]] bool is_index() const { return facts.domain.has_value(); }
  /// The facts with the parent's processor, which is the first one of shard 0's node if the parent
  /// is replicated.
  [[nodiscard]] machine::LaunchFacts facts_with_parent() const;
};

}  // namespace placewright::decide
