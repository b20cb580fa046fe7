// SPDX-License-Identifier: Apache-2.0
// The mapper: Legion's default mapper, with its decisions replaced by those of the mapping wherever
// a rule applies. Rare operations (inline mappings, copies, partitions, must-epoch launches) are
// left to the default mapper. One object per processor; all share one Session.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <set>
#include <tl/expected.hpp>
#include <tuple>
#include <utility>
#include <vector>

#include "legion/limits.h"
#include "legion/observer.h"
#include "legion/plan.h"
#include "legion/session.h"
#include "mappers/default_mapper.h"

namespace placewright::legion {

/// What the mapping specifies for a task, looked up once.
struct TaskInfo {
  policy::TaskId id;
  std::string name;
  std::vector<machine::ProcessorKind> variants;  ///< Kinds for which the application has variants.
  std::vector<machine::ProcessorKind>
      kinds;  ///< The kinds of the rule that it and the machine have.
  /// InstanceLimit by the kind that it runs on; 0 means no limit.
  std::array<int, machine::kProcessorKindCount> limits{};
  bool inner = false;  ///< Whether any variant is inner.
  bool leaf = true;    ///< Whether all variants are leaves.
  [[nodiscard]] int limit(machine::ProcessorKind kind) const {
    return limits[static_cast<size_t>(kind)];
  }
};

/// Facts about a task's variant, queried from Legion once.
struct VariantFacts {
  bool inner = false;
  bool leaf = false;
  std::vector<std::set<unsigned>> colocated;  ///< Requirements that must share an instance.
};

class PlacewrightMapper final : public Legion::Mapping::DefaultMapper {
 public:
  PlacewrightMapper(Legion::Mapping::MapperRuntime* runtime, Legion::Machine machine,
                    Legion::Processor processor, std::shared_ptr<Session> session);

  using MapperContext = Legion::Mapping::MapperContext;
  using DefaultMapper::report_profiling;
  using DefaultMapper::select_sharding_functor;

  [[nodiscard]] const char* get_mapper_name() const override { return "placewright"; }
  void select_task_options(MapperContext ctx, const Legion::Task& task,
                           TaskOptions& output) override;
  void replicate_task(MapperContext ctx, const Legion::Task& task, const ReplicateTaskInput& input,
                      ReplicateTaskOutput& output) override;
  void map_copy(MapperContext ctx, const Legion::Copy& copy, const MapCopyInput& input,
                MapCopyOutput& output) override;
  void select_sharding_functor(MapperContext ctx, const Legion::Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override;
  void slice_task(MapperContext ctx, const Legion::Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override;
  void map_task(MapperContext ctx, const Legion::Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override;
  void select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                           SelectMappingOutput& output) override;
  void report_profiling(MapperContext ctx, const Legion::Task& task,
                        const TaskProfilingInfo& input) override;
  void memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                         const MemoizeInput& input, MemoizeOutput& output) override;

 protected:
  void default_policy_rank_processor_kinds(MapperContext ctx, const Legion::Task& task,
                                           std::vector<Legion::Processor::Kind>& ranking) override;
  Legion::Processor default_policy_select_initial_processor(MapperContext ctx,
                                                            const Legion::Task& task) override;
  Legion::Memory default_policy_select_target_memory(MapperContext ctx, Legion::Processor processor,
                                                     const Legion::RegionRequirement& requirement,
                                                     Legion::MemoryConstraint constraint) override;
  Legion::LogicalRegion default_policy_select_instance_region(
      MapperContext ctx, Legion::Memory memory, const Legion::RegionRequirement& requirement,
      const Legion::LayoutConstraintSet& constraints, bool force_new_instances,
      bool meets_constraints) override;
  void default_policy_select_sources(
      MapperContext ctx, const Legion::Mapping::PhysicalInstance& target,
      const std::vector<Legion::Mapping::PhysicalInstance>& sources,
      std::deque<Legion::Mapping::PhysicalInstance>& ranking) override;

 private:
  /// A task being mapped: state shared by the steps of map_task.
  struct Mapping {
    MapperContext ctx;
    const Legion::Task& task;
    const TaskInfo& info;
    const MapTaskInput& input;
    MapTaskOutput& output;
    Legion::Processor target;
    machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
    const VariantFacts* facts = nullptr;
    std::set<unsigned> done;  ///< Requirements that have their instances.
    std::vector<Legion::Mapping::PhysicalInstance> made;
  };

  // mapper.cpp
  TaskInfo& task_info(MapperContext ctx, const Legion::Task& task);
  TaskInfo make_info(MapperContext ctx, const Legion::Task& task);
  void check_variants(const Legion::Task& task, const TaskInfo& info) const;
  [[nodiscard]] machine::ProcessorKind kind_of(MapperContext ctx, const Legion::Task& task);
  const VariantFacts& variant_facts(MapperContext ctx, Legion::TaskID task,
                                    Legion::VariantID variant);
  void decide_replication(MapperContext ctx, const Legion::Task& task, TaskOptions& output);
  void replicate_over_nodes(MapperContext ctx, const Legion::Task& task,
                            ReplicateTaskOutput& output);
  /// The most instances in flight per processor; 0 means no limit. The task may be a single task, a
  /// launch whose points do not exist yet, or a point.
  [[nodiscard]] int limit_of(MapperContext ctx, const Legion::Task& task);

  // placing.cpp
  /// The placement of an index launch; null if no rule has one.
  [[nodiscard]] const policy::Placement* placement_of(MapperContext ctx, const Legion::Task& task,
                                                      machine::ProcessorKind kind);
  /// Whether no two points of the domain share a processor, as concurrent launches require.
  [[nodiscard]] bool separates_points(const policy::Placement& placement,
                                      const Legion::Domain& domain);
  /// Where a rule places a single task; nullopt if there is no such rule.
  [[nodiscard]] std::optional<policy::Target> single_target(MapperContext ctx,
                                                            const Legion::Task& task,
                                                            machine::ProcessorKind kind);
  [[nodiscard]] std::vector<Legion::Processor> processors_at(machine::ProcessorKind kind,
                                                             const policy::Target& target) const;
  [[nodiscard]] std::vector<TaskSlice> make_slices(MapperContext ctx,
                                                   const policy::Placement& placement,
                                                   const Legion::Domain& domain) const;
  void split_into_points(MapperContext ctx, SliceTaskOutput& output) const;

  // map_task.cpp
  void choose_variant(Mapping& mapping);
  void choose_processors(Mapping& mapping);
  /// Whether any argument of the task may get a virtual instance.
  [[nodiscard]] bool may_be_virtual(const Legion::Task& task, const TaskInfo& info) const;
  void map_virtual_regions(Mapping& mapping);
  void choose_virtual(Mapping& mapping, unsigned index);
  void map_outputs(Mapping& mapping);
  void request_profiling(const Mapping& mapping) const;
  void record_mapping(Mapping& mapping);

  // reasons.cpp
  [[nodiscard]] Reason reason(std::optional<SourceRange> rule) const;
  void explain_place(Mapping& mapping, MappedTask& record);
  /// Why the memories of a rule were not used, one clause for each.
  [[nodiscard]] std::string why_not(const Mapping& mapping, const ArgumentPlan& plan,
                                    const std::vector<machine::MemoryKind>& skipped) const;
  void explain_argument(Mapping& mapping, unsigned index, MappedArgument& record);

  // instances.cpp
  /// A region argument together with what the mapping specifies for it.
  struct Argument {
    unsigned index;
    const Legion::RegionRequirement& requirement;
    ArgumentKey key;
    const std::vector<policy::RegionId>& names;
    const ArgumentPlan& plan;
  };
  [[nodiscard]] Argument argument(const Mapping& mapping, unsigned index);
  /// Instances for all region arguments; false if the task must wait for memory.
  [[nodiscard]] bool map_arguments(Mapping& mapping);
  [[nodiscard]] bool map_argument(Mapping& mapping, unsigned index);
  void collect_after_use(Mapping& mapping, const Argument& argument, bool is_last);
  [[nodiscard]] bool map_colocated(Mapping& mapping, const std::set<unsigned>& indexes);
  struct UsableMemory {
    const MemoryChoice* choice;
    Legion::Memory memory;
  };
  /// An instance that did not fit.
  struct FullMemory {
    const MemoryChoice* choice;
    Legion::Memory memory;
    size_t bytes;
  };
  /// The choices that the target can use, best first, virtual ones only where they are legal; the
  /// default mapper's choices if no rule has any. Never empty.
  [[nodiscard]] std::vector<UsableMemory> usable_memories(Mapping& mapping,
                                                          const Argument& argument);
  [[nodiscard]] UsableMemory default_memory_of(Mapping& mapping, const Argument& argument);
  /// Ends the run if the rules for this very task list only memories that its processor cannot see.
  void refuse_unseen_memories(const Mapping& mapping, const Argument& argument) const;
  [[nodiscard]] std::optional<Legion::Mapping::PhysicalInstance> reuse_valid(
      Mapping& mapping, unsigned index, const UsableMemory& usable);
  [[nodiscard]] tl::expected<Legion::Mapping::PhysicalInstance, FullMemory> make_instance(
      Mapping& mapping, unsigned index, const UsableMemory& usable,
      const std::vector<Legion::LogicalRegion>& regions);
  [[noreturn]] void refuse_layout(Mapping& mapping, unsigned index, const MemoryChoice& choice);
  [[nodiscard]] RefusedArgument refused_argument(MapperContext ctx, const Legion::Task& task,
                                                 unsigned index) const;
  void warn_if_rule_yields(Mapping& mapping, unsigned index, const MemoryChoice& choice);
  [[nodiscard]] std::string describe_argument(MapperContext ctx, const Legion::Task& task,
                                              unsigned index) const;

  // full_memory.cpp
  /// An instance in the first memory that has one or has room for one; nullopt if the task must
  /// wait for memory. Ends the run if waiting would be in vain. The instance covers all `regions`
  /// together, in which case no valid instance is shared, or, if there are none, the region of the
  /// argument.
  [[nodiscard]] std::optional<Legion::Mapping::PhysicalInstance> obtain_instance(
      Mapping& mapping, const Argument& argument, const std::vector<UsableMemory>& usable,
      const std::vector<Legion::LogicalRegion>& regions);
  [[noreturn]] void refuse_instance(Mapping& mapping, unsigned index, const FullMemory& full);
  [[nodiscard]] std::vector<RefusalShare> largest_shares(MapperContext ctx,
                                                         Legion::Memory memory) const;
  void say_waiting(Mapping& mapping, unsigned index, const FullMemory& full);
  void say_fallback(Mapping& mapping, unsigned index, const FullMemory& full,
                    const MemoryChoice& instead);
  /// Whether Legion may be asked to map the task again later.
  [[nodiscard]] static bool may_wait(const Mapping& mapping);
  /// Whether a task waits for memory and nothing has been released since.
  [[nodiscard]] bool is_held(const Legion::Task& task) const;
  /// Whether memory may still be released for a task that finds none.
  [[nodiscard]] bool hold(const Mapping& mapping, std::vector<Legion::Memory> memories);
  [[nodiscard]] static MemoryPressure::Waiter waiter(const Legion::Task& task,
                                                     std::vector<Legion::Memory> memories);
  /// Asks Legion to map the task again later.
  void give_back(const Mapping& mapping);
  /// Whether other tasks may be waiting for the end of a mapped task.
  [[nodiscard]] bool is_watched(const Mapping& mapping) const;
  /// Counts a mapped task if it must be watched.
  void watch(const Mapping& mapping);

  std::shared_ptr<Session> session_;
  const policy::Policy* policy_;
  /// The tags of an application with its own mapper mean nothing to the default mapper.
  bool foreign_tags_;
  /// Whether the mapping has any InstanceLimit.
  bool has_limits_ = false;
  bool has_virtual_rules_ = false;
  bool has_conditions_ = false;
  /// What rules query about a launch; all zero in a mapping without conditions.
  struct LaunchKey {
    Legion::TaskID task = 0;
    Legion::MappingTagID tag = 0;
    int depth = 0;
    bool index = false;
    Legion::Domain domain;
    friend bool operator<(const LaunchKey& a, const LaunchKey& b) {
      return std::tie(a.task, a.tag, a.depth, a.index, a.domain) <
             std::tie(b.task, b.tag, b.depth, b.index, b.domain);
    }
  };
  std::map<LaunchKey, TaskInfo> tasks_;
  std::map<std::pair<Legion::TaskID, Legion::VariantID>, VariantFacts> variants_;
  RegionNames names_;
  Observer observer_;
  std::unique_ptr<ArgumentPlanner> planner_;
  std::shared_ptr<Waiting> waiting_;
  InstanceLimits limits_;
  /// Tasks that found every memory full.
  struct Held {
    uint64_t changes = 0;  ///< The process's memory-pressure counter at that time.
    bool yields = false;   ///< Yields to an older task that waits for the same memory.
    std::vector<Legion::Mapping::PhysicalInstance> made;  ///< Made for it, in all attempts.
  };
  std::map<Legion::UniqueID, Held> held_;
  unsigned next_processor_ = 0;
  std::map<std::pair<const policy::Placement*, Legion::Domain>, std::vector<TaskSlice>> slices_;
  std::map<std::pair<const policy::Placement*, Legion::Domain>, bool> separated_;
};

}  // namespace placewright::legion
