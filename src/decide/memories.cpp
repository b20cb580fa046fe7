// SPDX-License-Identifier: Apache-2.0
#include "decide/memories.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace placewright::decide {

bool may_be_virtual(const Variant& variant, const Argument& argument) {
  return !variant.leaf && argument.exclusive && argument.privilege != machine::Privilege::Reduce;
}

Unusable why_unusable(const Setting& setting, const ArgumentPlan& plan, const MemoryChoice& choice,
                      const Variant& variant, const Argument& argument,
                      const ProcessorPlace& target) {
  if (choice.kind == machine::MemoryKind::Virtual)
    return may_be_virtual(variant, argument) ? Unusable::None : Unusable::NotPossible;
  const Memory memory = setting.machine.memory(target, choice.kind);
  if (!memory.exists()) return Unusable::OutOfReach;
  if (plan.demanded_memory && *plan.demanded_memory != memory.raw_kind)
    return Unusable::NotDemanded;
  return Unusable::None;
}

void list_usable(const Setting& setting, const ArgumentPlan& plan, const Variant& variant,
                 const Argument& argument, const ProcessorPlace& target,
                 std::vector<UsableMemory>& usable) {
  usable.clear();
  for (const MemoryChoice& choice : plan.choices) {
    if (why_unusable(setting, plan, choice, variant, argument, target) != Unusable::None) continue;
    const bool is_virtual = choice.kind == machine::MemoryKind::Virtual;
    usable.push_back(
        {&choice, is_virtual ? Memory() : setting.machine.memory(target, choice.kind)});
    if (setting.as_published) return;
  }
}

void add_claims(std::span<const UsableMemory> usable, std::vector<uint64_t>& claims) {
  for (const UsableMemory& each : usable) {
    if (each.memory.exists() && std::ranges::find(claims, each.memory.id) == claims.end())
      claims.push_back(each.memory.id);
  }
}

bool lists_only_unseen_memories(const Setting& setting, const TaskRules& task,
                                const ArgumentPlan& plan) {
  if (setting.as_published || plan.choices.empty() || plan.demanded_memory) return false;
  if (!setting.rules.memory_rule_names(plan.choices.front().rule, task.facts.name)) return false;
  return std::none_of(plan.choices.begin(), plan.choices.end(), [](const MemoryChoice& choice) {
    return choice.kind == machine::MemoryKind::Virtual;
  });
}

Refusal refuse_unseen_memories(const Setting& setting, const ArgumentPlan& plan,
                               const ProcessorPlace& target, std::string_view argument) {
  std::vector<std::string_view> kinds;
  for (const MemoryChoice& choice : plan.choices) kinds.push_back(to_string(choice.kind));
  Refusal refusal;
  refusal.message = fmt::format("no memory listed for {} can be used by {}: the rules list {}",
                                argument, to_string(target), fmt::join(kinds, ", "));
  refusal.help = fmt::format("the machine is {}", setting.machine.shape().to_string());
  refusal.position = setting.rules.position(plan.choices.front().rule);
  refusal.id = "unaddressable-memory";
  return refusal;
}

Refusal refuse_demanded_memory(std::string_view argument, const ProcessorPlace& target) {
  Refusal refusal;
  refusal.message = fmt::format(
      "{} cannot use the kind of memory that the task's variant demands "
      "for {}",
      to_string(target), argument);
  refusal.help = "map the task to a kind of processor that has such a memory";
  return refusal;
}

void drop_from_first_virtual(std::vector<UsableMemory>& usable) {
  const auto first = std::find_if(usable.begin(), usable.end(),
                                  [](const UsableMemory& each) { return !each.memory.exists(); });
  usable.erase(first, usable.end());
}

bool is_virtual(const Variant& variant, const Argument& argument, const MemoryChoice& preferred) {
  if (preferred.kind == machine::MemoryKind::Virtual) return true;
  return !preferred.has_rule() && !variant.leaf && argument.wishes.virtual_instance;
}

bool launch_may_be_virtual(const Setting& setting, const TaskFacts& task, bool any_wish) {
  if (task.any_inner() || task.all_leaves()) return task.any_inner();
  return setting.rules.has_virtual_memory() || any_wish;
}

}  // namespace placewright::decide
