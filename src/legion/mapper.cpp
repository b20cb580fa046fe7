// SPDX-License-Identifier: Apache-2.0
#include "legion/mapper.h"

#include <algorithm>

#include "decide/defaults.h"
#include "decide/sources.h"

namespace placewright::legion {

using Legion::Domain;
using Legion::Processor;
using Legion::Task;

PlacewrightMapper::PlacewrightMapper(Legion::Mapping::MapperRuntime* runtime,
                                     Legion::Machine machine, Processor processor,
                                     std::shared_ptr<Host> host, std::shared_ptr<Waiting> waiting)
    : DefaultMapper(runtime, machine, processor, host->name()),
      host_(std::move(host)),
      tasks_(runtime, *host_, static_cast<int>(processor.address_space())),
      placing_(runtime, *host_, tasks_),
      holding_(runtime, *host_, std::move(waiting)),
      instances_(runtime, *host_, holding_, exact_region),
      inline_mappings_(runtime, *host_, exact_region),
      recording_(host_->make_recording(runtime)) {}

void PlacewrightMapper::select_task_options(MapperContext ctx, const Task& task,
                                            TaskOptions& output) {
  // The default mapper caches kinds by task; with conditions they depend on the launch.
  if (has_rules() && host_->rules()->has_conditions())
    preferred_variants.erase({task.task_id, Processor::NO_KIND});
  DefaultMapper::select_task_options(ctx, task, output);
  recording_->launched(ctx, task);
  host_->barrier_parents().launched(task);
  if (!has_rules()) return;
  const decide::TaskRules& rules = tasks_.rules(ctx, task);
  const bool any_wish = !host_->has_foreign_tags(task.map_id) &&
                        std::any_of(task.regions.begin(), task.regions.end(),
                                    [](const Legion::RegionRequirement& requirement) {
                                      return (requirement.tag & DefaultMapper::VIRTUAL_MAP) != 0;
                                    });
  host_->folds().launched(task,
                          decide::launch_may_be_virtual(host_->setting(), rules.facts, any_wish));
  // Points that Legion maps together wait for each other, and some may have to wait for memory or
  // for an InstanceLimit.
  output.check_collective_regions.clear();
  decide_replication(ctx, task, output);
  const machine::ProcessorKind kind = tasks_.kind(ctx, task);
  bool is_placed = false;
  if (task.is_index_space || output.inline_task || output.replicate) {
    // The slices decide, or the shards.
  } else if (const auto target = placing_.single_target(ctx, task, kind)) {
    output.initial_proc = placing_.processors(kind, target->node, target->processors).front();
    output.stealable = false;
    is_placed = true;
  } else if (is_foreign(kind)) {
    const std::vector<Processor> all = host_->machine().processors(kind);
    output.initial_proc = all[next_processor_++ % all.size()];
    output.stealable = false;
  } else if (task.local_function) {
    // It runs where its parent, or its parent's shard, is. The default mapper sends it elsewhere.
    const std::span<const Processor> local = host_->machine().processors(kind, tasks_.node());
    output.initial_proc = local[next_processor_++ % local.size()];
    output.stealable = false;
  } else if (rules.limit(kind) > 0) {
    output.stealable = false;  // The count belongs to the processor that admitted it.
  }
  // A replay knows what the default mapper does with kinds of the node only, and neither moved
  // shards nor tasks that are bound to a node.
  const bool is_moved =
      output.replicate && static_cast<int>(output.initial_proc.address_space()) != tasks_.node();
  if (recording_->wants_records() && !is_foreign(kind) && !is_moved && !task.local_function)
    record_options(ctx, task, output, is_placed);
}

bool PlacewrightMapper::is_foreign(machine::ProcessorKind kind) const {
  const machine::MachineShape& shape = host_->machine().shape();
  return shape.processors(kind, tasks_.node()) == 0 && shape.processors(kind) > 0;
}

void PlacewrightMapper::record_options(MapperContext ctx, const Task& task,
                                       const TaskOptions& output, bool is_placed) {
  decide::OptionsRecord record;
  const decide::TaskRules& rules = tasks_.rules(ctx, task);
  record.facts = rules.facts;
  record.launch = tasks_.launch(ctx, task);
  record.local = host_->machine().place(local_proc).value_or(decide::ProcessorPlace{});
  record.prefers_cpu = tasks_.prefers_cpu(task);
  record.initial = host_->machine().place(output.initial_proc).value_or(decide::ProcessorPlace{});
  record.is_placed = is_placed;
  if (host_->rules()->replicates(rules.id)) record.replicates = output.replicate;
  recording_->started(record);
}

void PlacewrightMapper::decide_replication(MapperContext ctx, const Task& task,
                                           TaskOptions& output) {
  const decide::TaskRules& rules = tasks_.rules(ctx, task);
  const auto replication = host_->rules()->replicates(rules.id);
  if (!replication) return;
  const machine::ProcessorKind kind = tasks_.kind(ctx, task);
  decide::Variant variant = tasks_.variant(ctx, task, kind).variant;
  variant.kind = kind;
  const auto replicates = decide::choose_replication(host_->setting(), rules, variant);
  if (!replicates) host_->refuse(replicates.error());
  output.replicate = replicates->value_or(output.replicate);
  if (!*replicates || !**replicates) return;
  // Legion wants a shard where the task is mapped.
  const auto nodes = decide::shard_nodes(host_->setting(), replication->nodes, kind);
  if (std::find(nodes.begin(), nodes.end(), tasks_.node()) == nodes.end())
    output.initial_proc = host_->machine().processors(kind, nodes.front()).front();
}

void PlacewrightMapper::replicate_task(MapperContext ctx, const Task& task,
                                       const ReplicateTaskInput& input,
                                       ReplicateTaskOutput& output) {
  const auto rule =
      has_rules() ? host_->rules()->replicates(tasks_.rules(ctx, task).id) : std::nullopt;
  if (rule) {
    const machine::ProcessorKind kind = tasks_.kind(ctx, task);
    output.chosen_variant = tasks_.variant(ctx, task, kind).variant.id;
    for (const int node : decide::shard_nodes(host_->setting(), rule->nodes, kind))
      output.target_processors.push_back(host_->machine().processors(kind, node).front());
  } else {
    DefaultMapper::replicate_task(ctx, task, input, output);
  }
  // Shards do not report back, so a replicated task does not count for InstanceLimit.
  if (!output.target_processors.empty()) limited_task_ended(ctx, task);
}

void PlacewrightMapper::map_inline(MapperContext ctx, const Legion::InlineMapping& operation,
                                   const MapInlineInput& input, MapInlineOutput& output) {
  if (has_rules()) {
    inline_mappings_.map(ctx, operation, input, output);
  } else {
    DefaultMapper::map_inline(ctx, operation, input, output);
  }
  recording_->watch_copies(output.profiling_requests);
}

void PlacewrightMapper::map_copy(MapperContext ctx, const Legion::Copy& copy,
                                 const MapCopyInput& input, MapCopyOutput& output) {
  if (has_rules()) host_->folds().copied(copy);
  DefaultMapper::map_copy(ctx, copy, input, output);
  recording_->watch_copies(output.profiling_requests);
}

void PlacewrightMapper::select_sharding_functor(MapperContext ctx, const Task& task,
                                                const SelectShardingFunctorInput& input,
                                                SelectShardingFunctorOutput& output) {
  if (const auto functor = placing_.sharding(ctx, task, input.shard_mapping)) {
    output.chosen_functor = *functor;
    // Only slices can send points to nodes that have no shard.
    if (task.is_index_space)
      output.slice_recurse =
          input.shard_mapping.size() < static_cast<size_t>(host_->machine().node_count());
    return;
  }
  DefaultMapper::select_sharding_functor(ctx, task, input, output);
}

void PlacewrightMapper::slice_task(MapperContext ctx, const Task& task, const SliceTaskInput& input,
                                   SliceTaskOutput& output) {
  auto slices = placing_.slices(ctx, task, input.domain);
  const bool is_placed = slices.has_value();
  bool is_elsewhere = false;
  if (is_placed) {
    output.slices = *std::move(slices);
  } else if (has_rules() && is_foreign(tasks_.kind(ctx, task))) {
    is_elsewhere = true;
    output.slices = placing_.spread(ctx, input.domain, tasks_.kind(ctx, task));
  } else if (host_->has_foreign_tags(task.map_id)) {
    const Processor::Kind kind = kind_of(ctx, task);
    // Not the default mapper's cache, which may hold slices made for tags.
    std::map<Domain, std::vector<TaskSlice>> none;
    default_slice_task(task, local_procs_by_kind(kind), remote_procs_by_kind(kind), input, output,
                       none);
  } else {
    DefaultMapper::slice_task(ctx, task, input, output);
  }
  // What the default mapper makes of a sparse domain depends on more than its points.
  if (recording_->wants_records() && has_rules() && !is_elsewhere &&
      (is_placed || input.domain.dense()))
    recording_->sliced(placing_.describe(ctx, task, input.domain, output.slices, is_placed));
  if (tasks_.limit(ctx, task) > 0) placing_.split_into_points(ctx, output.slices);
}

void PlacewrightMapper::map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                                 MapTaskOutput& output) {
  const auto start = std::chrono::steady_clock::now();
  if (!has_rules()) {
    DefaultMapper::map_task(ctx, task, input, output);
    output.task_prof_requests = Legion::Mapping::ProfilingRequest();
    recording_->mapped(ctx, task, input, output, nullptr);
    if (input.shard_processor.exists()) return;
    if (recording_->wants_end()) request_end(output);
    recording_->watch_copies(output.copy_prof_requests);
    recording_->mapping_ended(task, 0, start);
    return;
  }
  Mapping mapping{ctx, task, input, output, tasks_.rules(ctx, task), tasks_.launch(ctx, task)};
  decide::TaskRecord record;
  if (recording_->wants_records()) mapping.record = &record;
  choose_variant(mapping);
  if (mapping.record != nullptr) begin_record(mapping);
  placing_.choose_processors(mapping, static_cast<int>(node_id));
  const bool is_mapped = instances_.map_arguments(mapping);
  if (mapping.record != nullptr) recording_->decided(record);
  if (!is_mapped) {
    limited_task_ended(ctx, task);
    holding_.give_back(mapping);
    return;
  }
  instances_.map_outputs(mapping);
  holding_.mapped(mapping);
  if (wants_end(mapping)) request_end(output);
  if (!mapping.is_shard()) recording_->watch_copies(output.copy_prof_requests);
  report(mapping);
  recording_->mapping_ended(task, mapping.made.size(), start);
}

void PlacewrightMapper::choose_variant(Mapping& mapping) {
  const Task& task = mapping.task;
  mapping.processor = mapping.is_shard() ? mapping.input.shard_processor : task.target_proc;
  const auto place = host_->machine().place(mapping.processor);
  if (place) mapping.target = *place;
  mapping.variant = mapping.is_shard()
                        ? &tasks_.variant(mapping.ctx, task.task_id, mapping.input.shard_variant)
                        : &tasks_.variant(mapping.ctx, task, mapping.target.kind);
  mapping.output.chosen_variant = mapping.variant->variant.id;
  mapping.output.task_priority =
      decide::choose_priority(*host_->rules(), mapping.rules, mapping.target.kind);
}

void PlacewrightMapper::begin_record(const Mapping& mapping) {
  decide::TaskRecord& record = *mapping.record;
  const machine::ProcessorKind kind = mapping.target.kind;
  record.facts = mapping.rules.facts;
  record.launch = mapping.launch;
  if (mapping.task.is_index_space) {
    record.point = from_legion(mapping.task.index_point);
    record.is_overruled = placing_.index_placement(mapping.ctx, mapping.task, kind).overruled;
  }
  record.target = mapping.target;
  record.local_node = static_cast<int>(node_id);
  record.is_shard = mapping.is_shard();
  record.prefers_cpu = tasks_.prefers_cpu(mapping.task);
  record.kind = tasks_.kind(mapping.ctx, mapping.task);
  record.variant = mapping.variant->variant;
  record.priority = mapping.output.task_priority;
  record.limit = decide::effective_limit(mapping.rules, mapping.launch, kind);
  record.arguments.resize(mapping.task.regions.size());
}

void PlacewrightMapper::limited_task_ended(MapperContext ctx, const Task& task) {
  if (limits_.finished(limited_task(task))) holding_.waiting().end(ctx);
}

void PlacewrightMapper::select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                                            SelectMappingOutput& output) {
  const bool any_limited =
      std::any_of(input.ready_tasks.begin(), input.ready_tasks.end(),
                  [&](const Task* task) { return tasks_.limit(ctx, *task) > 0; });
  if (!any_limited && holding_.is_empty()) {
    DefaultMapper::select_tasks_to_map(ctx, input, output);
    return;
  }
  const Legion::Mapping::MapperEvent later = holding_.waiting().event(ctx);
  for (const Task* task : input.ready_tasks) {
    if (holding_.is_held(*task)) continue;
    const int limit = tasks_.limit(ctx, *task);
    if (limit == 0 || limits_.admit(limited_task(*task), task->task_id, limit))
      output.map_tasks.insert(task);
  }
  if (output.map_tasks.empty()) output.deferral_event = later;
}

void PlacewrightMapper::memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                                          const MemoizeInput& input, MemoizeOutput& output) {
  DefaultMapper::memoize_operation(ctx, operation, input, output);
  const Task* task = operation.as_task();
  const bool is_limited = task != nullptr && tasks_.limit(ctx, *task) > 0;
  if (!recording_->may_be_replayed(operation) || is_limited) output.memoize = false;
}

void PlacewrightMapper::select_tunable_value(MapperContext ctx, const Task& task,
                                             const SelectTunableInput& input,
                                             SelectTunableOutput& output) {
  if (program_mapper_ != nullptr) {
    program_mapper_->select_tunable_value(ctx, task, input, output);
  } else {
    DefaultMapper::select_tunable_value(ctx, task, input, output);
  }
}

void PlacewrightMapper::default_policy_rank_processor_kinds(MapperContext ctx, const Task& task,
                                                            std::vector<Processor::Kind>& ranking) {
  const bool prefers_cpu = tasks_.prefers_cpu(task);
  if (has_rules()) {
    for (const machine::ProcessorKind kind :
         decide::rank_kinds(tasks_.rules(ctx, task), prefers_cpu))
      ranking.push_back(to_legion(kind));
    return;
  }
  for (const machine::ProcessorKind kind : decide::default_processor_order(prefers_cpu))
    ranking.push_back(to_legion(kind));
}

Processor::Kind PlacewrightMapper::kind_of(MapperContext ctx, const Task& task) {
  if (has_rules()) return to_legion(tasks_.kind(ctx, task));
  return default_find_preferred_variant(task, ctx, /*needs_tight_bound=*/false).proc_kind;
}

Processor PlacewrightMapper::default_policy_select_initial_processor(MapperContext ctx,
                                                                     const Task& task) {
  if (!host_->has_foreign_tags(task.map_id))
    return DefaultMapper::default_policy_select_initial_processor(ctx, task);
  const Processor::Kind kind = kind_of(ctx, task);
  if (kind == local_kind) return local_proc;
  const std::vector<Processor>& local = local_procs_by_kind(kind);
  return local[next_processor_++ % local.size()];
}

Legion::Memory PlacewrightMapper::default_policy_select_target_memory(
    MapperContext ctx, Processor processor, const Legion::RegionRequirement& requirement,
    Legion::MemoryConstraint constraint) {
  Legion::RegionRequirement untagged = requirement;
  if (host_->has_foreign_tags(0)) untagged.tag = 0;
  return DefaultMapper::default_policy_select_target_memory(ctx, processor, untagged, constraint);
}

Legion::LogicalRegion PlacewrightMapper::default_policy_select_instance_region(
    MapperContext ctx, Legion::Memory memory, const Legion::RegionRequirement& requirement,
    const Legion::LayoutConstraintSet& constraints, bool force_new_instances,
    bool meets_constraints) {
  Legion::RegionRequirement untagged = requirement;
  if (host_->has_foreign_tags(0)) untagged.tag = 0;
  return DefaultMapper::default_policy_select_instance_region(
      ctx, memory, untagged, constraints, force_new_instances, meets_constraints);
}

void PlacewrightMapper::default_policy_select_sources(MapperContext ctx, const Instance& target,
                                                      const std::vector<Instance>& sources,
                                                      std::deque<Instance>& ranking) {
  if (!has_rules()) {
    DefaultMapper::default_policy_select_sources(ctx, target, sources, ranking);
    return;
  }
  const Domain wanted = target.get_instance_domain();
  std::vector<decide::CopySource> list;
  for (const Instance& source : sources) {
    std::vector<Legion::MemoryMemoryAffinity> affinity;
    machine.get_mem_mem_affinity(affinity, source.get_location(), target.get_location(),
                                 /*local_only=*/false);
    const Domain held = source.get_instance_domain();
    const bool overlaps = held.get_dim() == wanted.get_dim();
    list.push_back(
        {static_cast<uint32_t>(list.size()), affinity.empty() ? 0 : affinity.front().bandwidth,
         overlaps ? wanted.intersection(held).get_volume() : 0, source.get_location().id});
  }
  decide::rank_sources(list);
  for (const decide::CopySource& source : list) ranking.push_back(sources[source.number]);
}

}  // namespace placewright::legion
