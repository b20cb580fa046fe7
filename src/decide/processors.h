// SPDX-License-Identifier: Apache-2.0
// On which processors a launch, a point or a single task runs: slices, shards and targets, all from
// the same placements.
#pragma once

#include <optional>
#include <tl/expected.hpp>
#include <vector>

#include "decide/task_rules.h"

namespace placewright::decide {

/// The placement of an index launch by a rule; null if none places it. `overruled`: a rule places
/// it, but puts points of a concurrent launch on the same processor.
struct IndexPlacement {
  const policy::LaunchPlacement* placement = nullptr;
  policy::FunctionId function;
  bool overruled = false;
};
/// `is_empty`: the domain, which may be sparse, has no points. `separates`: whether a placement
/// gives every point of the domain a processor of its own; called for concurrent launches only.
template <class Separates>
[[nodiscard]] tl::expected<IndexPlacement, Refusal> place_index_launch(
    const Setting& setting, const TaskRules& task, const LaunchInfo& launch,
    machine::ProcessorKind kind, bool is_empty, const Separates& separates);

/// Whether no two of the points share a processor. Points in any order, each once.
class SeparationCheck {
 public:
  explicit SeparationCheck(const policy::LaunchPlacement& placement) : placement_(&placement) {}
  /// False if the point shares its processor with an earlier one.
  [[nodiscard]] bool add(const machine::DomainPoint& point);

 private:
  const policy::LaunchPlacement* placement_;
  std::vector<std::pair<int32_t, int32_t>> taken_;  ///< Sorted.
};

/// Where a rule places a single task; nullopt if there is no such rule, or the runtime would refuse
/// to run the task there. The span is valid until the
/// next call on this thread.
[[nodiscard]] tl::expected<std::optional<policy::Target>, Refusal> place_single_task(
    const Setting& setting, const TaskRules& task, const LaunchInfo& launch,
    machine::ProcessorKind kind);

/// The processors among which the runtime may choose.
struct TargetProcessors {
  enum class How : uint8_t {
    Rule,      ///< Those of the rule, in `ordinals` of `node`.
    Target,    ///< The target that the launch came with, alone.
    WholeNode  ///< Every processor of the kind on the target's node, as the default mapper does.
  } how = How::Target;
  int node = 0;
  std::span<const int32_t> ordinals = {};
};
/// `target`: where the task was sent. `placed`: what a rule says about the point or task. Must-epoch
/// launches, shards and relocated tasks come with a processor that the rule does not know about.
[[nodiscard]] TargetProcessors choose_processors(const Setting& setting, const TaskRules& task,
                                                 const LaunchInfo& launch, bool is_shard,
                                                 const ProcessorPlace& target, int local_node,
                                                 const std::optional<policy::Target>& placed);

/// Points of a launch that run on the same processor: the box around them, and whether they fill it.
struct Slice {
  ProcessorPlace processor;
  machine::LaunchDomain box;
  bool is_full = true;
  std::vector<machine::DomainPoint> points;
};
/// One slice per processor, in ascending order: cheaper for the runtime than one per point.
class Slicing {
 public:
  explicit Slicing(const policy::LaunchPlacement& placement) : placement_(&placement) {}
  void add(const machine::DomainPoint& point);
  [[nodiscard]] std::vector<Slice> finish();

 private:
  const policy::LaunchPlacement* placement_;
  std::vector<Slice> slices_;  ///< Sorted by processor.
};

template <class Separates>
tl::expected<IndexPlacement, Refusal> place_index_launch(const Setting& setting,
                                                         const TaskRules& task,
                                                         const LaunchInfo& launch,
                                                         machine::ProcessorKind kind, bool is_empty,
                                                         const Separates& separates) {
  if (launch.must_epoch || !launch.is_index() || is_empty) return IndexPlacement();
  const auto function = setting.rules.index_map(task.id, kind);
  if (!function) return IndexPlacement();
  const auto placement =
      setting.rules.launch_placement(*function, launch.facts_with_parent(), kind);
  if (!placement) return tl::unexpected(refuse(setting.rules, placement.error(), task.facts.name));
  if (launch.concurrent && !separates(**placement)) return IndexPlacement{nullptr, {}, true};
  return IndexPlacement{*placement, *function, false};
}

}  // namespace placewright::decide
