// SPDX-License-Identifier: Apache-2.0
// What write_mapping() would write of an assignment, as rules and not as text: thousands of assignments
// are asked about in a second, and a text takes longer than an answer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "policy/policy.h"
#include "tune/search_space.h"

namespace placewright::tune {

/// The rules of a mapping, with one in front for each choice of an assignment that differs from what
/// the mapping decides. Not for several threads at once: it numbers what it is asked about.
class ChangedRules final : public policy::Rules {
 public:
  /// `base` and `space` outlive it. `from`: what the base decides, as far as knobs can say. A
  /// decision by a map function of the base cannot be given back to the default mapper.
  ChangedRules(const SearchSpace& space, const policy::Policy& base, const Assignment& from,
               const Assignment& to);
  ~ChangedRules() override;

  [[nodiscard]] tl::expected<policy::TaskId, Diagnostic> task(
      std::string_view name, const machine::LaunchFacts& launch) const override;
  [[nodiscard]] policy::RegionId region(std::string_view name) const override {
    return base_->region(name);
  }
  [[nodiscard]] bool has_conditions() const override { return base_->has_conditions(); }
  [[nodiscard]] bool has_limits() const override { return base_->has_limits(); }
  [[nodiscard]] bool has_virtual_memory() const override { return base_->has_virtual_memory(); }
  [[nodiscard]] bool uses_region_names() const override { return base_->uses_region_names(); }

  [[nodiscard]] std::span<const machine::ProcessorKind> processor_kinds(
      policy::TaskId task) const override;
  [[nodiscard]] std::optional<SourceRange> processor_rule(policy::TaskId task) const override;
  [[nodiscard]] std::vector<policy::MemoryRule> memories(
      policy::TaskId task, const policy::RegionRef& region,
      machine::ProcessorKind kind) const override;
  [[nodiscard]] std::optional<policy::LayoutRule> layout(policy::TaskId task,
                                                         const policy::RegionRef& region,
                                                         machine::MemoryKind memory) const override;
  [[nodiscard]] int instance_limit(policy::TaskId task,
                                   machine::ProcessorKind kind) const override {
    return base_->instance_limit(base_id(task), kind);
  }
  [[nodiscard]] std::optional<int> priority(policy::TaskId task,
                                            machine::ProcessorKind kind) const override {
    return base_->priority(base_id(task), kind);
  }
  [[nodiscard]] bool collects(policy::TaskId task, const policy::RegionRef& region) const override {
    return base_->collects(base_id(task), region);
  }
  [[nodiscard]] std::optional<policy::Replication> replicates(policy::TaskId task) const override {
    return base_->replicates(base_id(task));
  }
  [[nodiscard]] std::vector<policy::NodeRange> replicated_nodes() const override {
    return base_->replicated_nodes();
  }

  [[nodiscard]] std::optional<policy::FunctionId> index_map(
      policy::TaskId task, machine::ProcessorKind kind) const override;
  [[nodiscard]] std::optional<policy::FunctionId> single_map(
      policy::TaskId task, machine::ProcessorKind kind) const override {
    return base_->single_map(base_id(task), kind);
  }
  [[nodiscard]] std::optional<SourceRange> index_map_rule(
      policy::TaskId task, machine::ProcessorKind kind) const override;
  [[nodiscard]] std::optional<SourceRange> single_map_rule(
      policy::TaskId task, machine::ProcessorKind kind) const override {
    return base_->single_map_rule(base_id(task), kind);
  }
  /// Those of the base.
  [[nodiscard]] std::span<const policy::FunctionId> functions() const override {
    return base_->functions();
  }
  [[nodiscard]] machine::FactsUsed facts_used(policy::FunctionId function) const override;
  [[nodiscard]] tl::expected<const policy::LaunchPlacement*, Diagnostic> launch_placement(
      policy::FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const override;
  [[nodiscard]] tl::expected<policy::Target, Diagnostic> place_single(
      policy::FunctionId function, const machine::LaunchFacts& launch,
      machine::ProcessorKind kind) const override {
    return base_->place_single(function, launch, kind);
  }
  [[nodiscard]] std::optional<SourceRange> processor_rule_naming(
      std::string_view task) const override {
    return base_->processor_rule_naming(task);
  }
  [[nodiscard]] std::optional<SourceRange> single_map_rule_naming(
      std::string_view name, policy::TaskId task, machine::ProcessorKind kind) const override {
    return base_->single_map_rule_naming(name, base_id(task), kind);
  }
  [[nodiscard]] bool memory_rule_names(SourceRange rule, std::string_view task) const override {
    return base_->memory_rule_names(rule, task);
  }
  [[nodiscard]] std::string position(SourceRange rule) const override {
    return base_->position(rule);
  }

 private:
  /// What the assignment changes of one task.
  struct Change {
    struct Memory {
      int argument;
      machine::ProcessorKind processor;
      machine::MemoryKind memory;
    };
    std::vector<machine::ProcessorKind> kind;  ///< One, or none.
    std::vector<Memory> memories;
    std::vector<std::pair<int, LayoutChoice>> layouts;  ///< By argument.
    std::vector<std::pair<machine::ProcessorKind, IndexMap>> maps;
  };
  /// A task of the base, and its number in the workload; -1: it is not there.
  struct Known {
    policy::TaskId base;
    int task = -1;
    friend auto operator<=>(const Known&, const Known&) = default;
  };
  [[nodiscard]] policy::TaskId base_id(policy::TaskId task) const {
    return known_[static_cast<size_t>(task.name)].base;
  }
  /// nullptr: nothing is changed.
  [[nodiscard]] const Change* change_of(policy::TaskId task) const;

  const SearchSpace* space_;
  const policy::Policy* base_;
  std::map<int, Change> changes_;  ///< By task of the workload.
  mutable std::vector<Known> known_;
  mutable std::map<std::tuple<IndexMap, machine::ProcessorKind, machine::LaunchDomain>,
                   std::unique_ptr<policy::LaunchPlacement>>
      placements_;
};

}  // namespace placewright::tune
