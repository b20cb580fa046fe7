// SPDX-License-Identifier: Apache-2.0
// The mapper: Legion's callbacks, answered by the decision core (src/decide) through its
// collaborators. Rare operations (inline mappings, copies, partitions, must-epoch launches) and
// what no rule decides are left to Legion's default mapper. One object per processor; all share one
// Host.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "decide/instance_limits.h"
#include "legion/inline_mappings.h"
#include "legion/instances.h"
#include "legion/placing.h"
#include "mappers/default_mapper.h"

namespace placewright::legion {

class PlacewrightMapper final : public Legion::Mapping::DefaultMapper {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using Instance = Legion::Mapping::PhysicalInstance;
  using DefaultMapper::report_profiling;
  using DefaultMapper::select_sharding_functor;

  PlacewrightMapper(Legion::Mapping::MapperRuntime* runtime, Legion::Machine machine,
                    Legion::Processor processor, std::shared_ptr<Host> host)
      : PlacewrightMapper(runtime, machine, processor, std::move(host),
                          std::make_shared<Waiting>(runtime)) {}
  /// `waiting`: for all mapper objects that answer for the processor in turns.
  PlacewrightMapper(Legion::Mapping::MapperRuntime* runtime, Legion::Machine machine,
                    Legion::Processor processor, std::shared_ptr<Host> host,
                    std::shared_ptr<Waiting> waiting);

  [[nodiscard]] const char* get_mapper_name() const override { return host_->name(); }
  void select_task_options(MapperContext ctx, const Legion::Task& task,
                           TaskOptions& output) override;
  void replicate_task(MapperContext ctx, const Legion::Task& task, const ReplicateTaskInput& input,
                      ReplicateTaskOutput& output) override;
  void map_inline(MapperContext ctx, const Legion::InlineMapping& operation,
                  const MapInlineInput& input, MapInlineOutput& output) override;
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
  void report_profiling(MapperContext ctx, const Legion::Copy& copy,
                        const CopyProfilingInfo& input) override;
  void report_profiling(MapperContext ctx, const Legion::InlineMapping& operation,
                        const InlineProfilingInfo& input) override;
  void memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                         const MemoizeInput& input, MemoizeOutput& output) override;
  void select_tunable_value(MapperContext ctx, const Legion::Task& task,
                            const SelectTunableInput& input, SelectTunableOutput& output) override;

  /// Stands for a mapper of the program from now on, which still answers for tunable values: nobody
  /// else knows them.
  void take_place_of(std::shared_ptr<Legion::Mapping::Mapper> program_mapper) {
    program_mapper_ = std::move(program_mapper);
  }

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
  void default_policy_select_sources(MapperContext ctx, const Instance& target,
                                     const std::vector<Instance>& sources,
                                     std::deque<Instance>& ranking) override;

 private:
  [[nodiscard]] bool has_rules() const { return host_->rules() != nullptr; }
  [[nodiscard]] Legion::Processor::Kind kind_of(MapperContext ctx, const Legion::Task& task);
  /// Whether only other nodes have processors of the kind.
  [[nodiscard]] bool is_foreign(machine::ProcessorKind kind) const;
  void record_options(MapperContext ctx, const Legion::Task& task, const TaskOptions& output,
                      bool is_placed);
  void decide_replication(MapperContext ctx, const Legion::Task& task, TaskOptions& output);
  void choose_variant(Mapping& mapping);
  void begin_record(const Mapping& mapping);
  /// Whether the end of a mapped task must be reported.
  [[nodiscard]] bool wants_end(const Mapping& mapping) const;
  static void request_end(MapTaskOutput& output);
  void report(const Mapping& mapping);
  /// A limited task has finished or will not report its end.
  void limited_task_ended(MapperContext ctx, const Legion::Task& task);

  std::shared_ptr<Host> host_;
  std::shared_ptr<Legion::Mapping::Mapper> program_mapper_;  ///< May be null.
  Tasks tasks_;
  Placing placing_;
  Holding holding_;
  Instances instances_;
  InlineMappings inline_mappings_;
  decide::InstanceLimits limits_;
  std::unique_ptr<Recording> recording_;
  unsigned next_processor_ = 0;
};

}  // namespace placewright::legion
