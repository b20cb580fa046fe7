// SPDX-License-Identifier: Apache-2.0
// Rules whose answers come from a list of rows. Conditions and mapping functions are left to the
// derived class: the interpreter's, or compiled ones.
#pragma once

#include "policy/rule_sets.h"
#include "policy/rules.h"

namespace placewright::policy {

class ListedRules : public Rules {
 public:
  using Rules::task;

  [[nodiscard]] tl::expected<TaskId, Diagnostic> task(
      std::string_view name, const machine::LaunchFacts& launch) const final;
  [[nodiscard]] RegionId region(std::string_view name) const final;

  [[nodiscard]] bool has_conditions() const final { return sets_.has_conditions(); }
  [[nodiscard]] bool has_limits() const final { return !list_.limits.empty(); }
  [[nodiscard]] bool has_virtual_memory() const final;
  [[nodiscard]] bool uses_region_names() const final { return sets_.names().regions.size() > 0; }

  [[nodiscard]] std::span<const machine::ProcessorKind> processor_kinds(TaskId task) const final;
  [[nodiscard]] std::optional<SourceRange> processor_rule(TaskId task) const final;
  [[nodiscard]] std::vector<MemoryRule> memories(TaskId task, const RegionRef& region,
                                                 machine::ProcessorKind kind) const final;
  [[nodiscard]] std::optional<LayoutRule> layout(TaskId task, const RegionRef& region,
                                                 machine::MemoryKind memory) const final;
  [[nodiscard]] int instance_limit(TaskId task, machine::ProcessorKind kind) const final;
  [[nodiscard]] std::optional<int> priority(TaskId task, machine::ProcessorKind kind) const final;
  [[nodiscard]] std::vector<NodeRange> replicated_nodes() const final;
  [[nodiscard]] bool collects(TaskId task, const RegionRef& region) const final;
  [[nodiscard]] std::optional<Replication> replicates(TaskId task) const final;
  [[nodiscard]] std::optional<FunctionId> index_map(TaskId task,
                                                    machine::ProcessorKind kind) const final;
  [[nodiscard]] std::optional<FunctionId> single_map(TaskId task,
                                                     machine::ProcessorKind kind) const final;
  [[nodiscard]] std::optional<SourceRange> index_map_rule(TaskId task,
                                                          machine::ProcessorKind kind) const final;
  [[nodiscard]] std::optional<SourceRange> single_map_rule(TaskId task,
                                                           machine::ProcessorKind kind) const final;
  [[nodiscard]] std::optional<SourceRange> processor_rule_naming(std::string_view task) const final;
  [[nodiscard]] std::optional<SourceRange> single_map_rule_naming(
      std::string_view name, TaskId task, machine::ProcessorKind kind) const final;
  [[nodiscard]] bool memory_rule_names(SourceRange rule, std::string_view task) const final;

 protected:
  explicit ListedRules(RuleList list) : list_(std::move(list)), sets_(list_) {}

  /// The task without the rules that have conditions.
  [[nodiscard]] TaskId unconditional_task(std::string_view name) const;
  /// Whether a condition of the list holds for a launch.
  [[nodiscard]] virtual tl::expected<bool, Diagnostic> holds(
      size_t condition, const machine::LaunchFacts& launch) const = 0;

 private:
  RuleList list_;
  mutable RuleSets sets_;  ///< Only grows; see RuleSets.
};

}  // namespace placewright::policy
