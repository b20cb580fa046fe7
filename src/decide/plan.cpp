// SPDX-License-Identifier: Apache-2.0
#include "decide/plan.h"

#include <algorithm>

namespace placewright::decide {
namespace {

policy::RegionRef region_of(const Argument& argument) { return {argument.names, argument.index}; }

bool covers(const std::vector<FieldId>& fields, std::span<const FieldId> needed) {
  return std::includes(fields.begin(), fields.end(), needed.begin(), needed.end());
}

}  // namespace

const ArgumentPlan& Planner::plan(const Setting& setting, const ArgumentKey& key,
                                  policy::TaskId task, const Argument& argument,
                                  const ArgumentSource& source) {
  auto& plans = plans_[key];
  // Fields may have been added to the field space since; a reduction may fold other fields.
  const auto found = std::find_if(plans.rbegin(), plans.rend(), [&](const auto& known) {
    return covers(known->fields, argument.fields);
  });
  if (found != plans.rend()) return **found;

  ArgumentPlan plan;
  if (argument.privilege == machine::Privilege::Reduce) {
    plan.fields.assign(argument.fields.begin(), argument.fields.end());
  } else {
    // All fields, as the default mapper does: arguments that use different fields of one region
    // then share an instance.
    plan.fields = source.all_fields();
    std::sort(plan.fields.begin(), plan.fields.end());
  }
  const std::vector<Demand> demands = source.demands();
  for (const Demand& demand : demands) {
    if (demand.memory) plan.demanded_memory = demand.memory;
  }
  plan.collects = setting.rules.collects(task, region_of(argument));
  for (const policy::MemoryRule& rule : setting.rules.memories(task, region_of(argument), key.kind))
    plan.choices.push_back(choose(setting, plan, task, argument, demands, rule));
  if (setting.as_published && !plan.choices.empty()) plan.demanded_memory.reset();
  plans.push_back(std::make_unique<const ArgumentPlan>(std::move(plan)));
  return *plans.back();
}

const MemoryChoice& Planner::fallback(const Setting& setting, const ArgumentKey& key,
                                      policy::TaskId task, const Argument& argument,
                                      const ArgumentSource& source, machine::MemoryKind memory) {
  const ArgumentPlan& base = plan(setting, key, task, argument, source);
  std::unique_ptr<const MemoryChoice>& known = fallbacks_[{&base, memory}];
  if (known == nullptr) {
    known = std::make_unique<const MemoryChoice>(
        choose(setting, base, task, argument, source.demands(), {memory, {}}));
  }
  return *known;
}

MemoryChoice Planner::choose(const Setting& setting, const ArgumentPlan& plan, policy::TaskId task,
                             const Argument& argument, const std::vector<Demand>& demands,
                             policy::MemoryRule rule) {
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
      request_layout(layout, argument.dim, plan.fields,
                     argument.privilege == machine::Privilege::Reduce ? argument.reduction : 0,
                     setting.as_published && layout ? none : demands);
  return result;
}

}  // namespace placewright::decide
