// SPDX-License-Identifier: Apache-2.0
// Lets several mappings decide in turns: every call about a task goes to the mapper of the task's
// generation. If that one cannot decide, the run's own mapper does, for this call. Calls about other
// operations go to the run's own mapper. One object per processor.
#pragma once

#include <memory>
#include <mutex>
#include <type_traits>

#include "legion/exploration.h"
#include "legion/mapper.h"
#include "mappers/forwarding_mapper.h"
#include "support/recently_used.h"

namespace placewright::legion {

class ExploringMapper final : public Legion::Mapping::ForwardingMapper {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using ForwardingMapper::report_profiling;
  using ForwardingMapper::select_sharding_functor;

  /// Owns `own`, the run's own mapper, which uses the same `waiting`.
  ExploringMapper(PlacewrightMapper* own, Legion::Processor processor,
                  std::shared_ptr<Waiting> waiting, std::shared_ptr<Exploration> exploration);

  void select_task_options(MapperContext ctx, const Legion::Task& task,
                           TaskOptions& output) override;
  void premap_task(MapperContext ctx, const Legion::Task& task, const PremapTaskInput& input,
                   PremapTaskOutput& output) override;
  void slice_task(MapperContext ctx, const Legion::Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override;
  void map_task(MapperContext ctx, const Legion::Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override;
  void replicate_task(MapperContext ctx, const Legion::Task& task, const ReplicateTaskInput& input,
                      ReplicateTaskOutput& output) override;
  void select_task_variant(MapperContext ctx, const Legion::Task& task,
                           const SelectVariantInput& input, SelectVariantOutput& output) override;
  void postmap_task(MapperContext ctx, const Legion::Task& task, const PostMapInput& input,
                    PostMapOutput& output) override;
  void select_task_sources(MapperContext ctx, const Legion::Task& task,
                           const SelectTaskSrcInput& input, SelectTaskSrcOutput& output) override;
  void report_profiling(MapperContext ctx, const Legion::Task& task,
                        const TaskProfilingInfo& input) override;
  void select_sharding_functor(MapperContext ctx, const Legion::Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override;
  void memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                         const MemoizeInput& input, MemoizeOutput& output) override;
  void select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                           SelectMappingOutput& output) override;

 private:
  static constexpr size_t kMostMappers = 16;

  [[nodiscard]] std::shared_ptr<PlacewrightMapper> mapper_of(Generation generation);
  /// Calls `decide(mapper, output)` for the task's generation or, if it refuses, with the output as
  /// it was, for the run's own.
  template <class Output, class Decide>
  void ask(const Legion::Task& task, Output& output, Decide&& decide);
  /// The same for the usual form of a call.
  template <class Input, class Output>
  void ask(MapperContext ctx, const Legion::Task& task, const Input& input, Output& output,
           std::type_identity_t<void (PlacewrightMapper::*)(MapperContext, const Legion::Task&,
                                                            const Input&, Output&)>
               call);

  PlacewrightMapper* own_;
  Legion::Processor processor_;
  std::shared_ptr<Waiting> waiting_;
  std::shared_ptr<Exploration> exploration_;
  std::mutex mutex_;
  /// Those of generations whose tasks may still be on their way, and few more: a run may try hundreds.
  RecentlyUsed<Generation, std::shared_ptr<PlacewrightMapper>> mappers_{kMostMappers};
};

}  // namespace placewright::legion
