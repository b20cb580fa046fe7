// SPDX-License-Identifier: Apache-2.0
#include "legion/instances.h"

#include <fmt/core.h>

#include <algorithm>

#include "decide/defaults.h"
#include "decide/folded_data.h"
#include "decide/notes.h"
#include "legion/argument_records.h"
#include "legion/convert.h"
#include "legion/layout.h"

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
  holding_->begin(mapping);
  if (mapped_before_.map(mapping)) return true;
  map_inner_task(mapping);
  for (const std::set<unsigned>& indexes : mapping.variant->colocated)
    if (!map_colocated(mapping, indexes)) return false;
  for (unsigned index = 0; index < regions.size(); ++index)
    if (!map_argument(mapping, index)) return false;
  mapped_before_.keep(mapping);
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
  mapping.repeats = false;
  mapping.output.chosen_instances[index].push_back(Instance::get_virtual_instance());
  host_->folds().mapped_virtually(mapping.task, index);
}

std::span<const ArgumentPlan> Instances::plans(const Mapping& mapping, const ArgumentView& view) {
  return planner_.plans(host_->setting(), view.key(), mapping.rules.id, view.argument(), view);
}

void Instances::list_usable(const Mapping& mapping, const Wanted& wanted,
                            std::vector<UsableMemory>& list) {
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
}

void Instances::list_real(const Mapping& mapping, const Wanted& wanted,
                          std::vector<UsableMemory>& list) {
  list_usable(mapping, wanted, list);
  std::erase_if(list, [](const UsableMemory& each) { return !each.memory.exists(); });
  if (list.empty()) list.push_back(default_memory(mapping, wanted));
}

std::vector<uint64_t> Instances::claims(const Mapping& mapping) {
  const auto& premapped = mapping.input.premapped_regions;
  std::vector<uint64_t> claims;
  std::vector<UsableMemory> usable;
  for (unsigned index = 0; index < mapping.task.regions.size(); ++index) {
    const ArgumentView view(runtime_, mapping, index, names_,
                            host_->has_foreign_tags(mapping.task.map_id));
    if (!decide::needs_instance(view.argument()) ||
        std::ranges::find(premapped, index) != premapped.end())
      continue;
    for (const ArgumentPlan& plan : plans(mapping, view)) {
      list_usable(mapping, {view, decide::part_of(view.argument(), plan), plan}, usable);
      decide::add_claims(usable, claims);
    }
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
  const ArgumentView view(runtime_, mapping, index, names_,
                          host_->has_foreign_tags(mapping.task.map_id));
  if (!decide::needs_instance(view.argument())) return true;
  int part = 0;
  for (const ArgumentPlan& plan : plans(mapping, view)) {
    const Wanted wanted{view, decide::part_of(view.argument(), plan), plan, part++};
    std::vector<UsableMemory>& usable = mapping.usable;
    list_usable(mapping, wanted, usable);
    const MemoryChoice& preferred = *usable.front().choice;
    const bool is_virtual =
        decide::is_virtual(mapping.variant->variant, wanted.argument, preferred);
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
    if (!map_part(mapping, wanted, usable)) return false;
  }
  return true;
}

bool Instances::map_part(Mapping& mapping, const Wanted& wanted,
                         const std::vector<UsableMemory>& usable) {
  const unsigned index = wanted.index();
  const machine::LaunchDomain needed = from_legion(runtime_->get_index_space_domain(
      mapping.ctx, wanted.view.requirement().region.get_index_space()));
  const bool folds = decide::shares_folds(wanted.argument);
  if (folds || wanted.plan.collects) mapping.repeats = false;
  static const std::vector<Instance> kNone;
  const auto& input = mapping.input.valid_instances;
  const FoldTurn turn =
      folds && shares_folds() ? FoldTurn(host_->shared_folds(), mapping.ctx) : FoldTurn();
  // Legion names no valid instances for reductions.
  const std::vector<Instance> known = folds ? shared_folds(wanted, needed) : kNone;
  const std::vector<Instance>& valid = folds ? known : index < input.size() ? input[index] : kNone;
  const ValidInstances store(valid, layouts_);
  const auto count = static_cast<decide::InstanceId>(valid.size());
  const decide::Folding folding = folds ? this->folding(mapping, usable, known) : decide::Folding();
  decide::Obtaining obtaining =
      folds ? decide::Obtaining(wanted.argument, usable, store, count, needed, folding)
            : decide::Obtaining(wanted.argument, usable, store, count, needed);
  decide::ArgumentRecord* record = begin_record(runtime_, mapping, wanted, usable, &store, count);
  if (record != nullptr) {
    record->needed = needed;
    record->most_folds = folding.most;
    record->fold_turn = folding.turn;
  }
  auto obtained = obtain(mapping, wanted, obtaining, &store, {}, record);
  if (!obtained) return false;
  std::vector<Instance>& chosen = mapping.output.chosen_instances[index];
  const Instance& instance = chosen.emplace_back(std::move(*obtained));
  if (folds) share(wanted, needed, known, instance);
  collect_after_use(mapping, wanted, instance.get_location().id == usable.back().memory.id);
  if (record != nullptr) {
    record->is_crowded = host_->memory_wait().is_crowded(instance);
    record->may_hold_folds = host_->folds().may_hold_folds(mapping.task, index);
    record->collected = mapping.output.untracked_valid_regions.contains(index);
    record_end(record, instance);
  }
  return true;
}

bool Instances::map_colocated(Mapping& mapping, const std::set<unsigned>& indexes) {
  std::vector<unsigned> group;
  std::vector<LogicalRegion> regions;
  for (const unsigned index : indexes) {
    if (index >= mapping.task.regions.size() || mapping.done[index]) continue;
    const RegionRequirement& requirement = mapping.task.regions[index];
    const ArgumentView view(runtime_, mapping, index, names_,
                            host_->has_foreign_tags(mapping.task.map_id));
    if (!decide::needs_instance(view.argument())) continue;
    group.push_back(index);
    if (std::find(regions.begin(), regions.end(), requirement.region) == regions.end())
      regions.push_back(requirement.region);
  }
  if (group.size() < 2) return true;
  // The rules of the first argument decide for the group, the demands and fields are those of all; a
  // virtual instance cannot be shared.
  ArgumentView leader(runtime_, mapping, group.front(), names_,
                      host_->has_foreign_tags(mapping.task.map_id));
  for (const unsigned index : std::span(group).subspan(1)) leader.add(index);
  int part = 0;
  for (const ArgumentPlan& plan : plans(mapping, leader)) {
    const Wanted wanted{leader, decide::part_of(leader.argument(), plan), plan, part++};
    std::vector<UsableMemory> usable;
    list_real(mapping, wanted, usable);
    decide::Obtaining obtaining(wanted.argument, usable);
    decide::ArgumentRecord* record = begin_record(runtime_, mapping, wanted, usable, nullptr, 0);
    if (record != nullptr) record->is_leader = true;
    const auto instance = obtain(mapping, wanted, obtaining, nullptr, regions, record);
    if (!instance) return false;
    record_end(record, *instance);
    for (const unsigned index : group) {
      mapping.done[index] = true;
      const auto& fields = mapping.task.regions[index].privilege_fields;
      const auto& used = plan.part.used;
      if (used.empty() || std::ranges::find_first_of(used, fields) != used.end())
        mapping.output.chosen_instances[index].push_back(*instance);
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
  for (bool is_first = true; const auto action = obtaining.next(); is_first = false) {
    if (!is_first || action->kind != decide::Action::Kind::Reuse) mapping.repeats = false;
    decide::StepRecord step{action->kind, action->where->memory.id, action->instance};
    if (action->kind == decide::Action::Kind::Reuse) {
      const Instance& instance = valid->at(action->instance);
      step.succeeded = runtime_->acquire_instance(mapping.ctx, instance);
      record_step(record, step, *action->where->choice);
      if (step.succeeded) return instance;
      if (decide::shares_folds(wanted.argument))
        host_->shared_folds().gone(fold_of(wanted, {}), instance);
      continue;
    }
    step.yields = holding_->must_yield(mapping, action->where->memory.id);
    step.making = decide::how_to_make(wanted.argument, step.yields);
    const auto [made, bytes, is_impossible] =
        maker_.make(mapping, wanted, *action->where, regions, step.making);
    if (is_impossible) {
      refuse(
          mapping, index,
          decide::refuse_layout(*host_->rules(), describe(mapping, index), *action->where->choice));
    }
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
         decide::refuse_instance(
             *host_->rules(), describe(mapping, index), mapping.target, shortage,
             host_->memory_wait().largest_shares(mapping.ctx, shortage.memory.id)));
}

void Instances::map_outputs(Mapping& mapping) {
  const auto first = static_cast<unsigned>(mapping.task.regions.size());
  for (unsigned output = 0; output < mapping.task.output_regions.size(); ++output) {
    const ArgumentView view(runtime_, mapping, first + output, names_,
                            host_->has_foreign_tags(mapping.task.map_id));
    const ArgumentPlan& plan = plans(mapping, view).front();
    const Wanted wanted{view, view.argument(), plan};
    std::vector<UsableMemory> usable;
    list_real(mapping, wanted, usable);
    MemoryChoice choice = *usable.front().choice;
    choice.request = decide::for_output(std::move(choice.request), view.argument().dim);
    warn_if_rule_yields(mapping, wanted, choice);
    mapping.output.output_targets[output] = to_legion(usable.front().memory);
    mapping.output.output_constraints[output].add_constraint(
        to_legion(choice.request.layout).ordering_constraint);
  }
}

std::vector<decide::ArgumentReasons> Instances::reasons(const Mapping& mapping) {
  using What = decide::ArgumentOutcome::What;
  const size_t arguments = mapping.task.regions.size();
  std::vector<decide::ArgumentReasons> result;
  for (unsigned index = 0; index < arguments + mapping.task.output_regions.size(); ++index) {
    const ArgumentView view(runtime_, mapping, index, names_,
                            host_->has_foreign_tags(mapping.task.map_id));
    decide::ArgumentOutcome outcome;
    if (index >= arguments) {
      outcome = {What::Instance,
                 from_legion(mapping.output.output_targets[index - arguments].kind())};
    } else if (const auto& chosen = mapping.output.chosen_instances[index]; !chosen.empty()) {
      const bool is_virtual = chosen.front().is_virtual_instance();
      outcome.what = is_virtual ? What::Virtual : What::Instance;
      if (!is_virtual) outcome.memory = from_legion(chosen.front().get_location().kind());
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
      region_names(runtime_, mapping.ctx, requirement_of(mapping.task, index)));
}

void Instances::refuse(const Mapping& mapping, unsigned index, decide::Refusal refusal) const {
  refusal.argument = {mapping.task.get_task_name(), static_cast<int>(index),
                      region_names(runtime_, mapping.ctx, requirement_of(mapping.task, index))};
  host_->refuse(refusal);
}

}  // namespace placewright::legion
