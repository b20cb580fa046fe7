// SPDX-License-Identifier: Apache-2.0
#include "legion/mapper.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "lang/syntax/find_statement.h"
#include "workload/decisions.h"

namespace placewright::legion {

using Legion::Domain;
using Legion::Processor;
using Legion::Task;
using Legion::VariantID;

namespace {

lang::LaunchFacts launch_facts(const Task& task) {
  lang::LaunchFacts facts;
  if (task.is_index_space) facts.domain = from_legion(task.index_domain);
  facts.tag = static_cast<int64_t>(task.tag);
  facts.depth = task.get_depth();
  return facts;
}

}  // namespace

PlacewrightMapper::PlacewrightMapper(Legion::Mapping::MapperRuntime* runtime,
                                     Legion::Machine machine, Processor processor,
                                     std::shared_ptr<Session> session)
    : DefaultMapper(runtime, machine, processor, "placewright"),
      session_(std::move(session)),
      policy_(session_->policy()),
      foreign_tags_(session_->options().replace_mapper),
      names_(runtime, *session_),
      observer_(runtime, *session_, names_),
      waiting_(std::make_shared<Waiting>(runtime)),
      limits_(*waiting_) {
  if (policy_ == nullptr) return;
  planner_ = std::make_unique<ArgumentPlanner>(runtime, *policy_,
                                               /*rules_win=*/session_->options().as_published);
  has_conditions_ = policy_->has_conditions();
  has_limits_ = std::ranges::any_of(
      policy_->mapping().program.statements, [](const lang::Statement& statement) {
        return std::holds_alternative<lang::InstanceLimitStatement>(statement.node);
      });
  has_virtual_rules_ = std::ranges::any_of(
      policy_->mapping().program.statements, [](const lang::Statement& statement) {
        const auto* rule = std::get_if<lang::RegionStatement>(&statement.node);
        return rule != nullptr &&
               std::ranges::any_of(rule->memories,
                                   [](const lang::Spelled<machine::MemoryKind>& memory) {
                                     return memory.value == machine::MemoryKind::Virtual;
                                   });
      });
}

TaskInfo& PlacewrightMapper::task_info(MapperContext ctx, const Task& task) {
  LaunchKey key{task.task_id, 0, 0, false, Domain()};
  if (has_conditions_) {
    // The default mapper caches kinds by task; here they depend on the launch.
    preferred_variants.erase({task.task_id, Processor::NO_KIND});
    key = {task.task_id, task.tag, task.get_depth(), task.is_index_space, Domain()};
    if (task.is_index_space) key.domain = task.index_domain;
  }
  const auto found = tasks_.find(key);
  if (found != tasks_.end()) return found->second;
  return tasks_.try_emplace(key, make_info(ctx, task)).first->second;
}

TaskInfo PlacewrightMapper::make_info(MapperContext ctx, const Task& task) {
  TaskInfo info;
  info.name = task.get_task_name();
  for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
    std::vector<VariantID> variants;
    runtime->find_valid_variants(ctx, task.task_id, variants, to_legion(kind));
    if (!variants.empty()) info.variants.push_back(kind);
    for (const VariantID variant : variants) {
      info.inner |= runtime->is_inner_variant(ctx, task.task_id, variant);
      info.leaf &= runtime->is_leaf_variant(ctx, task.task_id, variant);
    }
  }
  if (policy_ != nullptr) {
    session_->met_task(info.name);
    const auto id = policy_->task(info.name, launch_facts(task));
    if (!id) session_->refuse(id.error(), info.name);
    info.id = *id;
    for (const machine::ProcessorKind kind : machine::kProcessorKinds)
      info.limits[static_cast<size_t>(kind)] = policy_->instance_limit(info.id, kind);
    for (const machine::ProcessorKind kind : policy_->processor_kinds(info.id)) {
      const bool on_machine = session_->machine().shape().processors_per_node(kind) > 0;
      const bool has_variant = std::ranges::find(info.variants, kind) != info.variants.end();
      if (on_machine && has_variant) info.kinds.push_back(kind);
    }
    check_variants(task, info);
  }
  return info;
}

const VariantFacts& PlacewrightMapper::variant_facts(MapperContext ctx, Legion::TaskID task,
                                                     VariantID variant) {
  const auto found = variants_.find({task, variant});
  if (found != variants_.end()) return found->second;
  VariantFacts facts;
  facts.inner = runtime->is_inner_variant(ctx, task, variant);
  facts.leaf = runtime->is_leaf_variant(ctx, task, variant);
  for (const auto& constraint :
       runtime->find_execution_constraints(ctx, task, variant).colocation_constraints) {
    facts.colocated.push_back(constraint.indexes);
  }
  return variants_.try_emplace({task, variant}, std::move(facts)).first->second;
}

void PlacewrightMapper::check_variants(const Task& task, const TaskInfo& info) const {
  if (session_->options().as_published) return;
  const auto wanted = policy_->processor_kinds(info.id);
  if (wanted.empty() || !info.kinds.empty()) return;
  // A `*` rule applies to tasks in general, including the top-level task of every program.
  const auto rule = statement_naming<lang::TaskStatement>(policy_->mapping().program, info.name);
  if (!rule) return;
  const auto names = [](const auto& kinds) {
    std::vector<std::string_view> words;
    for (const machine::ProcessorKind kind : kinds) words.push_back(to_string(kind));
    return fmt::format("{}", fmt::join(words, ", "));
  };
  session_->refuse({fmt::format("task `{}` cannot run on any processor kind of its rule on this "
                                "machine: the rule lists {}, the task has variants for {}, the "
                                "machine is {}",
                                task.get_task_name(), names(wanted), names(info.variants),
                                policy_->machine().to_string()),
                    "list a kind that the task has a variant for and the machine has",
                    session_->position(*rule),
                    std::nullopt,
                    "no-variant",
                    {info.name, -1, {}}});
}

machine::ProcessorKind PlacewrightMapper::kind_of(MapperContext ctx, const Task& task) {
  task_info(ctx, task);  // determines which rules apply to this launch
  const VariantInfo variant =
      default_find_preferred_variant(task, ctx, /*needs_tight_bound=*/false);
  return from_legion(variant.proc_kind).value_or(machine::ProcessorKind::Cpu);
}

void PlacewrightMapper::select_task_options(MapperContext ctx, const Task& task,
                                            TaskOptions& output) {
  const TaskInfo& info = task_info(ctx, task);
  DefaultMapper::select_task_options(ctx, task, output);
  observer_.launched(ctx, task);
  if (policy_ == nullptr) return;
  session_->folded_data().launched(task, may_be_virtual(task, info));
  // Points that Legion maps together wait for each other, and some may have to wait for memory or
  // for an InstanceLimit.
  output.check_collective_regions.clear();
  decide_replication(ctx, task, output);
  if (task.is_index_space || output.inline_task) return;
  const machine::ProcessorKind kind = kind_of(ctx, task);
  if (const auto target = single_target(ctx, task, kind)) {
    output.initial_proc = processors_at(kind, *target).front();
    output.stealable = false;
  } else if (info.limit(kind) > 0) {
    output.stealable = false;  // The count belongs to the processor that admitted it.
  }
}

bool PlacewrightMapper::may_be_virtual(const Task& task, const TaskInfo& info) const {
  if (info.inner || info.leaf) return info.inner;
  return has_virtual_rules_ ||
         std::ranges::any_of(task.regions, [](const Legion::RegionRequirement& requirement) {
           return (requirement.tag & DefaultMapper::VIRTUAL_MAP) != 0;
         });
}

void PlacewrightMapper::map_copy(MapperContext ctx, const Legion::Copy& copy,
                                 const MapCopyInput& input, MapCopyOutput& output) {
  if (policy_ != nullptr) session_->folded_data().copied(copy);
  DefaultMapper::map_copy(ctx, copy, input, output);
}

void PlacewrightMapper::decide_replication(MapperContext ctx, const Task& task,
                                           TaskOptions& output) {
  const TaskInfo& info = task_info(ctx, task);
  const std::optional<bool> rule = policy_->replicates(info.id);
  if (!rule) return;
  // One shard per node, so a single node cannot replicate.
  output.replicate = *rule && session_->machine().node_count() > 1;
  if (!output.replicate) return;
  const VariantInfo variant =
      default_find_preferred_variant(task, ctx, /*needs_tight_bound=*/false);
  if (variant.is_replicable) return;
  const auto statement =
      statement_naming<lang::ControlReplicateStatement>(policy_->mapping().program, info.name);
  session_->refuse({fmt::format("task `{}` cannot be replicated: its {} variant is not marked as "
                                "replicable by the application",
                                info.name, to_string(kind_of(ctx, task))),
                    "remove it from the ControlReplicate statement",
                    statement ? session_->position(*statement) : "",
                    std::nullopt,
                    "not-replicable",
                    {info.name, -1, {}}});
}

void PlacewrightMapper::replicate_task(MapperContext ctx, const Task& task,
                                       const ReplicateTaskInput& input,
                                       ReplicateTaskOutput& output) {
  if (policy_ != nullptr && policy_->replicates(task_info(ctx, task).id)) {
    replicate_over_nodes(ctx, task, output);
  } else {
    DefaultMapper::replicate_task(ctx, task, input, output);
  }
  // Shards do not report back, so a replicated task does not count for InstanceLimit.
  if (!output.target_processors.empty()) limits_.finished(ctx, task.task_id);
}

void PlacewrightMapper::replicate_over_nodes(MapperContext ctx, const Task& task,
                                             ReplicateTaskOutput& output) {
  const VariantInfo variant =
      default_find_preferred_variant(task, ctx, /*needs_tight_bound=*/false);
  const machine::ProcessorKind kind = kind_of(ctx, task);
  output.chosen_variant = variant.variant;
  for (int node = 0; node < session_->machine().node_count(); ++node)
    output.target_processors.push_back(session_->machine().processors(kind, node).front());
}

int PlacewrightMapper::limit_of(MapperContext ctx, const Task& task) {
  if (!has_limits_) return 0;
  TaskInfo& info = task_info(ctx, task);
  const bool any = std::ranges::any_of(info.limits, [](int limit) { return limit > 0; });
  if (!any || is_nested_in_itself(task)) return 0;
  const int limit = info.limit(kind_of(ctx, task));
  if (limit == 0 || !maps_collectively(task)) return limit;
  info.limits.fill(0);
  if (session_->first_time("limit " + info.name)) {
    say(fmt::format(
        "InstanceLimit for `{}` has no effect: the program asks Legion to map its points "
        "together, so none runs before all are mapped",
        info.name));
  }
  return 0;
}

void PlacewrightMapper::select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                                            SelectMappingOutput& output) {
  const bool any_limited = std::ranges::any_of(
      input.ready_tasks, [&](const Task* task) { return limit_of(ctx, *task) > 0; });
  if (!any_limited && held_.empty()) {
    DefaultMapper::select_tasks_to_map(ctx, input, output);
    return;
  }
  const Legion::Mapping::MapperEvent later = waiting_->event(ctx);
  for (const Task* task : input.ready_tasks) {
    if (is_held(*task)) continue;
    const int limit = limit_of(ctx, *task);
    if (limit == 0 || limits_.admit(task->task_id, limit)) output.map_tasks.insert(task);
  }
  if (output.map_tasks.empty()) output.deferral_event = later;
}

void PlacewrightMapper::report_profiling(MapperContext ctx, const Task& task,
                                         const TaskProfilingInfo& input) {
  if (!input.task_response) return;
  Legion::Mapping::ProfilingMeasurements::OperationProcessorUsage usage;
  if (session_->recorder().wants_decisions() && input.profiling_responses.get_measurement(usage)) {
    observer_.ran(task, usage.proc);
  }
  limits_.finished(ctx, task.task_id);
  session_->memory_pressure().finished(ctx, task.get_unique_id());
}

void PlacewrightMapper::memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                                          const MemoizeInput& input, MemoizeOutput& output) {
  DefaultMapper::memoize_operation(ctx, operation, input, output);
  const Task* task = operation.as_task();
  if (task != nullptr && limit_of(ctx, *task) > 0) output.memoize = false;
}

void PlacewrightMapper::default_policy_rank_processor_kinds(MapperContext ctx, const Task& task,
                                                            std::vector<Processor::Kind>& ranking) {
  for (const machine::ProcessorKind kind : task_info(ctx, task).kinds)
    ranking.push_back(to_legion(kind));
  std::vector<Processor::Kind> rest;
  if (foreign_tags_) {
    for (const machine::ProcessorKind kind : workload::kDefaultProcessorOrder)
      rest.push_back(to_legion(kind));
  } else {
    DefaultMapper::default_policy_rank_processor_kinds(ctx, task, rest);
  }
  for (const Processor::Kind kind : rest) {
    if (std::ranges::find(ranking, kind) == ranking.end()) ranking.push_back(kind);
  }
}

Processor PlacewrightMapper::default_policy_select_initial_processor(MapperContext ctx,
                                                                     const Task& task) {
  if (!foreign_tags_) return DefaultMapper::default_policy_select_initial_processor(ctx, task);
  const Processor::Kind kind = to_legion(kind_of(ctx, task));
  if (kind == local_kind) return local_proc;
  const std::vector<Processor>& local = local_procs_by_kind(kind);
  return local[next_processor_++ % local.size()];
}

Legion::Memory PlacewrightMapper::default_policy_select_target_memory(
    MapperContext ctx, Processor processor, const Legion::RegionRequirement& requirement,
    Legion::MemoryConstraint constraint) {
  if (!foreign_tags_ || requirement.tag == 0) {
    return DefaultMapper::default_policy_select_target_memory(ctx, processor, requirement,
                                                              constraint);
  }
  Legion::RegionRequirement untagged = requirement;
  untagged.tag = 0;
  return DefaultMapper::default_policy_select_target_memory(ctx, processor, untagged, constraint);
}

Legion::LogicalRegion PlacewrightMapper::default_policy_select_instance_region(
    MapperContext ctx, Legion::Memory memory, const Legion::RegionRequirement& requirement,
    const Legion::LayoutConstraintSet& constraints, bool force_new_instances,
    bool meets_constraints) {
  if (!foreign_tags_ || requirement.tag == 0) {
    return DefaultMapper::default_policy_select_instance_region(
        ctx, memory, requirement, constraints, force_new_instances, meets_constraints);
  }
  Legion::RegionRequirement untagged = requirement;
  untagged.tag = 0;
  return DefaultMapper::default_policy_select_instance_region(
      ctx, memory, untagged, constraints, force_new_instances, meets_constraints);
}

void PlacewrightMapper::default_policy_select_sources(
    MapperContext ctx, const Legion::Mapping::PhysicalInstance& target,
    const std::vector<Legion::Mapping::PhysicalInstance>& sources,
    std::deque<Legion::Mapping::PhysicalInstance>& ranking) {
  DefaultMapper::default_policy_select_sources(ctx, target, sources, ranking);
  if (policy_ == nullptr || ranking.size() < 2) return;
  // Already sorted by bandwidth; those that hold more of the target come first.
  const Domain wanted = target.get_instance_domain();
  std::ranges::stable_sort(ranking, std::greater<>(), [&](const auto& source) {
    const Domain held = source.get_instance_domain();
    return held.get_dim() == wanted.get_dim() ? wanted.intersection(held).get_volume() : 0;
  });
}

}  // namespace placewright::legion
