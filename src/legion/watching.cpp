// SPDX-License-Identifier: Apache-2.0
#include "legion/watching.h"

namespace placewright::legion {

using Legion::Task;
using Legion::Mapping::ProfilingMeasurements::OperationProcessorUsage;

namespace {

std::string decider(Legion::MapperID id) {
  return id == 0 ? "the program's own mapper" : "the program's mapper " + std::to_string(id);
}

}  // namespace

WatchingMapper::WatchingMapper(Legion::Mapping::Mapper* watched, Legion::MapperID id,
                               std::shared_ptr<Session> session)
    : ForwardingMapper(watched),
      session_(std::move(session)),
      id_(id),
      observer_(watched->runtime, *session_, decider(id)) {}

void WatchingMapper::select_task_options(MapperContext ctx, const Task& task, TaskOptions& output) {
  ForwardingMapper::select_task_options(ctx, task, output);
  observer_.launched(ctx, task);
  // Every shard of a replicated parent launches the same tasks.
  const Task* parent = task.get_parent_task();
  const bool is_copy =
      parent != nullptr && parent->get_total_shards() > 1 && parent->get_shard_id() != 0;
  if (!is_copy) session_->left_to_mapper(task.get_task_name(), id_);
}

void WatchingMapper::map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                              MapTaskOutput& output) {
  ForwardingMapper::map_task(ctx, task, input, output);
  if (output.abort_mapping) return;
  observer_.mapped(ctx, task, input, output, nullptr);
  if (!observer_.wants_end()) return;
  // Profiling the shards of a replicated task causes a race in Legion 25.12: docs/running.md.
  if (input.shard_processor.exists()) return;
  if (output.task_prof_requests.empty()) {
    const std::lock_guard lock(mutex_);
    ours_alone_.insert(task.get_unique_id());
  }
  output.task_prof_requests.add_measurement<OperationProcessorUsage>();
}

void WatchingMapper::report_profiling(MapperContext ctx, const Task& task,
                                      const TaskProfilingInfo& input) {
  OperationProcessorUsage usage;
  if (input.task_response && observer_.wants_end() &&
      input.profiling_responses.get_measurement(usage)) {
    observer_.ran(task, usage.proc);
    const std::lock_guard lock(mutex_);
    if (ours_alone_.erase(task.get_unique_id()) != 0) return;
  }
  ForwardingMapper::report_profiling(ctx, task, input);
}

void WatchingMapper::handle_instance_collection(MapperContext ctx,
                                                const Legion::Mapping::PhysicalInstance& instance) {
  mapper->handle_instance_collection(ctx, instance);
}

}  // namespace placewright::legion
