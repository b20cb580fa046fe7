// SPDX-License-Identifier: Apache-2.0
#include "sim/mapping.h"

#include <algorithm>

#include "decide/defaults.h"
#include "sim/default_targets.h"

namespace placewright::sim {
namespace {

/// Tags that Legion's default mapper knows.
constexpr uint64_t kSameAddressSpace = 1 << 2;
constexpr uint64_t kPreferCpuVariant = 1 << 1;

bool separates(const policy::LaunchPlacement& placement, const workload::Launch& launch) {
  decide::SeparationCheck check(placement);
  return std::ranges::all_of(
      launch.points, [&](const workload::PointTask& task) { return check.add(task.point); });
}

}  // namespace

Mapping::Mapping(const workload::Recording& recording, const Data& data,
                 const ModelledMachine& machine, const policy::Rules& rules, Instances& instances,
                 Coherence& coherence)
    : recording_(&recording),
      data_(&data),
      machine_(&machine),
      instances_(&instances),
      coherence_(&coherence),
      setting_{rules, machine.machine} {
  for (uint32_t i = 0; i < recording.workload.tasks.size(); ++i) {
    const workload::WorkloadTask& task = recording.workload.tasks[i];
    Task known{i, {task.name, {}}, &recording.variants[i]};
    for (const workload::RecordedVariant& each : recording.variants[i])
      known.facts.variants.push_back(each.variant);
    tasks_.emplace(task.name, std::move(known));
  }
}

tl::expected<void, decide::Refusal> Mapping::start() {
  if (machine_->machine.node_count() == 1) return {};
  for (const auto& [name, task] : tasks_) {
    const std::vector<workload::WorkloadLaunch>& launches =
        recording_->workload.tasks[task.number].launches;
    if (std::ranges::find(launches, 0, &workload::WorkloadLaunch::depth) == launches.end())
      continue;
    const auto rules = decide::look_up_task(setting_, task.facts, {std::nullopt, 0, /*depth=*/0});
    if (!rules) return tl::unexpected(rules.error());
    const auto kind = decide::choose_kind(*rules, machine_->machine.shape(), 0, false, false);
    const decide::Variant* variant = decide::default_variant(task.facts, kind);
    // The default mapper replicates it if it can be.
    const auto replicates =
        is_replicated(*rules, variant, variant != nullptr && variant->replicable);
    if (!replicates) return tl::unexpected(replicates.error());
    if (!*replicates) return {};
    const auto rule = setting_.rules.replicates(rules->id);
    shards_ = decide::shard_nodes(setting_, rule ? rule->nodes : std::nullopt, kind);
  }
  return {};
}

tl::expected<bool, decide::Refusal> Mapping::is_replicated(const decide::TaskRules& rules,
                                                           const decide::Variant* variant,
                                                           bool by_default) const {
  if (variant == nullptr) return false;
  auto ruled = decide::choose_replication(setting_, rules, *variant);
  if (!ruled) return tl::unexpected(std::move(ruled).error());
  return ruled->value_or(by_default);
}

decide::ParentFacts Mapping::parent_facts(
    const workload::Launch& launch, const std::optional<decide::ProcessorPlace>& parent) const {
  if (launch.depth != 1 || shards_.empty()) return {parent, false, 0};
  return {parent, true, shards_.front()};
}

tl::expected<Mapping::MappedLaunch, decide::Refusal> Mapping::begin(
    const workload::Launch& launch, const std::optional<decide::ProcessorPlace>& parent) {
  MappedLaunch mapped;
  mapped.launch = &launch;
  mapped.task = &tasks_.at(launch.task);
  mapped.info.facts = {launch.domain, launch.tag, launch.depth, {}, launch.mapper};
  mapped.info.parent = parent_facts(launch, parent);
  mapped.info.must_epoch = launch.must_epoch;
  mapped.info.concurrent = launch.concurrent;
  mapped.info.stays_on_node = (launch.tag & kSameAddressSpace) != 0;
  auto rules = decide::look_up_task(setting_, mapped.task->facts, mapped.info.facts);
  if (!rules) return tl::unexpected(std::move(rules).error());
  mapped.rules = *std::move(rules);
  mapped.kind =
      decide::choose_kind(mapped.rules, machine_->machine.shape(), parent ? parent->node : 0,
                          (launch.tag & kPreferCpuVariant) != 0, launch.domain.has_value());
  if (machine_->machine.node_count() == 1) return mapped;
  const auto replicates =
      is_replicated(mapped.rules, decide::default_variant(mapped.task->facts, mapped.kind), false);
  if (!replicates) return tl::unexpected(replicates.error());
  if (*replicates)
    return tl::unexpected(decide::Refusal{"replication of task `" + launch.task +
                                          "`, which another one launches, cannot be simulated"});
  return mapped;
}

PointPlace Mapping::chosen(const MappedLaunch& launch, const decide::ProcessorPlace& target,
                           const std::optional<policy::Target>& placed) const {
  const decide::TargetProcessors chosen = decide::choose_processors(
      setting_, launch.rules, launch.info, /*is_shard=*/false, target, target.node, placed);
  PointPlace place{target, {}};
  switch (chosen.how) {
    case decide::TargetProcessors::How::Rule:
      place.processors.assign(chosen.ordinals.begin(), chosen.ordinals.end());
      break;
    case decide::TargetProcessors::How::Target:
      place.processors = {target.ordinal};
      break;
    case decide::TargetProcessors::How::WholeNode:
      for (int i = 0; i < machine_->machine.shape().processors(target.kind, target.node); ++i)
        place.processors.push_back(i);
      break;
  }
  if (std::ranges::find(place.processors, target.ordinal) == place.processors.end())
    place.target.ordinal = place.processors.front();
  return place;
}

std::vector<decide::ProcessorPlace> Mapping::default_targets(const MappedLaunch& launch) {
  const workload::Launch& launched = *launch.launch;
  const decide::ParentFacts& parent = *launch.info.parent;
  const decide::ProcessorPlace local = parent.place.value_or(
      decide::ProcessorPlace{machine::ProcessorKind::Cpu, parent.first_shard, 0});
  if (!launched.domain) {
    auto& turns = initial_.try_emplace(local, local, machine_->machine.shape()).first->second;
    return {turns.next(launch.info, launch.kind)};
  }
  const machine::MachineShape& shape = machine_->machine.shape();
  if (parent.is_sharded) return targets_of_shards(launched, launch.kind, shape, shards_);
  const bool stays = decide::default_slices_stay_local(launch.info);
  return default_targets_of(launched, launch.kind, shape,
                            stays ? std::optional(local.node) : std::nullopt);
}

void Mapping::note_folds(const MappedLaunch& launch) {
  const bool nests =
      decide::launch_may_be_virtual(setting_, launch.rules.facts, /*any_wish=*/false);
  for (const uint32_t number : recording_->argument_lists[launch.launch->points[0].arguments]) {
    const workload::Requirement& requirement = recording_->requirements[number];
    if (requirement.piece)
      folded_.launched({piece_of(number).tree, requirement.fields}, requirement.privilege, nests);
  }
}

tl::expected<std::vector<PointPlace>, decide::Refusal> Mapping::place(const MappedLaunch& launch) {
  const workload::Launch& launched = *launch.launch;
  note_folds(launch);
  std::vector<PointPlace> places;
  const auto placed = decide::place_index_launch(
      setting_, launch.rules, launch.info, launch.kind, /*is_empty=*/false,
      [&](const policy::LaunchPlacement& placement) { return separates(placement, launched); });
  if (!placed) return tl::unexpected(placed.error());
  if (placed->placement != nullptr) {
    for (const workload::PointTask& task : launched.points) {
      const policy::Target target = placed->placement->at(task.point);
      places.push_back(chosen(launch, {launch.kind, target.node, target.processors.front()},
                              std::optional(target)));
    }
    return places;
  }
  const auto single = decide::place_single_task(setting_, launch.rules, launch.info, launch.kind);
  if (!single) return tl::unexpected(single.error());
  if (*single) {
    places.push_back(
        chosen(launch, {launch.kind, (*single)->node, (*single)->processors.front()}, **single));
    return places;
  }
  for (const decide::ProcessorPlace& target : default_targets(launch))
    places.push_back(chosen(launch, target, std::nullopt));
  return places;
}

std::span<const policy::RegionId> Mapping::names_of(uint32_t piece) {
  const auto [known, is_new] = names_.try_emplace(piece);
  if (is_new)
    for (const std::string& name : recording_->pieces[piece].names)
      known->second.push_back(setting_.rules.region(name));
  return known->second;
}

decide::Argument Mapping::argument_of(uint32_t number, int index) {
  const workload::Requirement& requirement = recording_->requirements[number];
  decide::Argument argument;
  argument.index = index;
  argument.privilege = requirement.privilege;
  argument.has_data = requirement.piece.has_value() && !requirement.fields.empty();
  argument.exclusive = requirement.exclusive;
  argument.reduction = requirement.reduction;
  argument.fields = requirement.fields;
  if (!requirement.piece) return argument;
  const workload::Piece& piece = recording_->pieces[*requirement.piece];
  argument.dim = recording_->point_sets[piece.points].dim;
  argument.names = names_of(*requirement.piece);
  return argument;
}

tl::expected<MappedPoint, decide::Refusal> Mapping::map(const MappedLaunch& launch, size_t number,
                                                        PointPlace place) {
  const Task& task = *launch.task;
  MappedPoint point;
  point.task = task.number;
  point.variant = decide::default_variant(task.facts, place.target.kind);
  if (point.variant == nullptr)
    return tl::unexpected(decide::Refusal{"task `" + task.facts.name + "` has no variant for " +
                                          std::string(to_string(place.target.kind))});
  const std::vector<uint32_t>& requirements =
      recording_->argument_lists[launch.launch->points[number].arguments];
  point.arguments.resize(requirements.size());
  const bool all_exclusive = std::ranges::all_of(
      requirements, [&](uint32_t each) { return recording_->requirements[each].exclusive; });
  point.limit = decide::effective_limit(launch.rules, launch.info, place.target.kind);
  point.priority = decide::choose_priority(setting_.rules, launch.rules, place.target.kind);
  point.place = std::move(place);
  if (decide::maps_all_virtually(*point.variant, all_exclusive)) return point;
  for (size_t i = 0; i < requirements.size(); ++i) {
    Wish wish{launch, *point.variant, point.place.target, requirements[i],
              argument_of(requirements[i], static_cast<int>(i))};
    if (!decide::needs_instance(wish.argument)) continue;
    if (auto mapped = map_argument(wish, point); !mapped)
      return tl::unexpected(std::move(mapped).error());
  }
  return point;
}

}  // namespace placewright::sim
