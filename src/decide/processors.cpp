// SPDX-License-Identifier: Apache-2.0
#include "decide/processors.h"

#include <algorithm>

#include "decide/defaults.h"

namespace placewright::decide {

bool SeparationCheck::add(const machine::DomainPoint& point) {
  const policy::Target target = placement_->at(point);
  const std::pair processor(target.node, target.processors.front());
  const auto place = std::lower_bound(taken_.begin(), taken_.end(), processor);
  if (place != taken_.end() && *place == processor) return false;
  taken_.insert(place, processor);
  return true;
}

tl::expected<std::optional<policy::Target>, Refusal> place_single_task(
    const Setting& setting, const TaskRules& task, const LaunchInfo& launch,
    machine::ProcessorKind kind) {
  if (launch.must_epoch || launch.is_index() || !launch.parent)
    return std::optional<policy::Target>();
  const auto function = setting.rules.single_map(task.id, kind);
  if (!function) return std::optional<policy::Target>();
  const auto target = setting.rules.place_single(*function, launch.facts_with_parent(), kind);
  if (!target) return tl::unexpected(refuse(setting.rules, target.error(), task.facts.name));
  if (launch.bound_to_node && target->node != *launch.bound_to_node)
    return std::optional<policy::Target>();
  return std::optional(*target);
}

TargetProcessors choose_processors(const Setting& setting, const TaskRules& task,
                                   const LaunchInfo& launch, bool is_shard,
                                   const ProcessorPlace& target, int local_node,
                                   const std::optional<policy::Target>& placed) {
  using How = TargetProcessors::How;
  const TargetProcessors alone{How::Target, target.node, {}};
  if (is_shard || launch.must_epoch) return alone;
  if (placed) {
    if (placed->node != target.node) return alone;
    // Every point of a concurrent launch has a processor of its own.
    const size_t count = launch.concurrent ? 1 : placed->processors.size();
    return {How::Rule, placed->node, placed->processors.first(count)};
  }
  // The count belongs to the processor that admitted the task.
  const bool is_limited =
      task.limit(target.kind) > 0 && !is_limit_without_effect(task, launch, target.kind);
  if (is_limited || target.node != local_node ||
      !default_runs_anywhere_on_node(launch, target, setting.machine)) {
    return alone;
  }
  return {How::WholeNode, target.node, {}};
}

void Slicing::add(const machine::DomainPoint& point) {
  const policy::Target target = placement_->at(point);
  const ProcessorPlace processor{placement_->kind(), target.node, target.processors.front()};
  auto slice = std::lower_bound(
      slices_.begin(), slices_.end(), processor,
      [](const Slice& each, const ProcessorPlace& place) { return each.processor < place; });
  if (slice == slices_.end() || slice->processor != processor)
    slice = slices_.insert(slice, {processor, {point, point}, true, {}});
  slice->points.push_back(point);
  for (int d = 0; d < point.dim; ++d) {
    slice->box.lo.at[d] = std::min(slice->box.lo.at[d], point.at[d]);
    slice->box.hi.at[d] = std::max(slice->box.hi.at[d], point.at[d]);
  }
}

std::vector<Slice> Slicing::finish() {
  for (Slice& slice : slices_)
    slice.is_full = slice.box.volume() == static_cast<int64_t>(slice.points.size());
  return std::move(slices_);
}

}  // namespace placewright::decide
