// SPDX-License-Identifier: Apache-2.0
// The mapper: Legion's default mapper, with its decisions replaced by those of the rules.

/// The facts about the task's launch that conditions can query.
inline TaskFacts facts_of(const Legion::Task& task) {
  TaskFacts facts;
  facts.what = TaskFacts::What::Launch;
  facts.is_index = task.is_index_space;
  if (task.is_index_space) {
    facts.first = to_tuple(task.index_domain.lo());
    facts.last = to_tuple(task.index_domain.hi());
  }
  facts.tag_number = static_cast<int64_t>(task.tag);
  facts.nesting = task.get_depth();
  return facts;
}

/// Evaluates a mapping function; if it has no result, the run ends.
template <class Function>
auto answered(const std::string& task, const Function& function) {
  try {
    return function();
  } catch (const MappingError& error) {
    end_run(error.message + " (task `" + task + "`)");
  }
}

/// The target of a point; checks its kind of processor.
inline Target place(const MapRule& rule, ProcessorKind kind, const std::string& task,
                    const TaskFacts& facts) {
  return answered(task, [&] {
    at_line(rule.line);
    Target result = rule.function(facts);
    if (result.kind != kind) refuse("the function returned a processor of another kind");
    return result;
  });
}

/// Which shard owns a point: the node that the function returns.
class MapSharding final : public Legion::ShardingFunctor {
 public:
  MapSharding(const MapRule& rule, ProcessorKind kind) : rule_(&rule), kind_(kind) {}
  Legion::ShardID shard(const Legion::DomainPoint& point, const Legion::Domain& domain,
                        size_t shards) override {
    TaskFacts facts;
    facts.is_index = true;
    facts.first = to_tuple(domain.lo());
    facts.last = to_tuple(domain.hi());
    facts.point = to_tuple(point);
    return static_cast<Legion::ShardID>(
        static_cast<size_t>(place(*rule_, kind_, "sharding", facts).node) % shards);
  }

 private:
  const MapRule* rule_;
  ProcessorKind kind_;
};
class FixedSharding final : public Legion::ShardingFunctor {
 public:
  explicit FixedSharding(int node) : node_(node) {}
  Legion::ShardID shard(const Legion::DomainPoint&, const Legion::Domain&, size_t shards) override {
    return static_cast<Legion::ShardID>(static_cast<size_t>(node_) % shards);
  }

 private:
  int node_;
};

/// Logs the decisions for every task, one line each, to the file named by MAPPING_LOG (followed by
/// `_` and the process number); without MAPPING_LOG it does nothing.
class DecisionLog {
 public:
  explicit DecisionLog(int process) {
    const char* path = std::getenv("MAPPING_LOG");
    if (path != nullptr) file_.open(std::string(path) + "_" + std::to_string(process));
  }
  [[nodiscard]] bool wanted() const { return file_.is_open(); }
  void line(const std::string& text) {
    const std::lock_guard lock(mutex_);
    file_ << text << std::endl;
  }

 private:
  std::ofstream file_;
  std::mutex mutex_;
};

class GeneratedMapper final : public Legion::Mapping::DefaultMapper {
 public:
  using MapperContext = Legion::Mapping::MapperContext;
  using Instance = Legion::Mapping::PhysicalInstance;
  using DefaultMapper::report_profiling;
  using DefaultMapper::select_sharding_functor;

  GeneratedMapper(Legion::Mapping::MapperRuntime* runtime, Legion::Machine machine,
                  Legion::Processor processor, std::shared_ptr<const Nodes> nodes,
                  std::shared_ptr<DecisionLog> log,
                  std::shared_ptr<placewright::legion::FoldedData> folded,
                  Legion::ShardingID first_sharding)
      : DefaultMapper(runtime, machine, processor, kMappingName),
        nodes_(std::move(nodes)),
        log_(std::move(log)),
        folded_(std::move(folded)),
        first_sharding_(first_sharding),
        waiting_(runtime),
        limits_(waiting_) {}

  void select_task_options(MapperContext ctx, const Legion::Task& task,
                           TaskOptions& output) override {
    const Launch launch = launch_of(ctx, task);
    DefaultMapper::select_task_options(ctx, task, output);
    if (!rules().collected.empty()) folded_->launched(task, may_be_virtual(ctx, task));
    // Points that Legion maps together wait for each other, and some may wait for a limit.
    output.check_collective_regions.clear();
    if (!rules().replicated.empty())
      output.replicate = find_rule(rules().replicated, launch) != nullptr && nodes_->count() > 1;
    if (task.is_index_space || output.inline_task) return;
    const ProcessorKind kind = kind_of(ctx, task);
    if (const auto where = single_target(launch, task, kind)) {
      output.initial_proc = processors(*where).front();
      output.stealable = false;
    } else if (limit(launch, task, kind) > 0) {
      output.stealable = false;
    }
  }

  void map_copy(MapperContext ctx, const Legion::Copy& copy, const MapCopyInput& input,
                MapCopyOutput& output) override {
    folded_->copied(copy);
    DefaultMapper::map_copy(ctx, copy, input, output);
  }

  void replicate_task(MapperContext ctx, const Legion::Task& task, const ReplicateTaskInput& input,
                      ReplicateTaskOutput& output) override {
    if (rules().replicated.empty()) {
      DefaultMapper::replicate_task(ctx, task, input, output);
    } else {
      const ProcessorKind kind = kind_of(ctx, task);
      output.chosen_variant = default_find_preferred_variant(task, ctx, false).variant;
      for (int node = 0; node < nodes_->count(); ++node)
        output.target_processors.push_back(nodes_->at(node, kind).front());
    }
    // Shards do not report back, so a replicated task does not count for InstanceLimit.
    if (!output.target_processors.empty()) limits_.finished(ctx, task.task_id);
  }

  void select_sharding_functor(MapperContext ctx, const Legion::Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override {
    const Launch launch = launch_of(ctx, task);
    const ProcessorKind kind = kind_of(ctx, task);
    if (const MapRule* rule = index_rule(launch, task, kind)) {
      const auto number = static_cast<size_t>(rule - rules().maps.data());
      output.chosen_functor =
          first_sharding_ + static_cast<Legion::ShardingID>(number * std::size(kProcessorKinds) +
                                                            static_cast<size_t>(kind));
      output.slice_recurse = false;
      return;
    }
    if (const auto where = single_target(launch, task, kind)) {
      const size_t functors = rules().maps.size() * std::size(kProcessorKinds);
      output.chosen_functor = first_sharding_ + static_cast<Legion::ShardingID>(
                                                    functors + static_cast<size_t>(where->node));
      return;
    }
    DefaultMapper::select_sharding_functor(ctx, task, input, output);
  }

  void slice_task(MapperContext ctx, const Legion::Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    const Launch launch = launch_of(ctx, task);
    const ProcessorKind kind = kind_of(ctx, task);
    if (const MapRule* rule = index_rule(launch, task, kind)) {
      for (Legion::Domain::DomainPointIterator point(input.domain); point; point++) {
        const Target where = place(*rule, kind, launch.task, point_facts(launch, *point));
        output.slices.emplace_back(Legion::Domain(*point, *point), processors(where).front(),
                                   /*recurse=*/false, /*stealable=*/false);
      }
      return;
    }
    DefaultMapper::slice_task(ctx, task, input, output);
    if (limit(launch, task, kind) > 0) split_into_points(ctx, output);
  }

  void map_task(MapperContext ctx, const Legion::Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    Mapping mapping{ctx, task, launch_of(ctx, task), input, output, task.target_proc};
    if (input.shard_processor.exists()) {
      mapping.target = input.shard_processor;
      output.chosen_variant = input.shard_variant;
    } else {
      output.chosen_variant =
          default_find_preferred_variant(task, ctx, true, true, mapping.target.kind()).variant;
    }
    mapping.kind = from_legion(mapping.target.kind()).value_or(ProcessorKind::Cpu);
    const NumberRule* priority = answered(mapping.launch.task, [&] {
      return rule_for_kind(rules().priorities, mapping.launch, mapping.kind);
    });
    output.task_priority =
        priority != nullptr ? priority->number : default_policy_select_task_priority(ctx, task);
    choose_processors(mapping);
    for (const unsigned index : input.premapped_regions) mapping.done.insert(index);
    map_inner(mapping);
    map_colocated(mapping);
    for (unsigned index = 0; index < task.regions.size(); ++index) map_argument(mapping, index);
    for (unsigned index = 0; index < task.output_regions.size(); ++index) {
      output.output_targets[index] = default_policy_select_output_target(ctx, mapping.target);
      default_policy_select_output_constraints(task, output.output_constraints[index],
                                               task.output_regions[index]);
    }
    // Profiling the shards of a replicated task causes a race in Legion 25.12.
    const bool is_shard = input.shard_processor.exists();
    if (!is_shard && limit(mapping.launch, task, mapping.kind) > 0) {
      // Answered when the task has ended.
      output.task_prof_requests
          .add_measurement<Legion::Mapping::ProfilingMeasurements::OperationStatus>();
    }
    log(mapping);
  }

  void select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                           SelectMappingOutput& output) override {
    if (rules().limits.empty()) {
      DefaultMapper::select_tasks_to_map(ctx, input, output);
      return;
    }
    const Legion::Mapping::MapperEvent later = waiting_.event(ctx);
    for (const Legion::Task* task : input.ready_tasks) {
      const int most = limit(ctx, *task);
      if (most == 0 || limits_.admit(task->task_id, most)) output.map_tasks.insert(task);
    }
    if (output.map_tasks.empty()) output.deferral_event = later;
  }

  void report_profiling(MapperContext ctx, const Legion::Task& task,
                        const TaskProfilingInfo& input) override {
    if (input.task_response) limits_.finished(ctx, task.task_id);
  }

  void memoize_operation(MapperContext ctx, const Legion::Mappable& operation,
                         const MemoizeInput& input, MemoizeOutput& output) override {
    DefaultMapper::memoize_operation(ctx, operation, input, output);
    const Legion::Task* task = operation.as_task();
    if (task != nullptr && limit(ctx, *task) > 0) output.memoize = false;
  }

 protected:
  void default_policy_rank_processor_kinds(MapperContext ctx, const Legion::Task& task,
                                           std::vector<Legion::Processor::Kind>& ranking) override {
    for (const ProcessorKind kind : listed_kinds(ctx, task)) ranking.push_back(to_legion(kind));
    std::vector<Legion::Processor::Kind> rest;
    DefaultMapper::default_policy_rank_processor_kinds(ctx, task, rest);
    for (const Legion::Processor::Kind kind : rest) {
      if (std::find(ranking.begin(), ranking.end(), kind) == ranking.end()) ranking.push_back(kind);
    }
  }

  void default_policy_select_sources(MapperContext ctx, const Instance& target,
                                     const std::vector<Instance>& sources,
                                     std::deque<Instance>& ranking) override {
    DefaultMapper::default_policy_select_sources(ctx, target, sources, ranking);
    // Already sorted by bandwidth; those that hold more of the target come first.
    const Legion::Domain wanted = target.get_instance_domain();
    const auto shared = [&](const Instance& source) -> size_t {
      const Legion::Domain held = source.get_instance_domain();
      return held.get_dim() == wanted.get_dim() ? wanted.intersection(held).get_volume() : 0;
    };
    std::stable_sort(ranking.begin(), ranking.end(),
                     [&](const Instance& a, const Instance& b) { return shared(a) > shared(b); });
  }

 private:
  struct Mapping {
    MapperContext ctx;
    const Legion::Task& task;
    Launch launch;
    const MapTaskInput& input;
    MapTaskOutput& output;
    Legion::Processor target;
    ProcessorKind kind = ProcessorKind::Cpu;
    std::set<unsigned> done = {};
  };

  // ---- processors

  Launch launch_of(MapperContext, const Legion::Task& task) {
    // The default mapper caches kinds by task; with conditions they depend on the launch.
    preferred_variants.erase({task.task_id, Legion::Processor::NO_KIND});
    return {task.get_task_name(), facts_of(task)};
  }

  std::vector<ProcessorKind> listed_kinds(MapperContext ctx, const Legion::Task& task) {
    const Launch launch{task.get_task_name(), facts_of(task)};
    const ProcessorRule* rule =
        answered(launch.task, [&] { return find_rule(rules().processors, launch); });
    std::vector<ProcessorKind> result;
    if (rule == nullptr) return result;
    for (const ProcessorKind kind : rule->kinds) {
      std::vector<Legion::VariantID> variants;
      runtime->find_valid_variants(ctx, task.task_id, variants, to_legion(kind));
      if (!variants.empty() && machine_facts().per_node[kind] > 0) result.push_back(kind);
    }
    if (result.empty() && !rule->tasks.empty())
      end_run(fmt::format("line {}: task `{}` cannot run on any processor kind of its rule",
                          rule->line, launch.task));
    return result;
  }

  ProcessorKind kind_of(MapperContext ctx, const Legion::Task& task) {
    return from_legion(default_find_preferred_variant(task, ctx, false).proc_kind)
        .value_or(ProcessorKind::Cpu);
  }

  static TaskFacts point_facts(const Launch& launch, const Legion::DomainPoint& point) {
    TaskFacts facts = launch.facts;
    facts.what = TaskFacts::What::Point;
    facts.point = to_tuple(point);
    return facts;
  }

  const MapRule* index_rule(const Launch& launch, const Legion::Task& task,
                            ProcessorKind kind) const {
    if (!task.is_index_space || task.must_epoch_task || task.index_domain.get_volume() == 0)
      return nullptr;
    const MapRule* rule =
        answered(launch.task, [&] { return rule_for_kind(rules().maps, launch, kind); });
    const bool holds =
        rule == nullptr || !task.concurrent_task || separates_points(*rule, launch, task, kind);
    return holds ? rule : nullptr;
  }

  /// Whether no two points share a processor, as concurrent launches require.
  bool separates_points(const MapRule& rule, const Launch& launch, const Legion::Task& task,
                        ProcessorKind kind) const {
    std::set<Legion::Processor> taken;
    for (Legion::Domain::DomainPointIterator point(task.index_domain); point; point++) {
      const Target where = place(rule, kind, launch.task, point_facts(launch, *point));
      if (!taken.insert(processors(where).front()).second) return false;
    }
    return true;
  }

  std::optional<Target> single_target(const Launch& launch, const Legion::Task& task,
                                      ProcessorKind kind) const {
    const Legion::Task* parent = task.get_parent_task();
    if (task.is_index_space || task.must_epoch_task || parent == nullptr) return std::nullopt;
    const MapRule* rule =
        answered(launch.task, [&] { return rule_for_kind(rules().maps, launch, kind); });
    if (rule == nullptr) return std::nullopt;
    TaskFacts facts = launch.facts;
    facts.what = TaskFacts::What::Single;
    const Legion::Processor where = parent->current_proc;
    // Every shard must give the same answer, so all use shard 0.
    if (parent->get_total_shards() <= 1)
      facts.where = {static_cast<int64_t>(where.address_space()), nodes_->ordinal(where)};
    return place(*rule, kind, launch.task, facts);
  }

  std::vector<Legion::Processor> processors(const Target& where) const {
    std::vector<Legion::Processor> result;
    for (const int ordinal : where.ordinals)
      result.push_back(nodes_->at(where.node, where.kind)[static_cast<size_t>(ordinal)]);
    return result;
  }

  void choose_processors(Mapping& mapping) {
    const Legion::Task& task = mapping.task;
    auto& chosen = mapping.output.target_procs;
    if (mapping.input.shard_processor.exists() || task.must_epoch_task) {
      chosen.assign(1, mapping.target);
      return;
    }
    if (const MapRule* rule = index_rule(mapping.launch, task, mapping.kind)) {
      chosen = processors(place(*rule, mapping.kind, mapping.launch.task,
                                point_facts(mapping.launch, task.index_point)));
      // Every point of a concurrent launch has a processor of its own.
      if (task.concurrent_task) chosen.resize(1);
    } else if (const auto where = single_target(mapping.launch, task, mapping.kind)) {
      chosen = processors(*where);
    }
    const bool elsewhere =
        !chosen.empty() && chosen.front().address_space() != mapping.target.address_space();
    const bool stays = task.concurrent_task || limit(mapping.launch, task, mapping.kind) > 0;
    if (elsewhere || (chosen.empty() && stays)) chosen.assign(1, mapping.target);
    if (chosen.empty()) default_policy_select_target_processors(mapping.ctx, task, chosen);
    if (std::find(chosen.begin(), chosen.end(), mapping.target) == chosen.end())
      mapping.target = chosen.front();
  }

  /// Whether any argument of the task may get a virtual instance.
  bool may_be_virtual(MapperContext ctx, const Legion::Task& task) const {
    bool leaf = true;
    for (const ProcessorKind kind : kProcessorKinds) {
      std::vector<Legion::VariantID> variants;
      runtime->find_valid_variants(ctx, task.task_id, variants, to_legion(kind));
      for (const Legion::VariantID variant : variants) {
        if (runtime->is_inner_variant(ctx, task.task_id, variant)) return true;
        leaf = leaf && runtime->is_leaf_variant(ctx, task.task_id, variant);
      }
    }
    if (leaf) return false;
    for (const MemoryRule& rule : rules().memories) {
      if (std::find(rule.memories.begin(), rule.memories.end(), MemoryKind::Virtual) !=
          rule.memories.end())
        return true;
    }
    return std::any_of(task.regions.begin(), task.regions.end(), [](const auto& requirement) {
      return (requirement.tag & DefaultMapper::VIRTUAL_MAP) != 0;
    });
  }

  /// Limit on the instances of a task in flight per processor; 0 means no limit.
  static int limit(const Launch& launch, const Legion::Task& task, ProcessorKind kind) {
    const NumberRule* rule =
        answered(launch.task, [&] { return rule_for_kind(rules().limits, launch, kind); });
    if (rule == nullptr || placewright::legion::is_nested_in_itself(task) ||
        placewright::legion::maps_collectively(task))
      return 0;
    return std::max(0, rule->number);
  }
  int limit(MapperContext ctx, const Legion::Task& task) {
    if (rules().limits.empty()) return 0;
    const Launch launch = launch_of(ctx, task);
    return limit(launch, task, kind_of(ctx, task));
  }

  void split_into_points(MapperContext ctx, SliceTaskOutput& output) const {
    std::vector<TaskSlice> points;
    for (const TaskSlice& slice : output.slices) {
      const Legion::Domain domain = slice.domain_is.exists()
                                        ? runtime->get_index_space_domain(ctx, slice.domain_is)
                                        : slice.domain;
      for (Legion::Domain::DomainPointIterator point(domain); point; point++)
        points.emplace_back(Legion::Domain(*point, *point), slice.proc, false, false);
    }
    output.slices = std::move(points);
  }

  // ---- instances

  static bool needs_instance(const Legion::RegionRequirement& region) {
    return region.privilege != LEGION_NO_ACCESS && !region.privilege_fields.empty() &&
           region.region.exists();
  }

  template <class Handle>
  void add_name(MapperContext ctx, Handle handle, std::vector<std::string>& names) const {
    const void* text = nullptr;
    size_t size = 0;
    if (!runtime->retrieve_semantic_information(ctx, handle, LEGION_NAME_SEMANTIC_TAG, text, size,
                                                true) ||
        text == nullptr)
      return;
    std::string name(static_cast<const char*>(text));
    if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }

  /// The region's own name, its partition's, its parent region's.
  std::vector<std::string> names_of(MapperContext ctx,
                                    const Legion::RegionRequirement& requirement) const {
    std::vector<std::string> names;
    const Legion::LogicalRegion region =
        requirement.region.exists() ? requirement.region : requirement.parent;
    add_name(ctx, region, names);
    if (runtime->has_parent_logical_partition(ctx, region))
      add_name(ctx, runtime->get_parent_logical_partition(ctx, region), names);
    if (requirement.parent != region) add_name(ctx, requirement.parent, names);
    return names;
  }

  void map_inner(Mapping& mapping) const {
    const auto& regions = mapping.task.regions;
    if (!runtime->is_inner_variant(mapping.ctx, mapping.task.task_id,
                                   mapping.output.chosen_variant))
      return;
    for (const auto& region : regions) {
      if (region.prop != LEGION_EXCLUSIVE) return;
    }
    for (unsigned index = 0; index < regions.size(); ++index) {
      if (mapping.done.count(index) > 0) continue;
      choose_virtual(mapping, index);
      mapping.done.insert(index);
    }
  }

  void choose_virtual(Mapping& mapping, unsigned index) const {
    mapping.output.chosen_instances[index].push_back(Instance::get_virtual_instance());
    folded_->mapped_virtually(mapping.task, index);
  }

  struct Choice {
    MemoryKind kind;
    Legion::Memory memory;
    bool has_rule;
  };

  /// The memories that the target sees, best first; the default mapper's choice without a rule.
  std::vector<Choice> choices(Mapping& mapping, unsigned index,
                              const std::vector<std::string>& names) {
    const auto& requirement = mapping.task.regions[index];
    const bool leaf =
        runtime->is_leaf_variant(mapping.ctx, mapping.task.task_id, mapping.output.chosen_variant);
    const bool takes_virtual =
        !leaf && requirement.prop == LEGION_EXCLUSIVE && requirement.privilege != LEGION_REDUCE;
    std::optional<Legion::Memory::Kind> demanded;
    for (const auto& demand : demands(mapping, index)) {
      if (demand.memory_constraint.is_valid()) demanded = demand.memory_constraint.get_kind();
    }
    std::vector<Choice> result;
    const auto listed = answered(mapping.launch.task, [&] {
      return memories(mapping.launch, names, static_cast<int>(index), mapping.kind);
    });
    for (const MemoryKind kind : listed) {
      if (kind == MemoryKind::Virtual) {
        if (takes_virtual) result.push_back({kind, Legion::Memory::NO_MEMORY, true});
        continue;
      }
      const Legion::Memory memory = nodes_->memory(mapping.target, kind);
      if (memory.exists() && (!demanded || *demanded == memory.kind()))
        result.push_back({kind, memory, true});
    }
    if (!result.empty()) return result;
    const Legion::Memory memory = default_policy_select_target_memory(
        mapping.ctx, mapping.target, requirement,
        demanded ? Legion::MemoryConstraint(*demanded) : Legion::MemoryConstraint());
    return {{from_legion(memory.kind()).value_or(MemoryKind::SysMem), memory, false}};
  }

  std::vector<Legion::LayoutConstraintSet> demands(const Mapping& mapping, unsigned index) const {
    std::vector<Legion::LayoutConstraintSet> result;
    const auto& layouts = runtime
                              ->find_task_layout_constraints(mapping.ctx, mapping.task.task_id,
                                                             mapping.output.chosen_variant)
                              .layouts;
    const auto [first, last] = layouts.equal_range(index);
    for (auto layout = first; layout != last; ++layout)
      result.push_back(runtime->find_layout_constraints(mapping.ctx, layout->second));
    return result;
  }

  /// The layout of an instance: the rule's layout, overridden by the demands of the variant.
  placewright::legion::LayoutRequest layout_of(const Mapping& mapping, unsigned index,
                                               const std::vector<std::string>& names,
                                               MemoryKind memory) const {
    const auto& requirement = mapping.task.regions[index];
    const LayoutRule* rule = answered(mapping.launch.task, [&] {
      return layout(mapping.launch, names, static_cast<int>(index), memory);
    });
    const auto wanted = rule != nullptr ? std::optional(rule->layout) : std::nullopt;
    const int dim = requirement.parent.get_dim();
    std::vector<Legion::FieldID> fields(requirement.privilege_fields.begin(),
                                        requirement.privilege_fields.end());
    if (requirement.privilege == LEGION_REDUCE)
      return placewright::legion::make_reduction_layout(wanted, dim, fields, requirement.redop,
                                                        demands(mapping, index));
    // All fields, so that arguments with different fields share an instance.
    fields.clear();
    runtime->get_field_space_fields(mapping.ctx, requirement.parent.get_field_space(), fields);
    std::sort(fields.begin(), fields.end());
    return placewright::legion::make_layout(wanted, dim, fields, demands(mapping, index));
  }

  void map_argument(Mapping& mapping, unsigned index) {
    const auto& requirement = mapping.task.regions[index];
    if (mapping.done.count(index) > 0 || !needs_instance(requirement)) return;
    const std::vector<std::string> names = names_of(mapping.ctx, requirement);
    if (requirement.privilege == LEGION_READ_ONLY &&
        answered(mapping.launch.task,
                 [&] { return is_collected(mapping.launch, names, static_cast<int>(index)); }) &&
        !folded_->may_hold_folds(mapping.task, index))
      mapping.output.untracked_valid_regions.insert(index);
    auto& chosen = mapping.output.chosen_instances[index];
    const std::vector<Choice> usable = choices(mapping, index, names);
    const bool leaf =
        runtime->is_leaf_variant(mapping.ctx, mapping.task.task_id, mapping.output.chosen_variant);
    const bool default_virtual =
        !usable.front().has_rule && !leaf && (requirement.tag & DefaultMapper::VIRTUAL_MAP) != 0;
    if (usable.front().kind == MemoryKind::Virtual || default_virtual) {
      choose_virtual(mapping, index);
      return;
    }
    chosen.push_back(obtain(mapping, index, names, usable, {}));
  }

  /// An instance in the first memory that has one or has room for one. It covers all `regions`
  /// together or, if there are none, the region of the argument.
  Instance obtain(Mapping& mapping, unsigned index, const std::vector<std::string>& names,
                  const std::vector<Choice>& usable,
                  const std::vector<Legion::LogicalRegion>& regions) {
    const auto& requirement = mapping.task.regions[index];
    for (const Choice& choice : usable) {
      if (!choice.memory.exists()) {
        if (regions.empty()) break;
        continue;
      }
      const auto wanted = layout_of(mapping, index, names, choice.kind);
      std::vector<Legion::LogicalRegion> around = regions;
      if (around.empty()) {
        if (const auto valid = reuse_valid(mapping, index, choice.memory, wanted)) return *valid;
        around = {wanted.tight ? requirement.region
                               : default_policy_select_instance_region(
                                     mapping.ctx, choice.memory, requirement, wanted.constraints,
                                     false, true)};
      }
      Instance made;
      if (make(mapping, index, choice.memory, wanted, around, made)) return made;
    }
    end_run(
        fmt::format("argument {} of task `{}` gets no instance in {}: the memory is full or "
                    "the layout is impossible there",
                    index, mapping.launch.task, to_string(usable.front().kind)));
  }

  /// Maps arguments that the variant requires to share one instance.
  void map_colocated(Mapping& mapping) {
    for (const auto& constraint :
         runtime
             ->find_execution_constraints(mapping.ctx, mapping.task.task_id,
                                          mapping.output.chosen_variant)
             .colocation_constraints) {
      std::vector<unsigned> group;
      std::vector<Legion::LogicalRegion> regions;
      for (const unsigned index : constraint.indexes) {
        if (index >= mapping.task.regions.size() || mapping.done.count(index) > 0 ||
            !needs_instance(mapping.task.regions[index]))
          continue;
        group.push_back(index);
        const Legion::LogicalRegion region = mapping.task.regions[index].region;
        if (std::find(regions.begin(), regions.end(), region) == regions.end())
          regions.push_back(region);
      }
      if (group.size() < 2) continue;
      const unsigned leader = group.front();
      const auto names = names_of(mapping.ctx, mapping.task.regions[leader]);
      const Instance made =
          obtain(mapping, leader, names, choices(mapping, leader, names), regions);
      for (const unsigned index : group) {
        mapping.output.chosen_instances[index].push_back(made);
        mapping.done.insert(index);
      }
    }
  }

  std::optional<Instance> reuse_valid(Mapping& mapping, unsigned index, Legion::Memory memory,
                                      const placewright::legion::LayoutRequest& wanted) {
    const auto& requirement = mapping.task.regions[index];
    if (placewright::legion::needs_own_instance(requirement) ||
        index >= mapping.input.valid_instances.size())
      return std::nullopt;
    Legion::LayoutConstraintSet needed_layout = wanted.constraints;
    needed_layout.field_constraint = Legion::FieldConstraint();
    const Legion::Domain needed =
        runtime->get_index_space_domain(mapping.ctx, requirement.region.get_index_space());
    for (const Instance& instance : mapping.input.valid_instances[index]) {
      if (instance.get_location() != memory || !instance.is_normal_instance()) continue;
      const bool has_fields =
          std::all_of(requirement.privilege_fields.begin(), requirement.privilege_fields.end(),
                      [&](Legion::FieldID field) { return instance.has_field(field); });
      const Legion::Domain held = instance.get_instance_domain();
      const bool covers = held.get_dim() == needed.get_dim() && held.contains(needed.lo()) &&
                          held.contains(needed.hi());
      if (!has_fields || !(wanted.tight ? held == needed : covers)) continue;
      if (instance.entails(needed_layout) && runtime->acquire_instance(mapping.ctx, instance))
        return instance;
    }
    return std::nullopt;
  }

  bool make(Mapping& mapping, unsigned index, Legion::Memory memory,
            const placewright::legion::LayoutRequest& wanted,
            const std::vector<Legion::LogicalRegion>& regions, Instance& made) {
    const auto& requirement = mapping.task.regions[index];
    if (placewright::legion::needs_own_instance(requirement)) {
      return runtime->create_physical_instance(
          mapping.ctx, memory, wanted.constraints, regions, made, true,
          requirement.privilege == LEGION_REDUCE ? LEGION_GC_FIRST_PRIORITY
                                                 : LEGION_GC_DEFAULT_PRIORITY,
          wanted.tight);
    }
    bool created = false;
    return runtime->find_or_create_physical_instance(mapping.ctx, memory, wanted.constraints,
                                                     regions, made, created, true,
                                                     LEGION_GC_DEFAULT_PRIORITY, wanted.tight);
  }

  void log(const Mapping& mapping) const {
    if (!log_->wanted()) return;
    std::ostringstream line;
    line << "task=" << mapping.launch.task << " point=";
    if (mapping.task.is_index_space)
      line << fmt::format("{}", fmt::join(to_tuple(mapping.task.index_point).span(), ","));
    const Legion::Processor target = mapping.output.target_procs.front();
    line << " kind=" << to_string(from_legion(target.kind()).value_or(ProcessorKind::Cpu))
         << " node=" << target.address_space() << " processors=";
    const char* before = "";
    for (const Legion::Processor each : mapping.output.target_procs) {
      line << before << nodes_->ordinal(each);
      before = "+";
    }
    line << " variant=" << mapping.output.chosen_variant;
    for (unsigned index = 0; index < mapping.task.regions.size(); ++index) {
      const auto& instances = mapping.output.chosen_instances[index];
      line << " argument=";
      if (instances.empty()) {
        line << "NONE";
      } else if (instances.front().is_virtual_instance()) {
        line << "VIRTUAL";
      } else {
        const Instance& instance = instances.front();
        const auto kind = from_legion(instance.get_location().kind());
        line << to_string(kind.value_or(MemoryKind::SysMem)) << "," << instance.get_instance_size()
             << ",";
        for (const auto dimension :
             runtime->find_layout_constraints(mapping.ctx, instance.get_layout_id())
                 .ordering_constraint.ordering)
          line << (dimension == LEGION_DIM_F ? "f" : std::to_string(static_cast<int>(dimension)));
      }
    }
    log_->line(line.str());
  }

  std::shared_ptr<const Nodes> nodes_;
  std::shared_ptr<DecisionLog> log_;
  std::shared_ptr<placewright::legion::FoldedData> folded_;
  Legion::ShardingID first_sharding_;
  placewright::legion::Waiting waiting_;
  placewright::legion::InstanceLimits limits_;
};

/// Registers the sharding functors and the mapper on every local processor.
inline void register_mapper(Legion::Machine machine, Legion::Runtime* runtime,
                            const std::set<Legion::Processor>& local) {
  const auto nodes = std::make_shared<const Nodes>(machine);
  answered("globals", [] { start(); });
  const size_t kinds = std::size(kProcessorKinds);
  const size_t functors = rules().maps.size() * kinds + static_cast<size_t>(nodes->count());
  const Legion::ShardingID first = runtime->generate_library_sharding_ids(kMappingName, functors);
  for (size_t i = 0; i < functors; ++i) {
    Legion::ShardingFunctor* functor = nullptr;
    if (i < rules().maps.size() * kinds) {
      functor = new MapSharding(rules().maps[i / kinds], kProcessorKinds[i % kinds]);
    } else {
      functor = new FixedSharding(static_cast<int>(i - rules().maps.size() * kinds));
    }
    runtime->register_sharding_functor(first + static_cast<Legion::ShardingID>(i), functor, true);
  }
  const auto log = std::make_shared<DecisionLog>(static_cast<int>(local.begin()->address_space()));
  const auto folded = std::make_shared<placewright::legion::FoldedData>();
  for (const Legion::Processor processor : local) {
    runtime->replace_default_mapper(new GeneratedMapper(runtime->get_mapper_runtime(), machine,
                                                        processor, nodes, log, folded, first),
                                    processor);
  }
}
