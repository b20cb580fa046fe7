// SPDX-License-Identifier: Apache-2.0
#include "legion/placing.h"

#include <algorithm>

#include "decide/default_distribution.h"
#include "decide/notes.h"
#include "decide/processors.h"

namespace placewright::legion {
namespace {

using Legion::Domain;
using Legion::Processor;
using Legion::Task;

/// Launches with ever new domains must not fill the cache.
constexpr size_t kMaxCachedSlicings = 1024;

}  // namespace

decide::IndexPlacement Placing::index_placement(MapperContext ctx, const Task& task,
                                                machine::ProcessorKind kind) {
  if (host_->rules() == nullptr) return {};
  return index_placement(task, tasks_->rules(ctx, task), tasks_->launch(ctx, task), kind);
}

decide::IndexPlacement Placing::index_placement(const Task& task, const decide::TaskRules& rules,
                                                const decide::LaunchInfo& launch,
                                                machine::ProcessorKind kind) {
  const auto placed = decide::place_index_launch(
      host_->setting(), rules, launch, kind, task.index_domain.get_volume() == 0,
      [&](const policy::LaunchPlacement& placement) {
        return separates_points(placement, task.index_domain);
      });
  if (!placed) host_->refuse(placed.error());
  if (placed->overruled && host_->first_time("concurrent " + rules.facts.name))
    host_->say(decide::note_points_together(rules.facts.name));
  return *placed;
}

bool Placing::separates_points(const policy::LaunchPlacement& placement, const Domain& domain) {
  const auto [found, is_new] = separated_.try_emplace({&placement, domain}, true);
  if (!is_new) return found->second;
  decide::SeparationCheck check(placement);
  for (Domain::DomainPointIterator point(domain); point; point++) {
    if (check.add(from_legion(*point))) continue;
    found->second = false;
    break;
  }
  return found->second;
}

std::optional<policy::Target> Placing::single_target(MapperContext ctx, const Task& task,
                                                     machine::ProcessorKind kind) {
  if (host_->rules() == nullptr) return std::nullopt;
  const auto target = decide::place_single_task(host_->setting(), tasks_->rules(ctx, task),
                                                tasks_->launch(ctx, task), kind);
  if (!target) host_->refuse(target.error());
  return *target;
}

std::vector<Processor> Placing::processors(machine::ProcessorKind kind, int node,
                                           std::span<const int32_t> ordinals) const {
  const auto all = host_->machine().processors(kind, node);
  std::vector<Processor> result;
  for (const int32_t ordinal : ordinals) result.push_back(all[static_cast<size_t>(ordinal)]);
  return result;
}

std::optional<Legion::ShardingID> Placing::sharding(MapperContext ctx, const Task& task,
                                                    const std::vector<Processor>& shards) {
  if (host_->rules() == nullptr || !host_->sharding().exists()) return std::nullopt;
  const machine::ProcessorKind kind = tasks_->kind(ctx, task);
  if (task.is_index_space) {
    const decide::IndexPlacement placed = index_placement(ctx, task, kind);
    if (placed.placement == nullptr) return std::nullopt;
    return host_->sharding().of(placed.function, kind, shards);
  }
  const auto target = single_target(ctx, task, kind);
  return target ? std::optional(host_->sharding().on(target->node, shards)) : std::nullopt;
}

std::optional<std::vector<Placing::TaskSlice>> Placing::slices(MapperContext ctx, const Task& task,
                                                               const Domain& domain) {
  if (host_->rules() == nullptr) return std::nullopt;
  const policy::LaunchPlacement* placement =
      index_placement(ctx, task, tasks_->kind(ctx, task)).placement;
  if (placement == nullptr) return std::nullopt;
  const Key key(placement, domain);
  auto found = slices_.find(key);
  if (found == slices_.end()) {
    std::vector<TaskSlice> made = make_slices(ctx, *placement, domain);
    if (slices_.size() >= kMaxCachedSlicings) slices_.clear();
    found = slices_.insert_or_assign(key, std::move(made)).first;
  }
  return found->second;
}

std::vector<Placing::TaskSlice> Placing::make_slices(MapperContext ctx,
                                                     const policy::LaunchPlacement& placement,
                                                     const Domain& domain) const {
  decide::Slicing slicing(placement);
  for (Domain::DomainPointIterator point(domain); point; point++) slicing.add(from_legion(*point));
  std::vector<TaskSlice> slices;
  for (const decide::Slice& slice : slicing.finish()) {
    const Processor processor = host_->machine().processor(slice.processor);
    if (slice.is_full) {
      const Domain box(to_legion(slice.box.lo), to_legion(slice.box.hi));
      slices.emplace_back(box, processor, /*recurse=*/false, /*stealable=*/false);
      continue;
    }
    std::vector<Legion::DomainPoint> points;
    for (const machine::DomainPoint& point : slice.points) points.push_back(to_legion(point));
    slices.emplace_back(runtime_->create_index_space(ctx, points), processor, false, false);
  }
  return slices;
}

std::vector<Placing::TaskSlice> Placing::spread(MapperContext ctx, const Domain& domain,
                                                machine::ProcessorKind kind) const {
  const std::vector<Processor> all = host_->machine().processors(kind);
  std::vector<TaskSlice> slices;
  for (const decide::DefaultSlice& slice :
       decide::default_slices(from_legion(domain), all.size())) {
    const Domain box(to_legion(slice.box.lo), to_legion(slice.box.hi));
    const Domain points = box.intersection(domain);
    if (points.empty()) continue;
    if (points.dense()) {
      slices.emplace_back(points, all[slice.processor], /*recurse=*/false, /*stealable=*/false);
      continue;
    }
    std::vector<Legion::DomainPoint> list;
    for (Domain::DomainPointIterator point(points); point; point++) list.push_back(*point);
    slices.emplace_back(runtime_->create_index_space(ctx, list), all[slice.processor], false,
                        false);
  }
  return slices;
}

decide::SliceRecord Placing::describe(MapperContext ctx, const Task& task, const Domain& domain,
                                      const std::vector<TaskSlice>& slices, bool is_placed) {
  decide::SliceRecord record;
  record.is_placed = is_placed;
  record.facts = tasks_->rules(ctx, task).facts;
  record.launch = tasks_->launch(ctx, task);
  record.kind = tasks_->kind(ctx, task);
  record.local_node = tasks_->node();
  for (Domain::DomainPointIterator point(domain); point; point++)
    record.points.push_back(from_legion(*point));
  for (const TaskSlice& slice : slices) {
    decide::Slice each;
    each.processor = host_->machine().place(slice.proc).value_or(decide::ProcessorPlace{});
    each.is_full = !slice.domain_is.exists();
    each.box = from_legion(each.is_full ? slice.domain
                                        : runtime_->get_index_space_domain(ctx, slice.domain_is));
    record.slices.push_back(std::move(each));
  }
  return record;
}

void Placing::split_into_points(MapperContext ctx, std::vector<TaskSlice>& slices) const {
  std::vector<TaskSlice> points;
  for (const TaskSlice& slice : slices) {
    const Domain domain = slice.domain_is.exists()
                              ? runtime_->get_index_space_domain(ctx, slice.domain_is)
                              : slice.domain;
    for (Domain::DomainPointIterator point(domain); point; point++)
      points.emplace_back(Domain(*point, *point), slice.proc, /*recurse=*/false,
                          /*stealable=*/false);
  }
  slices = std::move(points);
}

void Placing::choose_processors(Mapping& mapping, int local_node) {
  const Task& task = mapping.task;
  std::optional<policy::Target> placed;
  if (!mapping.is_shard() && task.is_index_space) {
    const auto launch = index_placement(task, mapping.rules, mapping.launch, mapping.target.kind);
    if (launch.placement != nullptr) placed = launch.placement->at(from_legion(task.index_point));
  } else if (!mapping.is_shard()) {
    placed = single_target(mapping.ctx, task, mapping.target.kind);
  }
  const decide::TargetProcessors chosen =
      decide::choose_processors(host_->setting(), mapping.rules, mapping.launch, mapping.is_shard(),
                                mapping.target, local_node, placed);
  if (mapping.record != nullptr) {
    mapping.record->how = chosen.how;
    mapping.record->ordinals.assign(chosen.ordinals.begin(), chosen.ordinals.end());
  }
  std::vector<Processor>& output = mapping.output.target_procs;
  switch (chosen.how) {
    case decide::TargetProcessors::How::Rule:
      output = processors(mapping.target.kind, chosen.node, chosen.ordinals);
      break;
    case decide::TargetProcessors::How::Target:
      output.assign(1, mapping.processor);
      break;
    case decide::TargetProcessors::How::WholeNode: {
      const auto all = host_->machine().processors(mapping.target.kind, chosen.node);
      output.assign(all.begin(), all.end());
      break;
    }
  }
  if (std::find(output.begin(), output.end(), mapping.processor) != output.end()) return;
  mapping.processor = output.front();
  mapping.target = host_->machine().place(mapping.processor).value_or(mapping.target);
}

}  // namespace placewright::legion
