// SPDX-License-Identifier: Apache-2.0
#include "legion/plan.h"

#include <algorithm>

namespace placewright::legion {

using Legion::FieldID;
using Legion::LayoutConstraintSet;
using Legion::RegionRequirement;
using Legion::Mapping::MapperContext;

bool ArgumentPlan::covers(const std::set<FieldID>& needed) const {
  return std::ranges::includes(fields, needed);
}

ArgumentPlan& ArgumentPlanner::plan(MapperContext ctx, const ArgumentKey& key, policy::TaskId task,
                                    const std::vector<policy::RegionId>& names,
                                    const RegionRequirement& requirement) {
  const auto found = plans_.find(key);
  // Fields may have been added to the field space since; a reduction may fold other fields.
  if (found != plans_.end() && found->second.covers(requirement.privilege_fields))
    return found->second;

  ArgumentPlan plan;
  if (requirement.privilege == LEGION_REDUCE) {
    plan.fields.assign(requirement.privilege_fields.begin(), requirement.privilege_fields.end());
  } else {
    // All fields, as the default mapper does: arguments that use different fields of one region
    // then share an instance.
    runtime_->get_field_space_fields(ctx, requirement.parent.get_field_space(), plan.fields);
    std::ranges::sort(plan.fields);
  }
  const std::vector<LayoutConstraintSet> demanded = demands(ctx, key);
  for (const LayoutConstraintSet& demand : demanded) {
    if (demand.memory_constraint.is_valid())
      plan.demanded_memory = demand.memory_constraint.get_kind();
  }
  const policy::RegionRef region{names, static_cast<int>(key.index)};
  plan.collects = policy_->collects(task, region);
  for (const policy::MemoryRule& rule : policy_->memories(task, region, key.kind))
    plan.choices.push_back(choice(plan, key, task, region, requirement, demanded, rule));
  if (rules_win_ && !plan.choices.empty()) plan.demanded_memory.reset();
  return plans_[key] = std::move(plan);
}

const MemoryChoice& ArgumentPlanner::fallback(MapperContext ctx, const ArgumentKey& key,
                                              policy::TaskId task,
                                              const std::vector<policy::RegionId>& names,
                                              const RegionRequirement& requirement,
                                              machine::MemoryKind memory) {
  const ArgumentPlan& base = plan(ctx, key, task, names, requirement);
  const auto found = fallbacks_.find({key, memory});
  if (found != fallbacks_.end() &&
      found->second.layout.constraints.field_constraint.field_set == base.fields) {
    return found->second;
  }
  const policy::RegionRef region{names, static_cast<int>(key.index)};
  return fallbacks_[{key, memory}] =
             choice(base, key, task, region, requirement, demands(ctx, key), {memory, {}});
}

std::vector<LayoutConstraintSet> ArgumentPlanner::demands(MapperContext ctx,
                                                          const ArgumentKey& key) const {
  std::vector<LayoutConstraintSet> result;
  const auto& layouts = runtime_->find_task_layout_constraints(ctx, key.task, key.variant).layouts;
  const auto [first, last] = layouts.equal_range(key.index);
  for (auto layout = first; layout != last; ++layout)
    result.push_back(runtime_->find_layout_constraints(ctx, layout->second));
  return result;
}

MemoryChoice ArgumentPlanner::choice(const ArgumentPlan& plan, const ArgumentKey& key,
                                     policy::TaskId task, const policy::RegionRef& region,
                                     const RegionRequirement& requirement,
                                     const std::vector<LayoutConstraintSet>& demands,
                                     policy::MemoryRule rule) const {
  MemoryChoice result;
  result.kind = rule.kind;
  result.rule = rule.rule;
  if (rule.kind == machine::MemoryKind::Virtual) return result;
  const std::optional<policy::LayoutRule> layout = policy_->layout(task, region, rule.kind);
  if (layout) result.layout_rule = layout->rule;
  const std::vector<LayoutConstraintSet> none;
  const auto& counted = rules_win_ && layout ? none : demands;
  result.layout =
      requirement.privilege == LEGION_REDUCE
          ? make_reduction_layout(layout, key.dim, plan.fields, requirement.redop, counted)
          : make_layout(layout, key.dim, plan.fields, counted);
  result.reuse = result.layout.constraints;
  result.reuse.field_constraint = Legion::FieldConstraint();
  return result;
}

}  // namespace placewright::legion
