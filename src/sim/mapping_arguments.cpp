// SPDX-License-Identifier: Apache-2.0
// Which instance each argument of a point gets.
#include <algorithm>

#include "decide/defaults.h"
#include "decide/notes.h"
#include "sim/mapping.h"

namespace placewright::sim {

using decide::ArgumentPlan;
using decide::UsableMemory;

namespace {

/// What is known of an argument's data and of its variant's demands.
class RecordedArgument final : public decide::ArgumentSource {
 public:
  RecordedArgument(const std::vector<workload::FieldSize>& fields,
                   const std::vector<workload::RecordedVariant>& variants, uint32_t variant,
                   int index)
      : fields_(&fields) {
    for (const workload::RecordedVariant& each : variants) {
      if (each.variant.id != variant) continue;
      for (const auto& [argument, demand] : each.demands)
        if (argument == index) demands_.push_back(demand);
    }
  }
  [[nodiscard]] std::vector<decide::FieldId> all_fields() const override {
    std::vector<decide::FieldId> ids;
    for (const workload::FieldSize& field : *fields_) ids.push_back(field.id);
    return ids;
  }
  [[nodiscard]] std::vector<decide::Demand> demands() const override { return demands_; }

 private:
  const std::vector<workload::FieldSize>* fields_;
  std::vector<decide::Demand> demands_;
};

}  // namespace

decide::ArgumentKey Mapping::key_of(const Wish& wish) {
  const workload::Piece& piece = piece_of(wish.requirement);
  const std::vector<policy::RegionId> names(wish.argument.names.begin(), wish.argument.names.end());
  const auto known =
      name_numbers_.try_emplace(names, static_cast<int32_t>(name_numbers_.size())).first;
  return {wish.launch.task->number, wish.launch.rules.id, wish.variant.id, wish.argument.index,
          wish.target.kind,         known->second,        piece.fields,    wish.argument.dim,
          wish.argument.reduction};
}

tl::expected<void, decide::Refusal> Mapping::map_argument(Wish& wish, MappedPoint& point) {
  const workload::Piece& piece = piece_of(wish.requirement);
  const RecordedArgument source(recording_->field_spaces[piece.fields], *wish.launch.task->variants,
                                wish.variant.id, wish.argument.index);
  const auto plans =
      planner_.plans(setting_, key_of(wish), wish.launch.rules.id, wish.argument, source);
  if (plans.size() > 1)
    return tl::unexpected(
        decide::Refusal{"an argument needs several instances, which cannot be "
                        "simulated: " +
                        words(wish)});
  const ArgumentPlan& plan = plans.front();
  std::vector<UsableMemory> usable;
  if (auto listed = list_usable(wish, plan, usable); !listed) return listed;
  if (decide::is_virtual(wish.variant, wish.argument, *usable.front().choice)) return {};
  decide::drop_from_first_virtual(usable);
  auto instance = obtain(wish, plan, usable);
  if (!instance) return tl::unexpected(std::move(instance).error());
  const Instance& got = instances_->at(*instance);
  point.arguments[static_cast<size_t>(wish.argument.index)] = place_of(wish, got);
  point.uses.push_back({wish.launch.task->number, wish.argument.index, *instance,
                        data_->used_by(wish.requirement), wish.argument.privilege,
                        collects(wish, plan)});
  return {};
}

tl::expected<void, decide::Refusal> Mapping::list_usable(const Wish& wish, const ArgumentPlan& plan,
                                                         std::vector<UsableMemory>& usable) {
  decide::list_usable(setting_, plan, wish.variant, wish.argument, wish.target, usable);
  if (!usable.empty()) return {};
  if (decide::lists_only_unseen_memories(setting_, wish.launch.rules, plan))
    return tl::unexpected(decide::refuse_unseen_memories(setting_, plan, wish.target, words(wish)));
  const decide::Memory memory = decide::default_memory(
      setting_.machine, wish.target, wish.argument.wishes.registered_memory, plan.demanded_memory);
  if (!memory.exists())
    return tl::unexpected(decide::refuse_demanded_memory(words(wish), wish.target));
  usable.push_back({&planner_.fallback(setting_, plan, wish.launch.rules.id, wish.argument,
                                       memory.kind.value_or(machine::MemoryKind::SysMem)),
                    memory});
  return {};
}

sim::Wanted Mapping::wanted(const Wish& wish, const ArgumentPlan& plan,
                            const UsableMemory& where) const {
  const workload::Piece& piece = piece_of(wish.requirement);
  sim::Wanted wanted{piece.tree,
                     piece.points,
                     plan.part.fields,
                     0,
                     where.choice,
                     where.memory,
                     {wish.launch.task->number, wish.argument.index}};
  for (const workload::FieldSize& field : recording_->field_spaces[piece.fields])
    if (std::ranges::binary_search(wanted.fields, field.id)) wanted.element_bytes += field.bytes;
  if (where.choice->request.tight) return wanted;
  const decide::InstanceRegionFacts facts{
      where.memory.kind, wish.argument.privilege == machine::Privilege::Reduce,
      where.choice->request.layout.specialization.exact || wish.argument.wishes.exact_region,
      where.choice->request.layout.padding.has_value()};
  const size_t up = decide::default_instance_region(
      facts, data_->volumes_up(*recording_->requirements[wish.requirement].piece),
      setting_.machine.node_count());
  if (up > 0) wanted.points = piece.ancestors[up - 1];
  return wanted;
}

decide::FoldInstances::Fold Mapping::fold_of(const Wish& wish,
                                             const machine::LaunchDomain& needed) const {
  const workload::Piece& piece = piece_of(wish.requirement);
  return {piece.tree,
          data_->space_of(*recording_->requirements[wish.requirement].piece),
          wish.argument.reduction,
          {wish.argument.fields.begin(), wish.argument.fields.end()},
          needed};
}

tl::expected<InstanceNumber, decide::Refusal> Mapping::obtain(
    const Wish& wish, const ArgumentPlan& plan, std::span<const UsableMemory> usable) {
  const workload::Piece& piece = piece_of(wish.requirement);
  const machine::LaunchDomain needed = data_->bounds(piece.points);
  const bool folds = decide::shares_folds(wish.argument);
  std::vector<InstanceNumber> valid;
  decide::Folding folding{{}, folds ? fold_turns_[wish.target]++ : 0};
  if (folds) {
    for (const uint64_t each : folds_.usable(fold_of(wish, needed)))
      if (!instances_->at(static_cast<InstanceNumber>(each)).is_gone)
        valid.push_back(static_cast<InstanceNumber>(each));
    const auto processors = static_cast<size_t>(
        setting_.machine.shape().processors(wish.target.kind, wish.target.node));
    for (const UsableMemory& each : usable) {
      const uint64_t bytes = valid.empty() ? 0 : instances_->at(valid.front()).bytes;
      const bool leaves_half = instances_->used(each.memory.id) + bytes <= each.memory.capacity / 2;
      folding.most.push_back(decide::most_fold_instances(processors, leaves_half));
    }
  } else {
    valid = coherence_->valid(data_->used_by(wish.requirement));
  }
  const NumberedInstances store(*instances_, valid, usable);
  const auto count = static_cast<decide::InstanceId>(valid.size());
  decide::Obtaining obtaining =
      folds ? decide::Obtaining(wish.argument, usable, store, count, needed, folding)
            : decide::Obtaining(wish.argument, usable, store, count, needed);
  while (const auto action = obtaining.next()) {
    if (action->kind == decide::Action::Kind::Reuse) return valid[action->instance];
    const sim::Wanted wanted = this->wanted(wish, plan, *action->where);
    const bool shared =
        decide::how_to_make(wish.argument, /*yields=*/false) == decide::Making::FindOrMake;
    auto instance = shared ? instances_->find(wanted, /*is_exact=*/true) : std::nullopt;
    if (!instance) instance = instances_->make(wanted);
    if (!instance && shared) instance = instances_->find(wanted, /*is_exact=*/false);
    if (!instance) {
      obtaining.no_room(instances_->bytes_of(wanted));
      continue;
    }
    if (folds) folds_.made(fold_of(wish, needed), *instance);
    return *instance;
  }
  return tl::unexpected(
      decide::refuse_instance(setting_.rules, words(wish), wish.target, *obtaining.shortage(), {}));
}

bool Mapping::collects(const Wish& wish, const ArgumentPlan& plan) const {
  const workload::Piece& piece = piece_of(wish.requirement);
  const bool may_hold_folds =
      plan.collects &&
      folded_.may_hold_folds({piece.tree, wish.argument.fields}, /*from_elsewhere=*/false);
  return decide::decide_collection(wish.argument.privilege, plan.collects,
                                   /*is_in_the_way=*/false, may_hold_folds,
                                   setting_.as_published) == decide::Collection::Collect;
}

ArgumentPlace Mapping::place_of(const Wish& wish, const Instance& instance) const {
  ArgumentPlace place;
  switch (machine_->place(instance.memory).kind) {
    case machine::MemoryKind::FbMem:
      place.memory = ModelledMemory::FrameBuffer;
      break;
    case machine::MemoryKind::ZcMem:
      place.memory = ModelledMemory::ZeroCopy;
      break;
    default:
      place.memory = ModelledMemory::System;
      break;
  }
  const machine::DataOrder order = decide::describe(instance.layout.ordering, wish.argument.dim);
  // With one field there is nothing between its elements.
  if (order.fields == machine::FieldOrder::Aos && instance.fields.size() > 1) {
    place.layout = ModelledLayout::ArrayOfStructs;
    place.element_stride = instance.element_bytes;
  }
  return place;
}

std::string Mapping::words(const Wish& wish) const {
  return decide::describe_argument(wish.launch.task->facts.name, wish.argument.index,
                                   piece_of(wish.requirement).names);
}

}  // namespace placewright::sim
