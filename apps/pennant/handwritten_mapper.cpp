// SPDX-License-Identifier: Apache-2.0
#include "handwritten_mapper.h"

#include <legion.h>
#include <mappers/default_mapper.h>

#include <set>
#include <string_view>
#include <vector>

namespace pennant {
namespace {

using namespace Legion;
using namespace Legion::Mapping;

/// Any number that nobody else uses; the same in every process.
constexpr ShardingID kCyclicSharding = 77;

/// Pieces are dealt out to nodes in turn.
class CyclicSharding : public ShardingFunctor {
 public:
  ShardID shard(const DomainPoint& point, const Domain&, const size_t nodes) override {
    return static_cast<ShardID>(point[0] % static_cast<coord_t>(nodes));
  }
};

class HandwrittenMapper : public DefaultMapper {
 public:
  HandwrittenMapper(MapperRuntime* runtime, Machine machine, Processor local)
      : DefaultMapper(runtime, machine, local, "pennant handwritten mapper") {}

  void select_sharding_functor(MapperContext ctx, const Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override {
    if (!task.is_index_space) {
      DefaultMapper::select_sharding_functor(ctx, task, input, output);
      return;
    }
    output.chosen_functor = kCyclicSharding;
  }

  /// A node's pieces are dealt out to its processors in turn.
  void slice_task(MapperContext ctx, const Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    std::vector<VariantID> on_gpu;
    runtime->find_valid_variants(ctx, task.task_id, on_gpu, Processor::TOC_PROC);
    const auto& targets = on_gpu.empty() || local_gpus.empty() ? local_cpus : local_gpus;
    for (Domain::DomainPointIterator point(input.domain); point; ++point) {
      const size_t turn = static_cast<size_t>(point.p[0]) / total_nodes;
      output.slices.emplace_back(Domain(point.p, point.p), targets[turn % targets.size()],
                                 /*recurse=*/false, /*stealable=*/false);
    }
  }

  void map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    if (!task.is_index_space) {
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
  /// One instance for exactly the region that is asked for. The default mapper would also take any
  /// valid instance that covers it, and so make pieces wait for each other.
  PhysicalInstance instance_for(MapperContext ctx, const Task& task, unsigned index) {
    const RegionRequirement& requirement = task.regions[index];
    const Memory memory = memory_for(ctx, task.target_proc, requirement);
    const std::vector<LogicalRegion> regions{requirement.region};
    const bool reduces = requirement.privilege == LEGION_REDUCE;
    std::vector<FieldID> fields(requirement.privilege_fields.begin(),
                                requirement.privilege_fields.end());
    // With all fields together, tasks that use different ones share an instance.
    if (!reduces) {
      runtime->get_field_space_fields(ctx, requirement.region.get_field_space(), fields);
    }
    LayoutConstraintSet layout;
    layout.add_constraint(FieldConstraint(fields, /*contiguous=*/false, /*in_order=*/false));
    layout.add_constraint(SpecializedConstraint(
        reduces ? LEGION_AFFINE_REDUCTION_SPECIALIZE : LEGION_AFFINE_SPECIALIZE,
        requirement.redop));
    PhysicalInstance instance;
    size_t bytes = 0;
    bool created = false;
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

  /// Points that pieces share live in zero-copy memory, where every GPU sees them.
  Memory memory_for(MapperContext ctx, Processor target, const RegionRequirement& requirement) {
    if (target.kind() == Processor::TOC_PROC && is_shared(ctx, requirement.region)) {
      return Machine::MemoryQuery(machine)
          .only_kind(Memory::Z_COPY_MEM)
          .has_affinity_to(target)
          .first();
    }
    return default_policy_select_target_memory(ctx, target, requirement,
                                               Legion::MemoryConstraint());
  }

  bool is_shared(MapperContext ctx, LogicalRegion region) const {
    if (!runtime->has_parent_logical_partition(ctx, region)) return false;
    const char* name = nullptr;
    runtime->retrieve_name(ctx, runtime->get_parent_logical_partition(ctx, region), name);
    const std::string_view partition = name;
    return partition == "rp_all_shared_p" || partition == "rp_all_ghost_p";
  }
};

}  // namespace

// Legion wants a function with external linkage here.
void create_handwritten_mappers(Machine machine, Runtime* runtime,
                                const std::set<Processor>& processors) {
  runtime->register_sharding_functor(kCyclicSharding, new CyclicSharding,
                                     /*silence_warnings=*/true);
  for (const Processor processor : processors) {
    runtime->replace_default_mapper(
        new HandwrittenMapper(runtime->get_mapper_runtime(), machine, processor), processor);
  }
}

void install_handwritten_mapper() {
  Runtime::add_registration_callback(create_handwritten_mappers);
}

}  // namespace pennant
