// SPDX-License-Identifier: Apache-2.0
// Where launches go: sharding, slicing and single tasks, all from the policy's placements.
#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "legion/mapper.h"

namespace placewright::legion {
namespace {

using Legion::Domain;
using Legion::Processor;
using Legion::Task;

/// Launches with ever new domains must not fill the cache.
constexpr size_t kMaxCachedSlicings = 1024;

/// The bounding box of points, and whether they fill it.
std::pair<Domain, bool> bounding_box(const std::vector<Legion::DomainPoint>& points) {
  Legion::DomainPoint lo = points.front();
  Legion::DomainPoint hi = points.front();
  for (const Legion::DomainPoint& point : points) {
    for (int d = 0; d < point.get_dim(); ++d) {
      lo[d] = std::min(lo[d], point[d]);
      hi[d] = std::max(hi[d], point[d]);
    }
  }
  const Domain box(lo, hi);
  return {box, box.get_volume() == points.size()};
}

}  // namespace

const policy::Placement* PlacewrightMapper::placement_of(MapperContext ctx, const Task& task,
                                                         machine::ProcessorKind kind) {
  if (policy_ == nullptr || task.must_epoch_task) return nullptr;
  const TaskInfo& info = task_info(ctx, task);
  const auto function = policy_->index_map(info.id, kind);
  if (!function || task.index_domain.get_volume() == 0) return nullptr;
  const auto placement = policy_->placement(*function, from_legion(task.index_domain), kind);
  if (!placement) session_->refuse(placement.error(), info.name);
  if (task.concurrent_task && !separates_points(**placement, task.index_domain)) {
    if (session_->first_time("concurrent " + info.name)) {
      say(
          fmt::format("the map rule for `{}` does not hold for a concurrent launch, whose points "
                      "need a processor each; the default distribution is used (reported once)",
                      info.name));
    }
    return nullptr;
  }
  return *placement;
}

bool PlacewrightMapper::separates_points(const policy::Placement& placement, const Domain& domain) {
  const auto [found, is_new] = separated_.try_emplace({&placement, domain}, true);
  if (!is_new) return found->second;
  std::set<std::pair<int32_t, int32_t>> taken;
  for (Domain::DomainPointIterator point(domain); point; point++) {
    const policy::Target target = placement.at(from_legion(*point));
    if (taken.emplace(target.node, target.processors.front()).second) continue;
    found->second = false;
    break;
  }
  return found->second;
}

std::optional<policy::Target> PlacewrightMapper::single_target(MapperContext ctx, const Task& task,
                                                               machine::ProcessorKind kind) {
  if (policy_ == nullptr || task.must_epoch_task) return std::nullopt;
  const TaskInfo& info = task_info(ctx, task);
  const auto function = policy_->single_map(info.id, kind);
  const Task* parent = task.get_parent_task();
  if (!function || parent == nullptr) return std::nullopt;
  policy::ParentProcessor where;
  // Where the parent runs: of several target processors Legion takes the first free one.
  const auto parent_place = session_->machine().place(parent->current_proc);
  if (parent_place) where = {parent_place->kind, parent_place->node, parent_place->ordinal};
  if (parent->get_total_shards() > 1) {
    // Every shard must give the same answer, so all use shard 0, the first processor of node 0.
    where.node = 0;
    where.ordinal = 0;
  }
  const auto target = policy_->place_single(*function, where, kind);
  if (!target) session_->refuse(target.error(), info.name);
  return *target;
}

std::vector<Processor> PlacewrightMapper::processors_at(machine::ProcessorKind kind,
                                                        const policy::Target& target) const {
  const auto all = session_->machine().processors(kind, target.node);
  std::vector<Processor> result;
  for (const int32_t ordinal : target.processors) result.push_back(all[ordinal]);
  return result;
}

void PlacewrightMapper::select_sharding_functor(MapperContext ctx, const Task& task,
                                                const SelectShardingFunctorInput& input,
                                                SelectShardingFunctorOutput& output) {
  const machine::ProcessorKind kind = kind_of(ctx, task);
  if (task.is_index_space && placement_of(ctx, task, kind) != nullptr) {
    output.chosen_functor =
        session_->sharding(*policy_->index_map(task_info(ctx, task).id, kind), kind);
    output.slice_recurse = false;
    return;
  }
  if (!task.is_index_space) {
    if (const auto target = single_target(ctx, task, kind)) {
      output.chosen_functor = session_->sharding_on(target->node);
      return;
    }
  }
  DefaultMapper::select_sharding_functor(ctx, task, input, output);
}

std::vector<Legion::Mapping::Mapper::TaskSlice> PlacewrightMapper::make_slices(
    MapperContext ctx, const policy::Placement& placement, const Domain& domain) const {
  std::map<Processor, std::vector<Legion::DomainPoint>> groups;
  for (Domain::DomainPointIterator point(domain); point; point++) {
    const policy::Target target = placement.at(from_legion(*point));
    const auto all = session_->machine().processors(placement.kind(), target.node);
    groups[all[target.processors.front()]].push_back(*point);
  }
  std::vector<TaskSlice> slices;
  for (const auto& [processor, points] : groups) {
    const auto [box, is_full] = bounding_box(points);
    if (is_full) {
      slices.emplace_back(box, processor, /*recurse=*/false, /*stealable=*/false);
    } else {
      slices.emplace_back(runtime->create_index_space(ctx, points), processor, false, false);
    }
  }
  return slices;
}

void PlacewrightMapper::slice_task(MapperContext ctx, const Task& task, const SliceTaskInput& input,
                                   SliceTaskOutput& output) {
  const policy::Placement* placement = placement_of(ctx, task, kind_of(ctx, task));
  if (placement != nullptr) {
    const std::pair key(placement, input.domain);
    auto found = slices_.find(key);
    if (found == slices_.end()) {
      std::vector<TaskSlice> slices = make_slices(ctx, *placement, input.domain);
      if (slices_.size() >= kMaxCachedSlicings) slices_.clear();
      found = slices_.insert_or_assign(key, std::move(slices)).first;
    }
    output.slices = found->second;
  } else if (foreign_tags_) {
    const Processor::Kind kind = to_legion(kind_of(ctx, task));
    // Not the default mapper's cache, which may hold slices made for tags.
    std::map<Domain, std::vector<TaskSlice>> none;
    default_slice_task(task, local_procs_by_kind(kind), remote_procs_by_kind(kind), input, output,
                       none);
  } else {
    DefaultMapper::slice_task(ctx, task, input, output);
  }
  if (policy_ != nullptr && limit_of(ctx, task) > 0) split_into_points(ctx, output);
}

void PlacewrightMapper::split_into_points(MapperContext ctx, SliceTaskOutput& output) const {
  std::vector<TaskSlice> points;
  for (const TaskSlice& slice : output.slices) {
    const Domain domain = slice.domain_is.exists()
                              ? runtime->get_index_space_domain(ctx, slice.domain_is)
                              : slice.domain;
    for (Domain::DomainPointIterator point(domain); point; point++)
      points.emplace_back(Domain(*point, *point), slice.proc, /*recurse=*/false,
                          /*stealable=*/false);
  }
  output.slices = std::move(points);
}

}  // namespace placewright::legion
