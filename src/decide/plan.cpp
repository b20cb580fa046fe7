// SPDX-License-Identifier: Apache-2.0
#include "decide/plan.h"

#include <algorithm>

namespace placewright::decide {
namespace {

policy::RegionRef region_of(const Argument& argument) { return {argument.names, argument.index}; }

}  // namespace

Argument part_of(const Argument& argument, const ArgumentPlan& plan) {
  Argument part = argument;
  if (!plan.part.used.empty()) part.fields = plan.part.used;
  return part;
}

std::span<const ArgumentPlan> Planner::plans(const Setting& setting, const ArgumentKey& key,
                                             policy::TaskId task, const Argument& argument,
                                             const ArgumentSource& source) {
  auto& known = plans_[key];
  // Fields may have been added to the field space since; a reduction may fold other fields.
  const auto found = std::find_if(known.rbegin(), known.rend(), [&](const auto& plans) {
    const std::vector<FieldId>& fields = plans->fields;
    return fields.empty() ? std::equal(plans->used.begin(), plans->used.end(),
                                       argument.fields.begin(), argument.fields.end())
                          : std::includes(fields.begin(), fields.end(), argument.fields.begin(),
                                          argument.fields.end());
  });
  if (found != known.rend()) return (*found)->list;

  Plans plans;
  plans.used.assign(argument.fields.begin(), argument.fields.end());
  const std::vector<Demand> demands = source.demands();
  for (FieldPart& part : split_fields(argument, source.all_fields(), demands))
    plans.list.push_back(make(setting, key.kind, task, argument, std::move(part)));
  // The parts of an argument that a demand splits depend on the fields that it uses.
  if (std::none_of(demands.begin(), demands.end(), names_fields)) {
    plans.fields = plans.list.front().part.fields;
    plans.list.front().part.used.clear();
  }
  known.push_back(std::make_unique<const Plans>(std::move(plans)));
  return known.back()->list;
}

ArgumentPlan Planner::make(const Setting& setting, machine::ProcessorKind kind, policy::TaskId task,
                           const Argument& argument, FieldPart part) {
  ArgumentPlan plan;
  plan.part = std::move(part);
  for (const Demand& demand : plan.part.demands) {
    if (demand.memory) plan.demanded_memory = demand.memory;
  }
  plan.collects = setting.rules.collects(task, region_of(argument));
  for (const policy::MemoryRule& rule : setting.rules.memories(task, region_of(argument), kind))
    plan.choices.push_back(choose(setting, plan, task, argument, rule));
  if (setting.as_published && !plan.choices.empty()) plan.demanded_memory.reset();
  return plan;
}

const MemoryChoice& Planner::fallback(const Setting& setting, const ArgumentPlan& plan,
                                      policy::TaskId task, const Argument& argument,
                                      machine::MemoryKind memory) {
  std::unique_ptr<const MemoryChoice>& known = fallbacks_[{&plan, memory}];
  if (known == nullptr) {
    known =
        std::make_unique<const MemoryChoice>(choose(setting, plan, task, argument, {memory, {}}));
  }
  return *known;
}

MemoryChoice Planner::choose(const Setting& setting, const ArgumentPlan& plan, policy::TaskId task,
                             const Argument& argument, policy::MemoryRule rule) {
  MemoryChoice result;
  result.kind = rule.kind;
  result.rule = rule.rule;
  result.number = next_number_++;
  if (rule.kind == machine::MemoryKind::Virtual) return result;
  const std::optional<policy::LayoutRule> layout =
      setting.rules.layout(task, region_of(argument), rule.kind);
  if (layout) result.layout_rule = layout->rule;
  const std::vector<Demand> none;
  // As published, a rule wins over what the variant demands.
  result.request =
      request_layout(layout, argument.dim, plan.part.fields,
                     argument.privilege == machine::Privilege::Reduce ? argument.reduction : 0,
                     setting.as_published && layout ? none : plan.part.demands);
  return result;
}

}  // namespace placewright::decide
