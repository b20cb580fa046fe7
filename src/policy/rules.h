// SPDX-License-Identifier: Apache-2.0
// What the rules of one mapping say on one machine: the questions that the decision core
// (src/decide) asks. policy.h explains which rule wins. `Policy` answers from a mapping text, a
// generated mapper from compiled functions.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "machine/domain.h"
#include "machine/launch_facts.h"
#include "policy/rule_types.h"
#include "support/diagnostic.h"

namespace placewright::policy {

/// Where every point of one launch goes. Immutable.
class LaunchPlacement {
 public:
  virtual ~LaunchPlacement() = default;
  /// The kind of processor that ordinals count.
  [[nodiscard]] virtual machine::ProcessorKind kind() const = 0;
  /// The point must be inside the launch's domain.
  [[nodiscard]] virtual Target at(const machine::DomainPoint& point) const = 0;
};

/// Immutable for its users and safe to share between threads; only caches grow. In the answers,
/// nullopt means that no rule decides, and queries ending in `_rule` return the range of the rule
/// that decides.
class Rules {
 public:
  virtual ~Rules() = default;

  /// All names that no rule mentions share one id, to which only `*` and kind rules apply.
  /// Evaluates the conditions of the rules that select the task, so call it once per launch.
  /// Errors: a condition that has no value, more than 4096 sets of rules.
  [[nodiscard]] virtual tl::expected<TaskId, Diagnostic> task(
      std::string_view name, const machine::LaunchFacts& launch) const = 0;
  [[nodiscard]] virtual RegionId region(std::string_view name) const = 0;

  [[nodiscard]] virtual bool has_conditions() const = 0;
  [[nodiscard]] virtual bool has_limits() const = 0;
  /// Whether any rule lists virtual memory.
  [[nodiscard]] virtual bool has_virtual_memory() const = 0;
  [[nodiscard]] virtual bool uses_region_names() const = 0;

  /// Empty if no rule decides.
  [[nodiscard]] virtual std::span<const machine::ProcessorKind> processor_kinds(
      TaskId task) const = 0;
  [[nodiscard]] virtual std::optional<SourceRange> processor_rule(TaskId task) const = 0;
  /// The whole list in order of preference, including kinds that the machine lacks.
  [[nodiscard]] virtual std::vector<MemoryRule> memories(TaskId task, const RegionRef& region,
                                                         machine::ProcessorKind kind) const = 0;
  [[nodiscard]] virtual std::optional<LayoutRule> layout(TaskId task, const RegionRef& region,
                                                         machine::MemoryKind memory) const = 0;
  /// At most this many instances of the task in flight per processor; 0 means no limit.
  [[nodiscard]] virtual int instance_limit(TaskId task, machine::ProcessorKind kind) const = 0;
  /// Among ready tasks, the one with the larger number runs first.
  [[nodiscard]] virtual std::optional<int> priority(TaskId task,
                                                    machine::ProcessorKind kind) const = 0;
  /// Whether read-only instances of this argument may be collected immediately.
  [[nodiscard]] virtual bool collects(TaskId task, const RegionRef& region) const = 0;
  /// nullopt if the mapping has no ControlReplicate statement.
  [[nodiscard]] virtual std::optional<Replication> replicates(TaskId task) const = 0;
  /// All that ControlReplicate rules list.
  [[nodiscard]] virtual std::vector<NodeRange> replicated_nodes() const = 0;

  [[nodiscard]] virtual std::optional<FunctionId> index_map(TaskId task,
                                                            machine::ProcessorKind kind) const = 0;
  [[nodiscard]] virtual std::optional<FunctionId> single_map(TaskId task,
                                                             machine::ProcessorKind kind) const = 0;
  [[nodiscard]] virtual std::optional<SourceRange> index_map_rule(
      TaskId task, machine::ProcessorKind kind) const = 0;
  [[nodiscard]] virtual std::optional<SourceRange> single_map_rule(
      TaskId task, machine::ProcessorKind kind) const = 0;

  /// The functions that map rules name, in file order.
  [[nodiscard]] virtual std::span<const FunctionId> functions() const = 0;
  [[nodiscard]] virtual machine::FactsUsed facts_used(FunctionId function) const = 0;
  /// The placement of a launch with a domain whose points run on processors of `kind`; later calls
  /// look it up. The error names the point. The placement lives as long as the rules.
  [[nodiscard]] virtual tl::expected<const LaunchPlacement*, Diagnostic> launch_placement(
      FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const = 0;
  /// The processors for a single task. The span of the result is valid until the next call on this
  /// thread.
  [[nodiscard]] virtual tl::expected<Target, Diagnostic> place_single(
      FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const = 0;

  /// The first rule for processor kinds that lists the task by name.
  [[nodiscard]] virtual std::optional<SourceRange> processor_rule_naming(
      std::string_view task) const = 0;
  /// The rule that single_map_rule() gives, if it lists the task by name.
  [[nodiscard]] virtual std::optional<SourceRange> single_map_rule_naming(
      std::string_view name, TaskId task, machine::ProcessorKind kind) const = 0;
  /// Whether the memory rule with this range lists the task by name.
  [[nodiscard]] virtual bool memory_rule_names(SourceRange rule, std::string_view task) const = 0;

  /// `file:line:col` of a rule, for messages.
  [[nodiscard]] virtual std::string position(SourceRange rule) const = 0;
};

}  // namespace placewright::policy
