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
  const auto start = std::chrono::steady_clock::now();
  ForwardingMapper::map_task(ctx, task, input, output);
  if (output.abort_mapping) return;
  observer_.mapped(ctx, task, input, output, nullptr);
  // Profiling the shards of a replicated task causes a race in Legion 25.12: docs/running.md.
  if (input.shard_processor.exists()) return;
  watch_copies(task.get_unique_id(), output.copy_prof_requests);
  if (!output.task_prof_requests.empty()) {
    const std::lock_guard lock(mutex_);
    its_tasks_.insert(task.get_unique_id());
  }
  if (observer_.wants_end()) output.task_prof_requests.add_measurement<OperationProcessorUsage>();
  observer_.mapping_ended(task, 0, start);
}

void WatchingMapper::memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                                       const MemoizeInput& input, MemoizeOutput& output) {
  ForwardingMapper::memoize_operation(ctx, operation, input, output);
  if (!observer_.may_be_replayed(operation)) output.memoize = false;
}

void WatchingMapper::report_profiling(MapperContext ctx, const Task& task,
                                      const TaskProfilingInfo& input) {
  const Legion::UniqueID id = task.get_unique_id();
  if (!input.task_response) {
    if (is_in(its_copies_, id)) {
      ForwardingMapper::report_profiling(ctx, task, input);
    } else {
      observer_.copied(input.profiling_responses, &task);
    }
    return;
  }
  OperationProcessorUsage usage;
  if (observer_.wants_end() && input.profiling_responses.get_measurement(usage))
    observer_.ran(task, usage.proc);
  if (!is_in(its_tasks_, id)) return;
  ForwardingMapper::report_profiling(ctx, task, input);
  const std::lock_guard lock(mutex_);
  its_tasks_.erase(id);
}

void WatchingMapper::map_copy(MapperContext ctx, const Legion::Copy& copy,
                              const MapCopyInput& input, MapCopyOutput& output) {
  ForwardingMapper::map_copy(ctx, copy, input, output);
  watch_copies(copy.get_unique_id(), output.profiling_requests);
}

void WatchingMapper::report_profiling(MapperContext ctx, const Legion::Copy& copy,
                                      const CopyProfilingInfo& input) {
  if (is_in(its_copies_, copy.get_unique_id())) {
    ForwardingMapper::report_profiling(ctx, copy, input);
  } else {
    observer_.copied(input.profiling_responses, nullptr);
  }
}

void WatchingMapper::watch_copies(Legion::UniqueID operation,
                                  Legion::Mapping::ProfilingRequest& request) {
  if (request.empty()) {
    observer_.watch_copies(request);
    return;
  }
  const std::lock_guard lock(mutex_);
  its_copies_.insert(operation);
}

bool WatchingMapper::is_in(const std::set<Legion::UniqueID>& operations, Legion::UniqueID id) {
  const std::lock_guard lock(mutex_);
  return operations.contains(id);
}

void WatchingMapper::handle_instance_collection(MapperContext ctx,
                                                const Legion::Mapping::PhysicalInstance& instance) {
  mapper->handle_instance_collection(ctx, instance);
}

}  // namespace placewright::legion
