// SPDX-License-Identifier: Apache-2.0
#include "sim/default_targets.h"

#include <algorithm>

#include "decide/default_distribution.h"

namespace placewright::sim {
namespace {

using decide::ProcessorPlace;
using machine::LaunchDomain;

std::vector<ProcessorPlace> processors_of(const machine::MachineShape& machine,
                                          machine::ProcessorKind kind, std::optional<int> node) {
  std::vector<ProcessorPlace> list;
  for (int each = 0; each < machine.node_count(); ++each) {
    if (node && each != *node) continue;
    for (int i = 0; i < machine.processors(kind, each); ++i) list.push_back({kind, each, i});
  }
  return list;
}

/// The blocks that have some of the points, dealt in turn. Returns the processor of each point.
std::vector<ProcessorPlace> deal(const LaunchDomain& box,
                                 std::span<const machine::DomainPoint> points,
                                 const std::vector<ProcessorPlace>& processors) {
  std::vector<ProcessorPlace> targets(points.size(), processors.front());
  size_t turn = 0;
  for (const decide::DefaultSlice& slice : decide::default_slices(box, processors.size())) {
    bool has_points = false;
    for (size_t i = 0; i < points.size(); ++i) {
      if (!slice.box.contains(points[i])) continue;
      targets[i] = processors[turn % processors.size()];
      has_points = true;
    }
    turn += has_points ? 1 : 0;
  }
  return targets;
}

std::vector<machine::DomainPoint> points_of(const workload::Launch& launch) {
  std::vector<machine::DomainPoint> points;
  for (const workload::PointTask& task : launch.points) points.push_back(task.point);
  return points;
}

LaunchDomain box_around(std::span<const machine::DomainPoint> points) {
  LaunchDomain box{points.front(), points.front()};
  for (const machine::DomainPoint& point : points) {
    for (int d = 0; d < box.dim(); ++d) {
      box.lo.at[d] = std::min(box.lo.at[d], point.at[d]);
      box.hi.at[d] = std::max(box.hi.at[d], point.at[d]);
    }
  }
  return box;
}

}  // namespace

std::vector<ProcessorPlace> default_targets_of(const workload::Launch& launch,
                                               machine::ProcessorKind kind,
                                               const machine::MachineShape& machine,
                                               std::optional<int> node) {
  return deal(*launch.domain, points_of(launch), processors_of(machine, kind, node));
}

std::vector<ProcessorPlace> targets_of_shards(const workload::Launch& launch,
                                              machine::ProcessorKind kind,
                                              const machine::MachineShape& machine,
                                              std::span<const int> shards) {
  std::vector<ProcessorPlace> targets(launch.points.size());
  for (size_t shard = 0; shard < shards.size(); ++shard) {
    std::vector<size_t> numbers;
    std::vector<machine::DomainPoint> points;
    for (size_t i = 0; i < launch.points.size(); ++i) {
      const machine::DomainPoint& point = launch.points[i].point;
      if (static_cast<size_t>(launch.domain->linear(point)) % shards.size() != shard) continue;
      numbers.push_back(i);
      points.push_back(point);
    }
    if (points.empty()) continue;
    const auto dealt =
        deal(box_around(points), points, processors_of(machine, kind, shards[shard]));
    for (size_t i = 0; i < numbers.size(); ++i) targets[numbers[i]] = dealt[i];
  }
  return targets;
}

}  // namespace placewright::sim
