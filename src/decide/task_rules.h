// SPDX-License-Identifier: Apache-2.0
// What a mapping says about the launches of one task for which the same rules hold: looked up once,
// then used for every point.
#pragma once

#include <array>
#include <tl/expected.hpp>
#include <vector>

#include "decide/launch.h"
#include "decide/refusal.h"
#include "policy/rules.h"

namespace placewright::decide {

/// Where a mapping is applied and how.
struct Setting {
  const policy::Rules& rules;
  const Machine& machine;
  /// Apply a mapping as the published system does, without the measures that keep a mapping from
  /// failing.
  bool as_published = false;
};

struct TaskRules {
  policy::TaskId id;
  TaskFacts facts;
  /// The kinds of the rule that the task has a variant for and some node of the machine has.
  std::vector<machine::ProcessorKind> kinds;
  /// InstanceLimit by the kind that the task runs on; 0 means no limit.
  std::array<int, machine::kProcessorKindCount> limits{};
  [[nodiscard]] int limit(machine::ProcessorKind kind) const {
    return limits[static_cast<size_t>(kind)];
  }
  [[nodiscard]] bool has_limits() const;
};

/// Errors: a condition without a value, a rule that names the task but lists no kind that it can
/// run on.
[[nodiscard]] tl::expected<TaskRules, Refusal> look_up_task(const Setting& setting,
                                                            const TaskFacts& task,
                                                            const machine::LaunchFacts& launch);

/// The kinds to try for a task, best first: those of its rule, then the default mapper's.
[[nodiscard]] std::vector<machine::ProcessorKind> rank_kinds(const TaskRules& task,
                                                             bool prefers_cpu);
/// The kind that a launch from a node runs on. All points of an index launch run on the first kind of
/// the rule, on whatever nodes have it. A single task runs on the first kind of the rule that its
/// node has, else on the first one elsewhere. Without a rule it is the default mapper's first kind
/// that the node has; Cpu if there is none.
[[nodiscard]] machine::ProcessorKind choose_kind(const TaskRules& task,
                                                 const machine::MachineShape& machine, int node,
                                                 bool prefers_cpu, bool is_index);

/// The most instances of a task in flight per processor; 0 means no limit.
[[nodiscard]] int effective_limit(const TaskRules& task, const LaunchInfo& launch,
                                  machine::ProcessorKind kind);
/// Whether a limit has no effect because the points of a launch are mapped together, or because tasks
/// wait for phase barriers.
[[nodiscard]] bool is_limit_without_effect(const TaskRules& task, const LaunchInfo& launch,
                                           machine::ProcessorKind kind);

[[nodiscard]] int choose_priority(const policy::Rules& rules, const TaskRules& task,
                                  machine::ProcessorKind kind);

/// The nodes of the shards of a task that a rule replicates, in their order: those of the rule that
/// have a processor of the kind.
[[nodiscard]] std::vector<int> shard_nodes(const Setting& setting,
                                           const std::optional<policy::NodeRange>& nodes,
                                           machine::ProcessorKind kind);
/// All lists of nodes that shard_nodes() can give, first that of all nodes.
[[nodiscard]] std::vector<std::vector<int>> shard_lists(const Setting& setting);

/// Whether a task is replicated, one shard per node; nullopt if no rule decides. Errors: a rule
/// asks for it, but the variant cannot be replicated or another rule, which names the task as well,
/// places it on one node.
[[nodiscard]] tl::expected<std::optional<bool>, Refusal> choose_replication(const Setting& setting,
                                                                            const TaskRules& task,
                                                                            const Variant& variant);

/// A refusal for an error of the rules about a task.
[[nodiscard]] Refusal refuse(const policy::Rules& rules, const Diagnostic& error,
                             const std::string& task);

}  // namespace placewright::decide
