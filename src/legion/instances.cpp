// SPDX-License-Identifier: Apache-2.0
#include "legion/instances.h"

#include <fmt/core.h>

#include <algorithm>

#include "decide/defaults.h"
#include "decide/folded_data.h"
#include "decide/notes.h"
#include "legion/argument_records.h"

namespace placewright::legion {

using decide::ArgumentPlan;
using decide::MemoryChoice;
using decide::UsableMemory;
using Legion::LogicalRegion;
using Legion::RegionRequirement;

bool Instances::map_arguments(Mapping& mapping) {
  const std::vector<RegionRequirement>& regions = mapping.task.regions;
  mapping.done.assign(regions.size(), false);
  for (const unsigned index : mapping.input.premapped_regions) mapping.done[index] = true;
  map_inner_task(mapping);
  holding_->begin(mapping);
  for (const std::set<unsigned>& indexes : mapping.variant->colocated)
    if (!map_colocated(mapping, indexes)) return false;
  for (unsigned index = 0; index < regions.size(); ++index)
    if (!map_argument(mapping, index)) return false;
  return true;
}

void Instances::map_inner_task(Mapping& mapping) {
  const bool all_exclusive =
      std::all_of(mapping.task.regions.begin(), mapping.task.regions.end(),
                  [](const RegionRequirement& region) { return region.prop == LEGION_EXCLUSIVE; });
  if (!decide::maps_all_virtually(mapping.variant->variant, all_exclusive)) return;
  for (unsigned index = 0; index < mapping.task.regions.size(); ++index) {
    if (mapping.done[index]) continue;
    choose_virtual(mapping, index);
    mapping.done[index] = true;
  }
}

void Instances::choose_virtual(Mapping& mapping, unsigned index) {
  mapping.output.chosen_instances[index].push_back(Instance::get_virtual_instance());
  host_->folds().mapped_virtually(mapping.task, index);
}

std::span<const ArgumentPlan> Instances::plans(const Mapping& mapping, const ArgumentView& view) {
  return planner_.plans(host_->setting(), view.key(), mapping.rules.id, view.argument(), view);
}

std::vector<UsableMemory> Instances::usable(const Mapping& mapping, const Wanted& wanted) {
  std::vector<UsableMemory> list;
  decide::list_usable(host_->setting(), wanted.plan, mapping.variant->variant, wanted.argument,
                      mapping.target, list);
  if (list.empty()) {
    if (decide::lists_only_unseen_memories(host_->setting(), mapping.rules, wanted.plan)) {
      refuse(mapping, wanted.index(),
             decide::refuse_unseen_memories(host_->setting(), wanted.plan, mapping.target,
                                            describe(mapping, wanted.index())));
    }
    list.push_back(default_memory(mapping, wanted));
  }
  for (const UsableMemory& each : list) {
    if (each.memory.exists()) (void)layouts_.of(*each.choice);
  }
  return list;
}

std::vector<uint64_t> Instances::claims(const Mapping& mapping) {
  const auto& premapped = mapping.input.premapped_regions;
  std::vector<uint64_t> claims;
  for (unsigned index = 0; index < mapping.task.regions.size(); ++index) {
    const ArgumentView view(runtime_, mapping, index, names_, host_->has_foreign_tags());
    if (!decide::needs_instance(view.argument()) ||
        std::ranges::find(premapped, index) != premapped.end())
      continue;
    for (const ArgumentPlan& plan : plans(mapping, view))
      decide::add_claims(usable(mapping, {view, decide::part_of(view.argument(), plan), plan}),
                         claims);
  }
  return claims;
}

UsableMemory Instances::default_memory(const Mapping& mapping, const Wanted& wanted) {
  const decide::Memory memory =
      decide::default_memory(host_->machine().machine(), mapping.target,
                             wanted.argument.wishes.registered_memory, wanted.plan.demanded_memory);
  if (!memory.exists()) {
    refuse(mapping, wanted.index(),
           decide::refuse_demanded_memory(describe(mapping, wanted.index()), mapping.target));
  }
  const MemoryChoice& choice =
      planner_.fallback(host_->setting(), wanted.plan, mapping.rules.id, wanted.argument,
                        memory.kind.value_or(machine::MemoryKind::SysMem));
  (void)layouts_.of(choice);
  return {&choice, memory};
}

bool Instances::map_argument(Mapping& mapping, unsigned index) {
  if (mapping.done[index]) return true;
  const ArgumentView view(runtime_, mapping, index, names_, host_->has_foreign_tags());
  if (!decide::needs_instance(view.argument())) return true;
  int part = 0;
  for (const ArgumentPlan& plan : plans(mapping, view)) {
    const Wanted wanted{view, decide::part_of(view.argument(), plan), plan, part++};
    std::vector<UsableMemory> usable = this->usable(mapping, wanted);
    const MemoryChoice& preferred = *usable.front().choice;
    const bool is_virtual =
        decide::is_virtual(host_->setting(), mapping.variant->variant, wanted.argument, preferred);
    if (is_virtual && wanted.part == 0) {
      // A virtual instance has all fields.
      choose_virtual(mapping, index);
      if (decide::ArgumentRecord* record =
              begin_record(runtime_, mapping, wanted, usable, nullptr, 0))
        record->outcome.what = decide::ArgumentOutcome::What::Virtual;
      return true;
    }
    warn_if_rule_yields(mapping, wanted, preferred);
    decide::drop_from_first_virtual(usable);
    if (usable.empty()) usable.push_back(default_memory(mapping, wanted));
    if (!map_part(mapping, wanted, std::move(usable))) return false;
  }
  return true;
}

bool Instances::map_part(Mapping& mapping, const Wanted& wanted, std::vector<UsableMemory> usable) {
  const unsigned index = wanted.index();
  const machine::LaunchDomain needed = from_legion(runtime_->get_index_space_domain(
      mapping.ctx, wanted.view.requirement().region.get_index_space()));
  static const std::vector<Instance> kNone;
  const auto& input = mapping.input.valid_instances;
  const std::vector<Instance>& valid = index < input.size() ? input[index] : kNone;
  const ValidInstances store(valid, layouts_);
  const auto count = static_cast<decide::InstanceId>(valid.size());
  decide::Obtaining obtaining(wanted.argument, usable, store, count, needed);
  decide::ArgumentRecord* record = begin_record(runtime_, mapping, wanted, usable, &store, count);
  if (record != nullptr) record->needed = needed;
  const auto instance = obtain(mapping, wanted, obtaining, &store, {}, record);
  if (!instance) return false;
  mapping.output.chosen_instances[index].push_back(*instance);
  collect_after_use(mapping, wanted, instance->get_location().id == usable.back().memory.id);
  if (record != nullptr) {
    record->is_crowded = host_->memory_wait().is_crowded(*instance);
    record->may_hold_folds = host_->folds().may_hold_folds(mapping.task, index);
    record->collected = mapping.output.untracked_valid_regions.contains(index);
    record_end(record, *instance);
  }
  return true;
}

bool Instances::map_colocated(Mapping& mapping, const std::set<unsigned>& indexes) {
  std::vector<unsigned> group;
  std::vector<LogicalRegion> regions;
  for (const unsigned index : indexes) {
    if (index >= mapping.task.regions.size() || mapping.done[index]) continue;
    const RegionRequirement& requirement = mapping.task.regions[index];
    const ArgumentView view(runtime_, mapping, index, names_, host_->has_foreign_tags());
    if (!decide::needs_instance(view.argument())) continue;
    group.push_back(index);
    if (std::find(regions.begin(), regions.end(), requirement.region) == regions.end())
      regions.push_back(requirement.region);
  }
  if (group.size() < 2) return true;
  // The rules of the first argument decide for the group; a virtual instance cannot be shared.
  const ArgumentView leader(runtime_, mapping, group.front(), names_, host_->has_foreign_tags());
  int part = 0;
  for (const ArgumentPlan& plan : plans(mapping, leader)) {
    const Wanted wanted{leader, decide::part_of(leader.argument(), plan), plan, part++};
    std::vector<UsableMemory> usable = this->usable(mapping, wanted);
    std::erase_if(usable, [](const UsableMemory& each) { return !each.memory.exists(); });
    if (usable.empty()) usable.push_back(default_memory(mapping, wanted));
    decide::Obtaining obtaining(wanted.argument, usable);
    decide::ArgumentRecord* record = begin_record(runtime_, mapping, wanted, usable, nullptr, 0);
    if (record != nullptr) record->is_leader = true;
    const auto instance = obtain(mapping, wanted, obtaining, nullptr, regions, record);
    if (!instance) return false;
    record_end(record, *instance);
    for (const unsigned index : group) {
      mapping.output.chosen_instances[index].push_back(*instance);
      mapping.done[index] = true;
    }
  }
  return true;
}

void Instances::collect_after_use(Mapping& mapping, const Wanted& wanted, bool is_last) {
  const unsigned index = wanted.index();
  if (wanted.argument.privilege != machine::Privilege::ReadOnly) return;
  const Instance& instance = mapping.output.chosen_instances[index].back();
  const bool is_in_the_way = is_last && host_->memory_wait().is_crowded(instance);
  if (!wanted.plan.collects && !is_in_the_way) return;
  switch (decide::decide_collection(wanted.argument.privilege, wanted.plan.collects, is_in_the_way,
                                    host_->folds().may_hold_folds(mapping.task, index),
                                    host_->setting().as_published)) {
    case decide::Collection::Keep:
      break;
    case decide::Collection::Collect:
      mapping.output.untracked_valid_regions.insert(index);
      break;
    case decide::Collection::CannotCollect:
      if (host_->first_time(fmt::format("folds {} {}", mapping.task.task_id, index)))
        host_->say(decide::note_cannot_collect(describe(mapping, index)));
      break;
  }
}

void Instances::warn_if_rule_yields(const Mapping& mapping, const Wanted& wanted,
                                    const MemoryChoice& preferred) {
  const auto& conflict = preferred.request.conflict;
  if (!conflict) return;
  const unsigned index = wanted.index();
  if (!host_->first_time(fmt::format("layout {} {}", mapping.task.task_id, index))) return;
  host_->say(decide::note_layout_conflict(describe(mapping, index), *conflict,
                                          host_->rules()->position(preferred.layout_rule)));
}

std::optional<Instances::Instance> Instances::obtain(Mapping& mapping, const Wanted& wanted,
                                                     decide::Obtaining& obtaining,
                                                     const ValidInstances* valid,
                                                     const std::vector<LogicalRegion>& regions,
                                                     decide::ArgumentRecord* record) {
  const unsigned index = wanted.index();
  while (const auto action = obtaining.next()) {
    decide::StepRecord step{action->kind, action->where->memory.id, action->instance};
    if (action->kind == decide::Action::Kind::Reuse) {
      const Instance& instance = valid->at(action->instance);
      step.succeeded = runtime_->acquire_instance(mapping.ctx, instance);
      record_step(record, step, *action->where->choice);
      if (step.succeeded) return instance;
      continue;
    }
    const std::vector<LogicalRegion> around =
        regions.empty() ? std::vector{instance_region(mapping, wanted, *action->where)} : regions;
    step.yields = holding_->must_yield(mapping, action->where->memory.id);
    step.making = decide::how_to_make(wanted.argument, step.yields);
    size_t bytes = 0;
    const auto made = make(mapping, wanted, *action->where, around, step.making, bytes);
    step.succeeded = made.has_value();
    step.bytes = bytes;
    record_step(record, step, *action->where->choice);
    if (!made) {
      obtaining.no_room(bytes);
      continue;
    }
    const auto& shortage = obtaining.shortage();
    if (shortage && host_->first_time(fmt::format("full {} {} {}", mapping.task.task_id, index,
                                                  static_cast<int>(shortage->choice->kind)))) {
      host_->say(
          decide::note_fallback(describe(mapping, index), *shortage, action->where->choice->kind));
    }
    return made;
  }
  const decide::Shortage& shortage = *obtaining.shortage();
  const bool may_hold = !host_->setting().as_published && obtaining.is_worth_waiting();
  if (may_hold && holding_->hold(mapping, claims(mapping))) {
    // Without a size it only yields to an older task, which has already reported the problem.
    if (shortage.bytes > 0 &&
        host_->first_time(fmt::format("wait {} {}", mapping.task.task_id, index)))
      host_->say(decide::note_waits(describe(mapping, index), shortage));
    return std::nullopt;
  }
  refuse(mapping, index,
         decide::refuse_instance(*host_->rules(), describe(mapping, index), mapping.target,
                                 shortage, largest_shares(mapping, shortage.memory.id)));
}

std::optional<Instances::Instance> Instances::make(Mapping& mapping, const Wanted& wanted,
                                                   const UsableMemory& where,
                                                   const std::vector<LogicalRegion>& regions,
                                                   decide::Making making, size_t& bytes) {
  const Legion::LayoutConstraintSet& layout = layouts_.of(*where.choice);
  const Legion::Memory memory = to_legion(where.memory);
  const bool tight = where.choice->request.tight;
  const bool reduces = wanted.argument.privilege == machine::Privilege::Reduce;
  const Legion::LayoutConstraint* unsatisfied = nullptr;
  Instance result;
  bool created = false;
  bool made = false;
  switch (making) {
    case decide::Making::FindOrMake:
      made = runtime_->find_or_create_physical_instance(
          mapping.ctx, memory, layout, regions, result, created, /*acquire=*/true,
          LEGION_GC_DEFAULT_PRIORITY, tight, &bytes, &unsatisfied);
      break;
    case decide::Making::MakeOwn:
      made = created = runtime_->create_physical_instance(
          mapping.ctx, memory, layout, regions, result, /*acquire=*/true,
          reduces ? LEGION_GC_FIRST_PRIORITY : LEGION_GC_DEFAULT_PRIORITY, tight, &bytes,
          &unsatisfied);
      break;
    case decide::Making::Find:
      made = runtime_->find_physical_instance(mapping.ctx, memory, layout, regions, result,
                                              /*acquire=*/true, tight);
      break;
    case decide::Making::Nothing:
      break;
  }
  const unsigned index = wanted.index();
  if (made && created) {
    host_->memory_wait().made(result, mapping.task.task_id, index);
    mapping.made.push_back(result);
  }
  if (made) return result;
  // A known size means that the layout was computed, so the cause is lack of room.
  if (unsatisfied != nullptr && bytes == 0)
    refuse(mapping, index,
           decide::refuse_layout(*host_->rules(), describe(mapping, index), *where.choice));
  return std::nullopt;
}

LogicalRegion Instances::instance_region(const Mapping& mapping, const Wanted& wanted,
                                         const UsableMemory& where) const {
  const decide::LayoutRequest& request = where.choice->request;
  std::vector<LogicalRegion> path = {wanted.view.requirement().region};
  if (request.tight) return path.front();
  const bool one_node = host_->machine().node_count() == 1;
  const auto volume = [&](LogicalRegion region) -> uint64_t {
    // One node needs no volumes.
    if (one_node) return 0;
    return runtime_->get_index_space_domain(mapping.ctx, region.get_index_space()).get_volume();
  };
  std::vector<uint64_t> volumes = {volume(path.front())};
  while (runtime_->has_parent_logical_partition(mapping.ctx, path.back())) {
    const auto partition = runtime_->get_parent_logical_partition(mapping.ctx, path.back());
    path.push_back(runtime_->get_parent_logical_region(mapping.ctx, partition));
    volumes.push_back(volume(path.back()));
  }
  const decide::InstanceRegionFacts facts{
      where.memory.kind, wanted.argument.privilege == machine::Privilege::Reduce,
      exact_regions_ || request.layout.specialization.exact || wanted.argument.wishes.exact_region,
      request.layout.padding.has_value()};
  return path[decide::default_instance_region(facts, volumes, host_->machine().node_count())];
}

std::vector<decide::RefusalShare> Instances::largest_shares(const Mapping& mapping,
                                                            uint64_t memory) const {
  constexpr size_t kMostShares = 3;
  std::vector<decide::RefusalShare> largest;
  for (const auto& share : host_->memory_wait().shares(memory)) {
    if (largest.size() == kMostShares) break;
    const char* name = nullptr;
    runtime_->retrieve_name(mapping.ctx, static_cast<Legion::TaskID>(share.task), name);
    largest.push_back({name, share.argument, share.count, share.bytes});
  }
  return largest;
}

std::vector<decide::ArgumentReasons> Instances::reasons(const Mapping& mapping) {
  std::vector<decide::ArgumentReasons> result;
  for (unsigned index = 0; index < mapping.task.regions.size(); ++index) {
    const ArgumentView view(runtime_, mapping, index, names_, host_->has_foreign_tags());
    const auto& chosen = mapping.output.chosen_instances[index];
    decide::ArgumentOutcome outcome;
    if (!chosen.empty() && chosen.front().is_virtual_instance()) {
      outcome.what = decide::ArgumentOutcome::What::Virtual;
    } else if (!chosen.empty()) {
      outcome.what = decide::ArgumentOutcome::What::Instance;
      outcome.memory = from_legion(chosen.front().get_location().kind());
    }
    result.push_back(decide::explain_argument(
        host_->setting(), mapping.rules, plans(mapping, view).front(), mapping.variant->variant,
        view.argument(), mapping.target, outcome));
  }
  return result;
}

std::string Instances::describe(const Mapping& mapping, unsigned index) const {
  return decide::describe_argument(
      mapping.task.get_task_name(), static_cast<int>(index),
      region_names(runtime_, mapping.ctx, mapping.task.regions[index]));
}

void Instances::refuse(const Mapping& mapping, unsigned index, decide::Refusal refusal) const {
  refusal.argument = {mapping.task.get_task_name(), static_cast<int>(index),
                      region_names(runtime_, mapping.ctx, mapping.task.regions[index])};
  host_->refuse(refusal);
}

}  // namespace placewright::legion
