// SPDX-License-Identifier: Apache-2.0
// Where launches go: shards, slices and single tasks, all from the placements of the rules. One per
// mapper object.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "legion/mapping.h"

namespace placewright::legion {

class Placing {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using TaskSlice = Legion::Mapping::Mapper::TaskSlice;

  Placing(Legion::Mapping::MapperRuntime* runtime, Host& host, Tasks& tasks)
      : runtime_(runtime), host_(&host), tasks_(&tasks) {}

  /// The placement of an index launch by a rule. Ends the run if the mapping function fails.
  [[nodiscard]] decide::IndexPlacement index_placement(MapperContext ctx, const Legion::Task& task,
                                                       machine::ProcessorKind kind);
  /// The same for a task whose rules and launch are known.
  [[nodiscard]] decide::IndexPlacement index_placement(const Legion::Task& task,
                                                       const decide::TaskRules& rules,
                                                       const decide::LaunchInfo& launch,
                                                       machine::ProcessorKind kind);
  /// Where a rule places a single task; nullopt if there is no such rule.
  [[nodiscard]] std::optional<policy::Target> single_target(MapperContext ctx,
                                                            const Legion::Task& task,
                                                            machine::ProcessorKind kind);
  [[nodiscard]] std::vector<Legion::Processor> processors(machine::ProcessorKind kind, int node,
                                                          std::span<const int32_t> ordinals) const;

  /// The sharding functor of a rule, for a launch of a task with these shards; nullopt if no rule
  /// has one.
  [[nodiscard]] std::optional<Legion::ShardingID> sharding(
      MapperContext ctx, const Legion::Task& task, const std::vector<Legion::Processor>& shards);
  /// The slices of a launch by a rule; nullopt if no rule places it.
  [[nodiscard]] std::optional<std::vector<TaskSlice>> slices(MapperContext ctx,
                                                             const Legion::Task& task,
                                                             const Legion::Domain& domain);
  /// A record of slices() and what they were decided from.
  [[nodiscard]] decide::SliceRecord describe(MapperContext ctx, const Legion::Task& task,
                                             const Legion::Domain& domain,
                                             const std::vector<TaskSlice>& slices, bool is_placed);
  /// Slices over all processors of a kind, for a launch that no rule places and whose kind the node
  /// lacks: as the default mapper would make them.
  [[nodiscard]] std::vector<TaskSlice> spread(MapperContext ctx, const Legion::Domain& domain,
                                              machine::ProcessorKind kind) const;
  /// One slice per point.
  void split_into_points(MapperContext ctx, std::vector<TaskSlice>& slices) const;

  /// Chooses Mapping::output.target_procs and, if its target is not among them, the target.
  void choose_processors(Mapping& mapping, int local_node);

 private:
  using Key = std::pair<const policy::LaunchPlacement*, Legion::Domain>;
  [[nodiscard]] std::vector<TaskSlice> make_slices(MapperContext ctx,
                                                   const policy::LaunchPlacement& placement,
                                                   const Legion::Domain& domain) const;
  [[nodiscard]] bool separates_points(const policy::LaunchPlacement& placement,
                                      const Legion::Domain& domain);

  Legion::Mapping::MapperRuntime* runtime_;
  Host* host_;
  Tasks* tasks_;
  std::map<Key, std::vector<TaskSlice>> slices_;
  std::map<Key, bool> separated_;
};

}  // namespace placewright::legion
