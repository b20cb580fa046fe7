// SPDX-License-Identifier: Apache-2.0
// What the mapper tells of its decisions, and what Legion reports of tasks and copies.
#include "decide/reasons.h"
#include "legion/mapper.h"

namespace placewright::legion {

using Legion::Task;

bool PlacewrightMapper::wants_end(const Mapping& mapping) const {
  // Profiling the shards of a replicated task causes a race in Legion 25.12: docs/running.md.
  if (mapping.is_shard()) return false;
  return recording_->wants_end() || holding_.is_watched(mapping) ||
         (mapping.rules.has_limits() && limits_.counts(limited_task(mapping.task)));
}

void PlacewrightMapper::request_end(MapTaskOutput& output) {
  // The processor is known when the task starts; requesting the status as well delays the response
  // until the task ends.
  using namespace Legion::Mapping::ProfilingMeasurements;
  output.task_prof_requests.add_measurement<OperationProcessorUsage>();
  output.task_prof_requests.add_measurement<OperationStatus>();
}

void PlacewrightMapper::report(const Mapping& mapping) {
  MappingReasons reasons;
  if (recording_->wants_reasons()) {
    const machine::ProcessorKind kind = mapping.target.kind;
    const bool is_overruled =
        mapping.task.is_index_space &&
        placing_.index_placement(mapping.ctx, mapping.task, kind).placement == nullptr;
    reasons = {decide::explain_kind(host_->setting(), mapping.rules, kind),
               decide::explain_place(host_->setting(), mapping.rules, mapping.launch,
                                     mapping.is_shard(), is_overruled, kind),
               instances_.reasons(mapping)};
  }
  recording_->mapped(mapping.ctx, mapping.task, mapping.input, mapping.output, &reasons);
}

void PlacewrightMapper::report_profiling(MapperContext ctx, const Task& task,
                                         const TaskProfilingInfo& input) {
  if (!input.task_response) {
    recording_->copied(input.profiling_responses, &task);
    return;
  }
  Legion::Mapping::ProfilingMeasurements::OperationProcessorUsage usage;
  if (recording_->wants_end() && input.profiling_responses.get_measurement(usage))
    recording_->ran(task, usage.proc);
  limited_task_ended(ctx, task);
  host_->memory_wait().finished(ctx, task.get_unique_id());
}

void PlacewrightMapper::report_profiling(MapperContext, const Legion::Copy&,
                                         const CopyProfilingInfo& input) {
  recording_->copied(input.profiling_responses, nullptr);
}

void PlacewrightMapper::report_profiling(MapperContext, const Legion::InlineMapping&,
                                         const InlineProfilingInfo& input) {
  recording_->copied(input.profiling_responses, nullptr);
}

}  // namespace placewright::legion
