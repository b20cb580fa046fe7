// SPDX-License-Identifier: Apache-2.0
#include "handwritten_mapper.h"

#include <legion.h>
#include <mappers/default_mapper.h>

#include <set>
#include <vector>

namespace stencil {
namespace {

using namespace Legion;
using namespace Legion::Mapping;

/// Any number that nobody else uses; the same in every process.
constexpr ShardingID kBlockSharding = 77;

/// Tiles go to processors in order, as many per node as a node has processors.
class BlockSharding : public ShardingFunctor {
 public:
  explicit BlockSharding(size_t processors) : processors_(static_cast<coord_t>(processors)) {}
  ShardID shard(const DomainPoint& point, const Domain&, const size_t nodes) override {
    return static_cast<ShardID>(point[0] / processors_ % static_cast<coord_t>(nodes));
  }

 private:
  coord_t processors_;
};

class HandwrittenMapper : public DefaultMapper {
 public:
  HandwrittenMapper(MapperRuntime* runtime, Machine machine, Processor local)
      : DefaultMapper(runtime, machine, local, "stencil handwritten mapper") {}

  [[nodiscard]] size_t width() const {
    return local_gpus.empty() ? local_cpus.size() : local_gpus.size();
  }

  void select_sharding_functor(MapperContext ctx, const Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override {
    if (!task.is_index_space) {
      DefaultMapper::select_sharding_functor(ctx, task, input, output);
      return;
    }
    output.chosen_functor = kBlockSharding;
  }

  void slice_task(MapperContext ctx, const Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    std::vector<VariantID> on_gpu;
    runtime->find_valid_variants(ctx, task.task_id, on_gpu, Processor::TOC_PROC);
    const auto& targets = on_gpu.empty() || local_gpus.empty() ? local_cpus : local_gpus;
    for (Domain::DomainPointIterator point(input.domain); point; ++point) {
      const Processor target = targets[static_cast<size_t>(point.p[0]) % targets.size()];
      output.slices.emplace_back(Domain(point.p, point.p), target, /*recurse=*/false,
                                 /*stealable=*/false);
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
      if (task.regions[index].privilege == LEGION_NO_ACCESS) continue;
      output.chosen_instances[index].push_back(instance_for(ctx, task, index));
    }
  }

 private:
  /// One instance for exactly the region that is asked for, in the processor's own memory, x
  /// fastest.
  PhysicalInstance instance_for(MapperContext ctx, const Task& task, unsigned index) {
    const RegionRequirement& requirement = task.regions[index];
    const Memory memory = default_policy_select_target_memory(ctx, task.target_proc, requirement,
                                                              Legion::MemoryConstraint());
    const std::vector<FieldID> fields(requirement.privilege_fields.begin(),
                                      requirement.privilege_fields.end());
    LayoutConstraintSet layout;
    layout.add_constraint(SpecializedConstraint(LEGION_AFFINE_SPECIALIZE));
    layout.add_constraint(FieldConstraint(fields, /*contiguous=*/false, /*in_order=*/false));
    layout.add_constraint(OrderingConstraint({LEGION_DIM_X, LEGION_DIM_Y, LEGION_DIM_F},
                                             /*contiguous=*/false));
    PhysicalInstance instance;
    bool created = false;
    size_t bytes = 0;
    if (!runtime->find_or_create_physical_instance(ctx, memory, layout, {requirement.region},
                                                   instance, created, /*acquire=*/true,
                                                   LEGION_GC_DEFAULT_PRIORITY,
                                                   /*tight_region_bounds=*/false, &bytes)) {
      default_report_failed_instance_creation(task, index, task.target_proc, memory, bytes);
    }
    return instance;
  }
};

}  // namespace

// Legion wants a function with external linkage here.
void create_handwritten_mappers(Machine machine, Runtime* runtime,
                                const std::set<Processor>& processors) {
  size_t width = 1;
  for (const Processor processor : processors) {
    auto* mapper = new HandwrittenMapper(runtime->get_mapper_runtime(), machine, processor);
    width = mapper->width();
    runtime->replace_default_mapper(mapper, processor);
  }
  runtime->register_sharding_functor(kBlockSharding, new BlockSharding(width),
                                     /*silence_warnings=*/true);
}

void install_handwritten_mapper() {
  Runtime::add_registration_callback(create_handwritten_mappers);
}

}  // namespace stencil
