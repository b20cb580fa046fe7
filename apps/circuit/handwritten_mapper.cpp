// SPDX-License-Identifier: Apache-2.0
#include "handwritten_mapper.h"

#include <legion.h>
#include <mappers/default_mapper.h>

#include <set>
#include <string>
#include <vector>

namespace circuit {
namespace {

using namespace Legion;
using namespace Legion::Mapping;

/// Any number that nobody else uses; the same in every process.
constexpr ShardingID kLinearSharding = 77;

/// Point i belongs to processor i, counted through all nodes, and wraps around after the last one.
/// `processors` is the number per node.
int64_t linear_node(int64_t point, int64_t processors, int64_t nodes) {
  return point / processors % nodes;
}
int64_t linear_processor(int64_t point, int64_t processors) { return point % processors; }

class LinearSharding : public ShardingFunctor {
 public:
  explicit LinearSharding(int64_t processors) : processors_(processors) {}
  ShardID shard(const DomainPoint& point, const Domain&, const size_t shards) override {
    return static_cast<ShardID>(linear_node(point[0], processors_, static_cast<int64_t>(shards)));
  }

 private:
  int64_t processors_;
};

size_t processors_per_node(const Machine& machine) {
  for (const Processor::Kind kind : {Processor::TOC_PROC, Processor::LOC_PROC}) {
    const size_t count =
        Machine::ProcessorQuery(machine).only_kind(kind).local_address_space().count();
    if (count > 0) return count;
  }
  return 1;
}

class HandwrittenMapper : public DefaultMapper {
 public:
  HandwrittenMapper(MapperRuntime* runtime, Machine machine, Processor local)
      : DefaultMapper(runtime, machine, local, "circuit handwritten mapper") {}

  void select_sharding_functor(MapperContext ctx, const Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override {
    if (!task.is_index_space) {
      DefaultMapper::select_sharding_functor(ctx, task, input, output);
      return;
    }
    output.chosen_functor = kLinearSharding;
  }

  void slice_task(MapperContext ctx, const Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    const std::vector<Processor>& targets = targets_of(ctx, task);
    const auto count = static_cast<int64_t>(targets.size());
    for (Domain::DomainPointIterator point(input.domain); point; ++point) {
      const Processor target = targets[static_cast<size_t>(linear_processor(point.p[0], count))];
      output.slices.push_back(
          TaskSlice(Domain(point.p, point.p), target, /*recurse=*/false, /*stealable=*/false));
    }
  }

  void map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    if (!task.is_index_space) {
      // The top-level task, of which every process maps its own shard.
      DefaultMapper::map_task(ctx, task, input, output);
      return;
    }
    const Processor target = task.target_proc;
    output.chosen_variant = default_find_preferred_variant(task, ctx, /*needs_tight=*/true,
                                                           /*cache=*/true, target.kind())
                                .variant;
    output.target_procs.push_back(target);
    for (unsigned index = 0; index < task.regions.size(); ++index) {
      output.chosen_instances[index].push_back(instance_for(ctx, task, index));
    }
  }

 private:
  const std::vector<Processor>& targets_of(MapperContext ctx, const Task& task) {
    std::vector<VariantID> variants;
    runtime->find_valid_variants(ctx, task.task_id, variants, Processor::TOC_PROC);
    return variants.empty() || local_gpus.empty() ? local_cpus : local_gpus;
  }

  /// One instance for exactly the region that is asked for. The default mapper would also take any
  /// valid instance that covers it, and so make pieces wait for each other.
  PhysicalInstance instance_for(MapperContext ctx, const Task& task, unsigned index) {
    const RegionRequirement& requirement = task.regions[index];
    const Memory memory = memory_for(ctx, task.target_proc, requirement);
    const std::vector<LogicalRegion> regions{requirement.region};
    const std::vector<FieldID> fields(requirement.privilege_fields.begin(),
                                      requirement.privilege_fields.end());
    const bool reduces = requirement.privilege == LEGION_REDUCE;
    LayoutConstraintSet layout;
    layout.add_constraint(FieldConstraint(fields, /*contiguous=*/false, /*in_order=*/false));
    layout.add_constraint(SpecializedConstraint(
        reduces ? LEGION_AFFINE_REDUCTION_SPECIALIZE : LEGION_AFFINE_SPECIALIZE,
        requirement.redop));
    PhysicalInstance instance;
    bool created = false;
    size_t bytes = 0;
    // Pieces that fold into one instance would take turns.
    const bool made =
        reduces ? runtime->create_physical_instance(ctx, memory, layout, regions, instance,
                                                    /*acquire=*/true, LEGION_GC_DEFAULT_PRIORITY,
                                                    /*tight_bounds=*/false, &bytes)
                : runtime->find_or_create_physical_instance(
                      ctx, memory, layout, regions, instance, created, /*acquire=*/true,
                      LEGION_GC_DEFAULT_PRIORITY, /*tight_bounds=*/false, &bytes);
    if (!made) {
      default_report_failed_instance_creation(task, index, task.target_proc, memory, bytes);
    }
    return instance;
  }

  /// Nodes that several pieces use live in zero-copy memory, where every GPU sees them.
  Memory memory_for(MapperContext ctx, Processor target, const RegionRequirement& requirement) {
    if (target.kind() == Processor::TOC_PROC && is_exchanged(ctx, requirement.region)) {
      const Machine::MemoryQuery found =
          Machine::MemoryQuery(machine).only_kind(Memory::Z_COPY_MEM).has_affinity_to(target);
      if (found.count() > 0) return found.first();
    }
    return default_policy_select_target_memory(ctx, target, requirement,
                                               Legion::MemoryConstraint());
  }

  bool is_exchanged(MapperContext ctx, LogicalRegion region) const {
    if (!runtime->has_parent_logical_partition(ctx, region)) return false;
    const char* name = nullptr;
    runtime->retrieve_name(ctx, runtime->get_parent_logical_partition(ctx, region), name);
    const std::string_view partition = name == nullptr ? "" : name;
    return partition == "rp_shared" || partition == "rp_ghost";
  }
};

}  // namespace

// Legion wants a function with external linkage here.
void create_handwritten_mappers(Machine machine, Runtime* runtime,
                                const std::set<Processor>& processors) {
  runtime->register_sharding_functor(
      kLinearSharding, new LinearSharding(static_cast<int64_t>(processors_per_node(machine))),
      /*silence_warnings=*/true);
  for (const Processor processor : processors) {
    runtime->replace_default_mapper(
        new HandwrittenMapper(runtime->get_mapper_runtime(), machine, processor), processor);
  }
}

void install_handwritten_mapper() {
  Runtime::add_registration_callback(create_handwritten_mappers);
}

}  // namespace circuit
