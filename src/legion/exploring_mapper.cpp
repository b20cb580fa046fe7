// SPDX-License-Identifier: Apache-2.0
#include "legion/exploring_mapper.h"

#include <map>

namespace placewright::legion {

using Legion::Task;

ExploringMapper::ExploringMapper(PlacewrightMapper* own, Legion::Processor processor,
                                 std::shared_ptr<Waiting> waiting,
                                 std::shared_ptr<Exploration> exploration)
    : ForwardingMapper(own),
      own_(own),
      processor_(processor),
      waiting_(std::move(waiting)),
      exploration_(std::move(exploration)) {}

std::shared_ptr<PlacewrightMapper> ExploringMapper::mapper_of(Generation generation) {
  const std::lock_guard lock(mutex_);
  if (const auto* known = mappers_.find(generation)) return *known;
  const std::shared_ptr<GenerationHost> host = exploration_->generations().host(generation);
  if (host == nullptr) return nullptr;
  return mappers_.add(generation,
                      std::make_shared<PlacewrightMapper>(runtime, Legion::Machine::get_machine(),
                                                          processor_, host, waiting_));
}

template <class Output, class Decide>
void ExploringMapper::ask(const Task& task, Output& output, Decide&& decide) {
  const Generation generation = generation_of(task);
  const auto candidate = generation == 0 ? nullptr : mapper_of(generation);
  if (candidate != nullptr) {
    const Output before = output;
    try {
      decide(*candidate, output);
      return;
    } catch (const CandidateRefused& refused) {
      exploration_->generations().failed(generation, refused.refusal());
      output = before;
    }
  }
  decide(*own_, output);
}

template <class Input, class Output>
void ExploringMapper::ask(MapperContext ctx, const Task& task, const Input& input, Output& output,
                          std::type_identity_t<void (PlacewrightMapper::*)(
                              MapperContext, const Task&, const Input&, Output&)>
                              call) {
  ask(task, output,
      [&](PlacewrightMapper& mapper, Output& result) { (mapper.*call)(ctx, task, input, result); });
}

void ExploringMapper::select_task_options(MapperContext ctx, const Task& task,
                                          TaskOptions& output) {
  // Their points must be mapped together, by one mapping.
  if (task.must_epoch_task) exploration_->kept(task, "must-epoch launch");
  if (task.concurrent_task) exploration_->kept(task, "concurrent launch");
  ask(task, output, [&](PlacewrightMapper& mapper, TaskOptions& result) {
    mapper.select_task_options(ctx, task, result);
  });
}

void ExploringMapper::premap_task(MapperContext ctx, const Task& task, const PremapTaskInput& input,
                                  PremapTaskOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::premap_task);
}

void ExploringMapper::slice_task(MapperContext ctx, const Task& task, const SliceTaskInput& input,
                                 SliceTaskOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::slice_task);
}

void ExploringMapper::map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                               MapTaskOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::map_task);
}

void ExploringMapper::replicate_task(MapperContext ctx, const Task& task,
                                     const ReplicateTaskInput& input, ReplicateTaskOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::replicate_task);
}

void ExploringMapper::select_task_variant(MapperContext ctx, const Task& task,
                                          const SelectVariantInput& input,
                                          SelectVariantOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::select_task_variant);
}

void ExploringMapper::postmap_task(MapperContext ctx, const Task& task, const PostMapInput& input,
                                   PostMapOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::postmap_task);
}

void ExploringMapper::select_task_sources(MapperContext ctx, const Task& task,
                                          const SelectTaskSrcInput& input,
                                          SelectTaskSrcOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::select_task_sources);
}

void ExploringMapper::report_profiling(MapperContext ctx, const Task& task,
                                       const TaskProfilingInfo& input) {
  const Generation generation = generation_of(task);
  const auto candidate = generation == 0 ? nullptr : mapper_of(generation);
  (candidate == nullptr ? own_ : candidate.get())->report_profiling(ctx, task, input);
}

void ExploringMapper::select_sharding_functor(MapperContext ctx, const Task& task,
                                              const SelectShardingFunctorInput& input,
                                              SelectShardingFunctorOutput& output) {
  ask(ctx, task, input, output, &PlacewrightMapper::select_sharding_functor);
}

void ExploringMapper::memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                                        const MemoizeInput& input, MemoizeOutput& output) {
  if (const Task* task = operation.as_task()) {
    ask(*task, output, [&](PlacewrightMapper& mapper, MemoizeOutput& result) {
      mapper.memoize_operation(ctx, operation, input, result);
    });
  } else {
    own_->memoize_operation(ctx, operation, input, output);
  }
  // A trace that Legion found by itself would replay one mapping's decisions for another.
  if (!exploration_->separates(input.trace_id)) output.memoize = false;
}

void ExploringMapper::select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                                          SelectMappingOutput& output) {
  std::map<Generation, SelectMappingInput> parts;
  for (const Task* task : input.ready_tasks) {
    SelectMappingInput& part = parts[generation_of(*task)];
    part.processor = input.processor;
    part.ready_tasks.push_back(task);
  }
  for (const auto& [generation, part] : parts) {
    const auto candidate = generation == 0 ? nullptr : mapper_of(generation);
    SelectMappingOutput chosen;
    try {
      (candidate == nullptr ? own_ : candidate.get())->select_tasks_to_map(ctx, part, chosen);
    } catch (const CandidateRefused& refused) {
      exploration_->generations().failed(generation, refused.refusal());
      chosen = {};
      own_->select_tasks_to_map(ctx, part, chosen);
    }
    output.map_tasks.insert(chosen.map_tasks.begin(), chosen.map_tasks.end());
    output.relocate_tasks.insert(chosen.relocate_tasks.begin(), chosen.relocate_tasks.end());
    // All mappers of the processor wait for the same event.
    if (chosen.deferral_event.exists()) output.deferral_event = chosen.deferral_event;
  }
}

}  // namespace placewright::legion
