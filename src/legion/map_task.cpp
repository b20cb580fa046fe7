// SPDX-License-Identifier: Apache-2.0
// Mapping one task: variant, processors, then region arguments one by one (instances.cpp).
#include <algorithm>

#include "legion/mapper.h"

namespace placewright::legion {

using Legion::Processor;
using Legion::RegionRequirement;
using Legion::Task;
using Legion::Mapping::PhysicalInstance;

void PlacewrightMapper::map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                                 MapTaskOutput& output) {
  if (policy_ == nullptr) {
    DefaultMapper::map_task(ctx, task, input, output);
    output.task_prof_requests = Legion::Mapping::ProfilingRequest();
  }
  Mapping mapping{ctx, task, task_info(ctx, task), input, output, task.target_proc};
  if (policy_ != nullptr) {
    choose_variant(mapping);
    choose_processors(mapping);
    for (const unsigned index : input.premapped_regions) mapping.done.insert(index);
    map_virtual_regions(mapping);
    if (!map_arguments(mapping)) {
      give_back(mapping);
      return;
    }
    map_outputs(mapping);
    watch(mapping);
  }
  request_profiling(mapping);
  observer_.saw_arguments(ctx, task);
  if (session_->recorder().wants_decisions()) record_mapping(mapping);
}

void PlacewrightMapper::choose_variant(Mapping& mapping) {
  const Task& task = mapping.task;
  MapTaskOutput& output = mapping.output;
  const bool is_shard = mapping.input.shard_processor.exists();
  if (is_shard) {
    mapping.target = mapping.input.shard_processor;
    output.chosen_variant = mapping.input.shard_variant;
  } else {
    const VariantInfo variant = default_find_preferred_variant(
        task, mapping.ctx, /*needs_tight_bound=*/true, /*cache=*/true, mapping.target.kind());
    output.chosen_variant = variant.variant;
  }
  mapping.kind = from_legion(mapping.target.kind()).value_or(machine::ProcessorKind::Cpu);
  mapping.facts = &variant_facts(mapping.ctx, task.task_id, output.chosen_variant);
  output.task_priority = policy_->priority(mapping.info.id, mapping.kind)
                             .value_or(default_policy_select_task_priority(mapping.ctx, task));
}

void PlacewrightMapper::choose_processors(Mapping& mapping) {
  const Task& task = mapping.task;
  std::vector<Processor>& chosen = mapping.output.target_procs;
  if (mapping.input.shard_processor.exists() || task.must_epoch_task) {
    chosen.assign(1, mapping.target);
    return;
  }
  if (task.is_index_space) {
    if (const policy::Placement* placement = placement_of(mapping.ctx, task, mapping.kind))
      chosen = processors_at(mapping.kind, placement->at(from_legion(task.index_point)));
    // Every point of a concurrent launch has a processor of its own.
    if (task.concurrent_task) chosen.resize(chosen.empty() ? 0 : 1);
  } else if (const auto target = single_target(mapping.ctx, task, mapping.kind)) {
    chosen = processors_at(mapping.kind, *target);
  }
  // Must-epoch launches and relocated tasks come with a processor that the rule does not know
  // about.
  const bool elsewhere =
      !chosen.empty() && chosen.front().address_space() != mapping.target.address_space();
  if (elsewhere) chosen.assign(1, mapping.target);
  const bool stays = task.concurrent_task || mapping.info.limit(mapping.kind) > 0;
  if (chosen.empty() && stays) chosen.assign(1, mapping.target);
  if (chosen.empty()) default_policy_select_target_processors(mapping.ctx, task, chosen);
  if (std::ranges::find(chosen, mapping.target) == chosen.end()) mapping.target = chosen.front();
}

void PlacewrightMapper::map_virtual_regions(Mapping& mapping) {
  if (!mapping.facts->inner) return;
  const std::vector<RegionRequirement>& regions = mapping.task.regions;
  const bool all_exclusive = std::ranges::all_of(
      regions, [](const RegionRequirement& region) { return region.prop == LEGION_EXCLUSIVE; });
  if (!all_exclusive) return;
  for (unsigned index = 0; index < regions.size(); ++index) {
    if (mapping.done.contains(index)) continue;
    choose_virtual(mapping, index);
    mapping.done.insert(index);
  }
}

void PlacewrightMapper::choose_virtual(Mapping& mapping, unsigned index) {
  mapping.output.chosen_instances[index].push_back(PhysicalInstance::get_virtual_instance());
  session_->folded_data().mapped_virtually(mapping.task, index);
}

void PlacewrightMapper::map_outputs(Mapping& mapping) {
  const auto& outputs = mapping.task.output_regions;
  for (unsigned index = 0; index < outputs.size(); ++index) {
    mapping.output.output_targets[index] =
        default_policy_select_output_target(mapping.ctx, mapping.target);
    default_policy_select_output_constraints(mapping.task, mapping.output.output_constraints[index],
                                             outputs[index]);
  }
}

void PlacewrightMapper::request_profiling(const Mapping& mapping) const {
  // Profiling the shards of a replicated task causes a race in Legion 25.12: docs/running.md.
  if (mapping.input.shard_processor.exists()) return;
  const bool limited = mapping.info.limit(mapping.kind) > 0 && !is_nested_in_itself(mapping.task);
  if (limited || is_watched(mapping) || session_->recorder().wants_decisions()) {
    // The processor is known when the task starts; requesting the status as well delays the
    // response until the task ends.
    using namespace Legion::Mapping::ProfilingMeasurements;
    mapping.output.task_prof_requests.add_measurement<OperationProcessorUsage>();
    mapping.output.task_prof_requests.add_measurement<OperationStatus>();
  }
}

void PlacewrightMapper::record_mapping(Mapping& mapping) {
  MappedTask record = observer_.describe(mapping.ctx, mapping.task, mapping.input, mapping.output);
  if (policy_ != nullptr) {
    for (unsigned index = 0; index < record.arguments.size(); ++index)
      explain_argument(mapping, index, record.arguments[index]);
    explain_place(mapping, record);
  }
  observer_.mapped(mapping.ctx, std::move(record), mapping.input, mapping.task, mapping.output);
}

}  // namespace placewright::legion
