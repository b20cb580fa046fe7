// SPDX-License-Identifier: Apache-2.0
// Instances for region arguments: chooses the memory, reuses a valid instance there, else finds or
// creates one.
#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lang/syntax/find_statement.h"
#include "legion/mapper.h"
#include "legion/own_instance.h"

namespace placewright::legion {
namespace {

using Legion::Domain;
using Legion::LogicalRegion;
using Legion::Memory;
using Legion::RegionRequirement;
using Legion::Task;
using Legion::Mapping::PhysicalInstance;

bool needs_instance(const RegionRequirement& requirement) {
  return requirement.privilege != LEGION_NO_ACCESS && !requirement.privilege_fields.empty() &&
         requirement.region.exists();
}

bool has_fields(const PhysicalInstance& instance, const std::set<Legion::FieldID>& fields) {
  return std::ranges::all_of(fields,
                             [&](Legion::FieldID field) { return instance.has_field(field); });
}

bool covers(const Domain& outer, const Domain& inner) {
  if (outer.get_dim() != inner.get_dim()) return false;
  return outer.contains(inner.lo()) && outer.contains(inner.hi());
}

}  // namespace

PlacewrightMapper::Argument PlacewrightMapper::argument(const Mapping& mapping, unsigned index) {
  const RegionRequirement& requirement = mapping.task.regions[index];
  const ArgumentKey key = {mapping.task.task_id,
                           mapping.info.id.value,
                           mapping.output.chosen_variant,
                           index,
                           mapping.kind,
                           names_.ids(mapping.ctx, requirement).value,
                           requirement.parent.get_field_space().get_id(),
                           requirement.parent.get_dim(),
                           requirement.privilege == LEGION_REDUCE ? requirement.redop : 0};
  const std::vector<policy::RegionId>& names = names_.list(NamesId{key.names});
  return {index, requirement, key, names,
          planner_->plan(mapping.ctx, key, mapping.info.id, names, requirement)};
}

std::vector<PlacewrightMapper::UsableMemory> PlacewrightMapper::usable_memories(
    Mapping& mapping, const Argument& argument) {
  const RegionRequirement& requirement = argument.requirement;
  const ArgumentPlan& plan = argument.plan;
  const bool as_published = session_->options().as_published;
  const bool may_be_virtual = !mapping.facts->leaf && requirement.prop == LEGION_EXCLUSIVE &&
                              requirement.privilege != LEGION_REDUCE;
  std::vector<UsableMemory> usable;
  for (const MemoryChoice& choice : plan.choices) {
    if (choice.kind == machine::MemoryKind::Virtual) {
      if (may_be_virtual) usable.push_back({&choice, Memory::NO_MEMORY});
      continue;
    }
    if (plan.demanded_memory && *plan.demanded_memory != to_legion(choice.kind)) continue;
    const Memory memory = session_->machine().memory(mapping.target, choice.kind);
    if (memory.exists()) usable.push_back({&choice, memory});
  }
  // As published, only the first memory counts, even if it is full.
  if (as_published && usable.size() > 1) usable.erase(usable.begin() + 1, usable.end());
  if (!usable.empty()) return usable;
  if (!as_published) refuse_unseen_memories(mapping, argument);
  return {default_memory_of(mapping, argument)};
}

PlacewrightMapper::UsableMemory PlacewrightMapper::default_memory_of(Mapping& mapping,
                                                                     const Argument& argument) {
  const auto& demanded = argument.plan.demanded_memory;
  const Memory memory = default_policy_select_target_memory(
      mapping.ctx, mapping.target, argument.requirement,
      demanded ? Legion::MemoryConstraint(*demanded) : Legion::MemoryConstraint());
  const machine::MemoryKind kind = from_legion(memory.kind()).value_or(machine::MemoryKind::SysMem);
  return {&planner_->fallback(mapping.ctx, argument.key, mapping.info.id, argument.names,
                              argument.requirement, kind),
          memory};
}

void PlacewrightMapper::refuse_unseen_memories(const Mapping& mapping,
                                               const Argument& argument) const {
  const ArgumentPlan& plan = argument.plan;
  if (plan.choices.empty() || plan.demanded_memory) return;
  // A `*` rule applies to tasks in general; where it does not fit, the default mapper decides.
  const SourceRange rule = plan.choices.front().rule;
  if (!names_task<lang::RegionStatement>(policy_->mapping().program, rule, mapping.info.name))
    return;
  std::vector<std::string_view> kinds;
  for (const MemoryChoice& choice : plan.choices) {
    if (choice.kind == machine::MemoryKind::Virtual) return;
    kinds.push_back(to_string(choice.kind));
  }
  session_->refuse(
      {fmt::format("no memory listed for {} can be used by {}: the rules list {}",
                   describe_argument(mapping.ctx, mapping.task, argument.index),
                   session_->machine().describe(mapping.target), fmt::join(kinds, ", ")),
       fmt::format("the machine is {}", policy_->machine().to_string()), session_->position(rule),
       std::nullopt, "unaddressable-memory",
       refused_argument(mapping.ctx, mapping.task, argument.index)});
}

bool PlacewrightMapper::map_arguments(Mapping& mapping) {
  MemoryPressure& pressure = session_->memory_pressure();
  pressure.tidy(mapping.ctx);
  if (pressure.is_tight() && may_wait(mapping)) pressure.begin(waiter(mapping.task, {}));
  for (const std::set<unsigned>& indexes : mapping.facts->colocated)
    if (!map_colocated(mapping, indexes)) return false;
  for (unsigned index = 0; index < mapping.task.regions.size(); ++index)
    if (!map_argument(mapping, index)) return false;
  return true;
}

bool PlacewrightMapper::map_argument(Mapping& mapping, unsigned index) {
  const RegionRequirement& requirement = mapping.task.regions[index];
  if (mapping.done.contains(index) || !needs_instance(requirement)) return true;
  const Argument argument = this->argument(mapping, index);
  std::vector<UsableMemory> usable = usable_memories(mapping, argument);
  const MemoryChoice& first = *usable.front().choice;
  auto& chosen = mapping.output.chosen_instances[index];
  const bool default_virtual = !foreign_tags_ && !first.has_rule() && !mapping.facts->leaf &&
                               (requirement.tag & DefaultMapper::VIRTUAL_MAP) != 0;
  if (first.kind == machine::MemoryKind::Virtual || default_virtual) {
    choose_virtual(mapping, index);
    return true;
  }
  warn_if_rule_yields(mapping, index, first);
  // Drops the choices from the first virtual one on: the preferred choice is a real instance.
  usable.erase(std::ranges::find_if(usable, [](const auto& each) { return !each.memory.exists(); }),
               usable.end());
  const auto instance = obtain_instance(mapping, argument, usable, {});
  if (!instance) return false;
  chosen.push_back(*instance);
  collect_after_use(mapping, argument, instance->get_location() == usable.back().memory);
  return true;
}

void PlacewrightMapper::collect_after_use(Mapping& mapping, const Argument& argument,
                                          bool is_last) {
  const unsigned index = argument.index;
  if (argument.requirement.privilege != LEGION_READ_ONLY) return;
  if (session_->options().as_published) {
    if (argument.plan.collects) mapping.output.untracked_valid_regions.insert(index);
    return;
  }
  // A copy that nothing invalidates would occupy the last memory of the list forever.
  const PhysicalInstance& instance = mapping.output.chosen_instances[index].front();
  const bool is_in_the_way = is_last && session_->memory_pressure().is_crowded(instance);
  if (!argument.plan.collects && !is_in_the_way) return;
  if (!session_->folded_data().may_hold_folds(mapping.task, index)) {
    mapping.output.untracked_valid_regions.insert(index);
  } else if (argument.plan.collects &&
             session_->first_time(fmt::format("folds {} {}", mapping.task.task_id, index))) {
    say(
        fmt::format("CollectMemory has no effect on {}: its data may hold reductions of other "
                    "tasks, which Legion would lose (reported once)",
                    describe_argument(mapping.ctx, mapping.task, index)));
  }
}

bool PlacewrightMapper::map_colocated(Mapping& mapping, const std::set<unsigned>& indexes) {
  std::vector<unsigned> group;
  std::vector<LogicalRegion> regions;
  for (const unsigned index : indexes) {
    if (index >= mapping.task.regions.size() || mapping.done.contains(index) ||
        !needs_instance(mapping.task.regions[index])) {
      continue;
    }
    group.push_back(index);
    const LogicalRegion region = mapping.task.regions[index].region;
    if (std::ranges::find(regions, region) == regions.end()) regions.push_back(region);
  }
  if (group.size() < 2) return true;
  // The rules of the first argument decide for the group; a virtual instance cannot be shared.
  const Argument leader = argument(mapping, group.front());
  std::vector<UsableMemory> usable = usable_memories(mapping, leader);
  std::erase_if(usable, [](const UsableMemory& each) { return !each.memory.exists(); });
  if (usable.empty()) usable.push_back(default_memory_of(mapping, leader));
  const auto instance = obtain_instance(mapping, leader, usable, regions);
  if (!instance) return false;
  for (const unsigned index : group) {
    mapping.output.chosen_instances[index].push_back(*instance);
    mapping.done.insert(index);
  }
  return true;
}

std::optional<PhysicalInstance> PlacewrightMapper::reuse_valid(Mapping& mapping, unsigned index,
                                                               const UsableMemory& usable) {
  const RegionRequirement& requirement = mapping.task.regions[index];
  if (needs_own_instance(requirement) || index >= mapping.input.valid_instances.size())
    return std::nullopt;
  const auto& valid = mapping.input.valid_instances[index];
  if (valid.empty()) return std::nullopt;
  const Domain needed =
      runtime->get_index_space_domain(mapping.ctx, requirement.region.get_index_space());
  for (const PhysicalInstance& instance : valid) {
    if (instance.get_location() != usable.memory || !instance.is_normal_instance()) continue;
    if (!has_fields(instance, requirement.privilege_fields)) continue;
    const Domain held = instance.get_instance_domain();
    const bool fits = usable.choice->layout.tight ? held == needed : covers(held, needed);
    if (!fits || !instance.entails(usable.choice->reuse)) continue;
    if (runtime->acquire_instance(mapping.ctx, instance)) return instance;
  }
  return std::nullopt;
}

tl::expected<PhysicalInstance, PlacewrightMapper::FullMemory> PlacewrightMapper::make_instance(
    Mapping& mapping, unsigned index, const UsableMemory& usable,
    const std::vector<LogicalRegion>& regions) {
  const auto& [choice, memory] = usable;
  PhysicalInstance result;
  size_t bytes = 0;
  const Legion::LayoutConstraint* unsatisfied = nullptr;
  bool created = true;
  bool made = false;
  const RegionRequirement& requirement = mapping.task.regions[index];
  const bool is_own = needs_own_instance(requirement);
  MemoryPressure& pressure = session_->memory_pressure();
  if (may_wait(mapping) && pressure.must_yield(waiter(mapping.task, {memory}))) {
    created = false;
    made = !is_own && runtime->find_physical_instance(mapping.ctx, memory,
                                                      choice->layout.constraints, regions, result,
                                                      /*acquire=*/true, choice->layout.tight);
  } else if (is_own) {
    made = runtime->create_physical_instance(
        mapping.ctx, memory, choice->layout.constraints, regions, result, /*acquire=*/true,
        requirement.privilege == LEGION_REDUCE ? LEGION_GC_FIRST_PRIORITY
                                               : LEGION_GC_DEFAULT_PRIORITY,
        choice->layout.tight, &bytes, &unsatisfied);
  } else {
    made = runtime->find_or_create_physical_instance(
        mapping.ctx, memory, choice->layout.constraints, regions, result, created, /*acquire=*/true,
        LEGION_GC_DEFAULT_PRIORITY, choice->layout.tight, &bytes, &unsatisfied);
  }
  if (made && created) {
    pressure.made(result, mapping.task.task_id, index);
    mapping.made.push_back(result);
  }
  if (made) return result;
  // A known size means that the layout was computed, so the cause is lack of room.
  if (unsatisfied != nullptr && bytes == 0) refuse_layout(mapping, index, *choice);
  return tl::unexpected(FullMemory{choice, memory, bytes});
}

void PlacewrightMapper::refuse_layout(Mapping& mapping, unsigned index,
                                      const MemoryChoice& choice) {
  session_->refuse(
      {fmt::format("{} cannot get an instance in {}: the layout that the mapping "
                   "and the task ask for is impossible there",
                   describe_argument(mapping.ctx, mapping.task, index), to_string(choice.kind)),
       "change the Layout rule for this argument",
       choice.has_rule() ? session_->position(choice.rule) : "", std::nullopt, "impossible-layout",
       refused_argument(mapping.ctx, mapping.task, index)});
}

RefusedArgument PlacewrightMapper::refused_argument(MapperContext ctx, const Task& task,
                                                    unsigned index) const {
  return {task.get_task_name(), static_cast<int>(index), names_.texts(ctx, task.regions[index])};
}

void PlacewrightMapper::warn_if_rule_yields(Mapping& mapping, unsigned index,
                                            const MemoryChoice& choice) {
  const auto& conflict = choice.layout.conflict;
  if (!conflict) return;
  if (!session_->first_time(fmt::format("layout {} {}", mapping.task.task_id, index))) return;
  say(
      fmt::format("{}: the task demands {}, the rule at {} asks for {}; the task gets what it "
                  "demands (reported once)",
                  describe_argument(mapping.ctx, mapping.task, index), conflict->demanded,
                  session_->position(choice.layout_rule), conflict->wanted));
}

std::string PlacewrightMapper::describe_argument(MapperContext ctx, const Task& task,
                                                 unsigned index) const {
  const std::vector<std::string> names = names_.texts(ctx, task.regions[index]);
  return fmt::format("argument {}{} of task `{}`", index,
                     names.empty() ? "" : fmt::format(" (`{}`)", fmt::join(names, "`, `")),
                     task.get_task_name());
}

}  // namespace placewright::legion
