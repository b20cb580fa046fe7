// SPDX-License-Identifier: Apache-2.0
// For one region argument of one task variant: the memories to try in order, each with the layout
// of an instance there. Made once per kind of argument, then looked up per point.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "legion.h"
#include "legion/layout.h"
#include "legion/names.h"

namespace placewright::legion {

struct MemoryChoice {
  machine::MemoryKind kind = machine::MemoryKind::SysMem;
  LayoutRequest layout;
  /// `layout` without the list of fields: what an instance that already exists must satisfy.
  Legion::LayoutConstraintSet reuse;
  SourceRange rule;         ///< Empty range: the default mapper's choice.
  SourceRange layout_rule;  ///< Empty if no rule gives a layout.
  [[nodiscard]] bool has_rule() const { return rule.end > rule.begin; }
};

struct ArgumentPlan {
  std::vector<MemoryChoice> choices;
  std::vector<Legion::FieldID> fields;  ///< Sorted; the fields of an instance made for it.
  bool collects = false;
  /// The variant's own demand for a memory kind.
  std::optional<Legion::Memory::Kind> demanded_memory;
  [[nodiscard]] bool covers(const std::set<Legion::FieldID>& needed) const;
};

struct ArgumentKey {
  Legion::TaskID task = 0;
  int32_t rules = 0;  ///< TaskId: a task with the rules that apply.
  Legion::VariantID variant = 0;
  unsigned index = 0;
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int32_t names = 0;
  uint64_t field_space = 0;
  int dim = 0;
  /// A task may fold into an argument in one launch and read it in another; 0 means no reduction.
  Legion::ReductionOpID reduction = 0;
  friend auto operator<=>(const ArgumentKey&, const ArgumentKey&) = default;
};

/// One per mapper object.
class ArgumentPlanner {
 public:
  /// `rules_win`: where a rule applies, the demands of the task variant are ignored.
  ArgumentPlanner(Legion::Mapping::MapperRuntime* runtime, const policy::Policy& policy,
                  bool rules_win)
      : runtime_(runtime), policy_(&policy), rules_win_(rules_win) {}

  /// The plan for requirement `key.index`. It stays valid for the lifetime of the planner.
  [[nodiscard]] ArgumentPlan& plan(Legion::Mapping::MapperContext ctx, const ArgumentKey& key,
                                   policy::TaskId task, const std::vector<policy::RegionId>& names,
                                   const Legion::RegionRequirement& requirement);
  /// The choice for a memory that no rule of the plan names; it uses the layout rule for that kind.
  [[nodiscard]] const MemoryChoice& fallback(Legion::Mapping::MapperContext ctx,
                                             const ArgumentKey& key, policy::TaskId task,
                                             const std::vector<policy::RegionId>& names,
                                             const Legion::RegionRequirement& requirement,
                                             machine::MemoryKind memory);

 private:
  [[nodiscard]] std::vector<Legion::LayoutConstraintSet> demands(Legion::Mapping::MapperContext ctx,
                                                                 const ArgumentKey& key) const;
  [[nodiscard]] MemoryChoice choice(const ArgumentPlan& plan, const ArgumentKey& key,
                                    policy::TaskId task, const policy::RegionRef& region,
                                    const Legion::RegionRequirement& requirement,
                                    const std::vector<Legion::LayoutConstraintSet>& demands,
                                    policy::MemoryRule rule) const;

  Legion::Mapping::MapperRuntime* runtime_;
  const policy::Policy* policy_;
  bool rules_win_;
  std::map<ArgumentKey, ArgumentPlan> plans_;
  std::map<std::pair<ArgumentKey, machine::MemoryKind>, MemoryChoice> fallbacks_;
};

}  // namespace placewright::legion
