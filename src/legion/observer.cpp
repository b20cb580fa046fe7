// SPDX-License-Identifier: Apache-2.0
#include "legion/observer.h"

#include <algorithm>
#include <limits>

#include "decide/defaults.h"
#include "decide/layout.h"
#include "legion/layout.h"

namespace placewright::legion {

using Legion::Task;
using Legion::Mapping::PhysicalInstance;

namespace {

/// The alignment in bytes that all fields have; 0 if any field has none.
uint64_t common_alignment(const Legion::LayoutConstraintSet& layout,
                          const std::set<Legion::FieldID>& fields) {
  uint64_t smallest = std::numeric_limits<uint64_t>::max();
  for (const Legion::FieldID field : fields) {
    uint64_t bytes = 0;
    for (const Legion::AlignmentConstraint& constraint : layout.alignment_constraints) {
      const bool is_floor = constraint.eqk == LEGION_EQ_EK || constraint.eqk == LEGION_GE_EK;
      if (constraint.fid == field && is_floor)
        bytes = std::max(bytes, uint64_t{constraint.alignment});
    }
    smallest = std::min(smallest, bytes);
  }
  return fields.empty() ? 0 : smallest;
}

/// "AOS F_order, Align >= 64", as a rule would ask for it; empty where the demand leaves open what
/// rules can decide. `dim`: of the data.
std::string words_of(const decide::Demand& demand, int dim) {
  const decide::Layout& layout = demand.layout;
  const std::vector<int8_t>& axes = layout.ordering.axes;
  const machine::DataOrder order = decide::describe(layout.ordering, dim);
  const auto dimensions = std::ranges::count_if(
      axes, [&](int8_t axis) { return axis != decide::Ordering::kFields && axis < dim; });
  const bool has_fields =
      std::ranges::find(axes, decide::Ordering::kFields) != axes.end() && dimensions > 0;
  std::string words;
  if (has_fields) words = to_string(order.fields);
  // Other orders than C and F have no word in the language.
  if (dimensions > 1 && order.dimensions != machine::DimensionOrder::Mixed)
    words += (has_fields ? " " : "") + std::string(to_string(order.dimensions)) + "_order";
  if (!layout.alignments.empty()) {
    const decide::FieldAlignment& first = layout.alignments.front();
    words += std::string(words.empty() ? "" : ", ") + "Align " +
             std::string(policy::symbol(first.relation)) + " " + std::to_string(first.bytes);
  }
  if (layout.specialization.storage == decide::Storage::Compact)
    words += words.empty() ? "Compact" : ", Compact";
  return words;
}

MappedArgument describe_output(const Legion::RegionRequirement& requirement,
                               const Legion::Mapping::Mapper::MapTaskOutput& output, size_t index) {
  MappedArgument argument;
  argument.memory = machine::UnnamedMemory{};
  // A watched mapper may leave both out.
  if (index < output.output_targets.size() && output.output_targets[index].exists()) {
    if (const auto kind = from_legion(output.output_targets[index].kind())) argument.memory = *kind;
  }
  if (index < output.output_constraints.size()) {
    argument.order =
        decide::describe(from_legion(output.output_constraints[index].ordering_constraint),
                         requirement.region.get_dim());
  }
  return argument;
}

/// The instances that a task only reads, by argument.
std::map<unsigned, PhysicalInstance> instances_read(
    const Task& task, const Legion::Mapping::Mapper::MapTaskOutput& output) {
  std::map<unsigned, PhysicalInstance> read;
  for (unsigned index = 0; index < task.regions.size(); ++index) {
    const auto& chosen = output.chosen_instances[index];
    if (task.regions[index].privilege != LEGION_READ_ONLY || chosen.empty()) continue;
    if (chosen.front().is_normal_instance()) read.emplace(index, chosen.front());
  }
  return read;
}

void add_reasons(MappedTask& task, const MappingReasons& reasons, const policy::Rules& rules) {
  task.kind_reason = words(reasons.kind, rules);
  task.place_reason = words(reasons.place, rules);
  for (size_t i = 0; i < task.arguments.size(); ++i) {
    task.arguments[i].memory_reason = words(reasons.arguments[i].memory, rules);
    task.arguments[i].layout_reason = words(reasons.arguments[i].layout, rules);
  }
}

void name_decider(MappedTask& task, const std::string& decider) {
  task.kind_reason.note = task.place_reason.note = decider;
  for (MappedArgument& argument : task.arguments)
    argument.memory_reason.note = argument.layout_reason.note = decider;
}

}  // namespace

const Observer::TaskFacts& Observer::task_facts(MapperContext ctx, Legion::TaskID task) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = tasks_.find(task);
    if (found != tasks_.end()) return found->second;
  }
  // Not under the lock: during a runtime call other mapper calls may run.
  TaskFacts facts;
  bool first = true;
  for (const machine::ProcessorKind kind : decide::kDefaultProcessorOrder) {
    std::vector<Legion::VariantID> variants;
    runtime_->find_valid_variants(ctx, task, variants, to_legion(kind));
    if (variants.empty()) continue;
    facts.variants.push_back(kind);
    if (first) facts.inner = runtime_->is_inner_variant(ctx, task, variants.front());
    first = false;
  }
  std::ranges::sort(facts.variants);
  const std::lock_guard lock(mutex_);
  return tasks_.try_emplace(task, std::move(facts)).first->second;
}

bool Observer::wants_reasons() const { return session_->recorder().wants_decisions(); }

bool Observer::wants_end() const { return session_->recorder().wants_decisions(); }

void Observer::launched(MapperContext ctx, const Task& task) {
  if (!session_->recorder().wants_workload()) return;
  const TaskFacts& facts = task_facts(ctx, task.task_id);
  workload::WorkloadLaunch launch;
  launch.index = task.is_index_space;
  if (launch.index) launch.domain = from_legion(task.index_domain);
  launch.count = 1;
  launch.tag = task.tag;
  launch.depth = task.get_depth();
  launch.mapper = task.map_id;
  session_->recorder().launched(task.get_task_name(), facts.variants, facts.inner, launch);
}

std::vector<std::string> Observer::demands(MapperContext ctx, const Task& task, unsigned argument,
                                           int dim) const {
  std::vector<std::string> result;
  for (const machine::ProcessorKind kind : decide::kDefaultProcessorOrder) {
    std::vector<Legion::VariantID> variants;
    runtime_->find_valid_variants(ctx, task.task_id, variants, to_legion(kind));
    if (variants.empty()) continue;
    const auto& layouts =
        runtime_->find_task_layout_constraints(ctx, task.task_id, variants.front()).layouts;
    const auto [first, last] = layouts.equal_range(argument);
    for (auto layout = first; layout != last; ++layout) {
      const std::string words =
          words_of(demand_of(runtime_->find_layout_constraints(ctx, layout->second)), dim);
      if (!words.empty()) result.push_back(std::string(to_string(kind)) + ": " + words);
    }
  }
  return result;
}

void Observer::saw_arguments(MapperContext ctx, const Task& task) {
  if (!session_->recorder().wants_workload()) return;
  for (unsigned index = 0; index < task.regions.size(); ++index) {
    const Legion::RegionRequirement& region = task.regions[index];
    workload::WorkloadArgument argument;
    argument.names = region_names(runtime_, ctx, region);
    argument.privilege = privilege_of(region.privilege);
    argument.dim = region.parent.get_dim();
    argument.fields = static_cast<int>(region.privilege_fields.size());
    uint64_t bytes_per_point = 0;
    for (const Legion::FieldID field : region.privilege_fields) {
      bytes_per_point += runtime_->get_field_size(ctx, region.parent.get_field_space(), field);
    }
    if (region.region.exists()) {
      argument.bytes =
          runtime_->get_index_space_domain(ctx, region.region.get_index_space()).get_volume() *
          bytes_per_point;
    }
    argument.demands = demands(ctx, task, index, argument.dim);
    session_->recorder().saw_argument(task.get_task_name(), index, argument);
  }
}

MappedTask Observer::describe(MapperContext ctx, const Task& task, const MapTaskInput& input,
                              const MapTaskOutput& output) const {
  MappedTask record;
  record.name = task.get_task_name();
  record.id = task.get_unique_id();
  if (task.is_index_space) {
    record.point = task.index_point;
    record.domain = from_legion(task.index_domain);
  }
  record.variant = output.chosen_variant;
  record.target = output.target_procs.empty() ? task.target_proc : output.target_procs.front();
  record.choices = std::max<size_t>(output.target_procs.size(), 1);
  record.depth = task.get_depth();
  record.priority = output.task_priority;
  record.is_shard = input.shard_processor.exists();
  for (unsigned index = 0; index < task.regions.size(); ++index)
    record.arguments.push_back(describe_argument(ctx, task.regions[index], output, index));
  for (size_t each = 0; each < task.output_regions.size(); ++each)
    record.arguments.push_back(describe_output(task.output_regions[each], output, each));
  return record;
}

MappedArgument Observer::describe_argument(MapperContext ctx,
                                           const Legion::RegionRequirement& requirement,
                                           const MapTaskOutput& output, unsigned index) const {
  MappedArgument argument;
  argument.collects = output.untracked_valid_regions.contains(index);
  const auto& instances = output.chosen_instances[index];
  if (instances.empty()) {
    argument.memory = machine::NoInstance{};
    return argument;
  }
  const PhysicalInstance& instance = instances.front();
  if (instance.is_virtual_instance()) {
    argument.memory = machine::MemoryKind::Virtual;
    return argument;
  }
  argument.memory = machine::UnnamedMemory{};
  if (const auto kind = from_legion(instance.get_location().kind())) argument.memory = *kind;
  argument.reduction = instance.is_reduction_instance();
  argument.instance_bytes = instance.get_instance_size();
  argument.address = instance.get_pointer_constraint().ptr;
  const Legion::LayoutConstraintSet& layout =
      runtime_->find_layout_constraints(ctx, instance.get_layout_id());
  argument.alignment = common_alignment(layout, requirement.privilege_fields);
  argument.order =
      decide::describe(from_legion(layout.ordering_constraint), requirement.parent.get_dim());
  argument.compact = layout.specialized_constraint.get_kind() == LEGION_COMPACT_SPECIALIZE;
  return argument;
}

void Observer::mapped(MapperContext ctx, const Task& task, const MapTaskInput& input,
                      const MapTaskOutput& output, const MappingReasons* reasons) {
  saw_arguments(ctx, task);
  if (Structure* structure = session_->structure()) structure->add(runtime_, ctx, task);
  if (!session_->recorder().wants_decisions()) return;
  probe_finished(ctx);
  MappedTask description = describe(ctx, task, input, output);
  if (reasons != nullptr) add_reasons(description, *reasons, *session_->rules());
  if (!decider_.empty()) name_decider(description, decider_);
  const Legion::UniqueID id = description.id;
  session_->recorder().mapped(std::move(description));
  // Shards are never profiled, so theirs is complete at once.
  if (input.shard_processor.exists()) {
    session_->recorder().ran(id, input.shard_processor);
  } else if (session_->options().probe_instances) {
    const std::lock_guard lock(mutex_);
    to_probe_[id] = instances_read(task, output);
  }
}

void Observer::ran(const Task& task, Legion::Processor processor) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = to_probe_.find(task.get_unique_id());
    if (found != to_probe_.end() && !found->second.empty()) {
      finished_.push_back({task.get_unique_id(), processor, std::move(found->second)});
      to_probe_.erase(found);
      return;
    }
  }
  session_->recorder().ran(task.get_unique_id(), processor);
}

void Observer::probe_finished(MapperContext ctx) {
  std::vector<Finished> finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(finished_);
  }
  // Not under the lock, as in task_facts().
  for (const Finished& task : finished) {
    std::map<unsigned, bool> kept;
    for (const auto& [index, instance] : task.read)
      kept[index] = !runtime_->collect_instance(ctx, instance);
    session_->recorder().ran(task.id, task.processor, kept);
  }
}

Observer::~Observer() {
  // No task was mapped after these, so nothing was probed.
  for (const Finished& task : finished_) session_->recorder().ran(task.id, task.processor);
}

}  // namespace placewright::legion
