// SPDX-License-Identifier: Apache-2.0
#include "matmul/handwritten_mapper.h"

#include <mappers/default_mapper.h>

#include <numeric>
#include <string>
#include <vector>

#include "matmul/matrices.h"

namespace matmul {
namespace {

using namespace Legion;
using namespace Legion::Mapping;
using Extents = std::vector<int64_t>;

/// Task t shards by functor kFirstSharding + t: a number that nobody else uses.
constexpr ShardingID kFirstSharding = 7700;

Extents extents_of(const Domain& launch) {
  Extents extents;
  for (int d = 0; d < launch.get_dim(); ++d) extents.push_back(launch.hi()[d] - launch.lo()[d] + 1);
  return extents;
}

/// Continues `chosen` with all ways to write `count` as a product over the remaining dimensions.
void factorise(int64_t count, const Extents& extents, Extents& chosen, double cost, Extents& best,
               double& least) {
  const size_t d = chosen.size();
  const bool is_last = d + 1 == extents.size();
  for (int64_t factor = count; factor >= (is_last ? count : 1); --factor) {
    if (count % factor != 0) continue;
    const double sum =
        cost + static_cast<double>(factor) / static_cast<double>(std::max<int64_t>(extents[d], 1));
    chosen.push_back(factor);
    if (!is_last) {
      factorise(count / factor, extents, chosen, sum, best, least);
    } else if (sum < least - 1e-6) {
      least = sum;
      best = chosen;
    }
    chosen.pop_back();
  }
}

/// The grid of `count` processors whose blocks of the launch are closest to cubes: the factors f
/// with the least sum of f[d] / extents[d], which is their surface.
Extents decompose(int64_t count, const Extents& extents) {
  Extents chosen, best;
  double least = 1e300;
  factorise(count, extents, chosen, 0, best, least);
  return best;
}

/// A point of a grid as a number; the first dimension counts fastest.
int64_t linearise(const Extents& point, const Extents& grid) {
  int64_t linear = 0;
  for (size_t d = grid.size(); d-- > 0;) linear = linear * grid[d] + point[d];
  return linear;
}

Slot in_turn(int64_t linear, int64_t nodes, int64_t processors) {
  const int64_t all = linear % (nodes * processors);
  return {all / processors, all % processors};
}

/// Blocks over a grid of nodes, cyclic over the grid of a node's processors.
Slot nested(const DomainPoint& point, const Domain& launch, int64_t nodes, int64_t processors) {
  const Extents extents = extents_of(launch);
  const Extents upper = decompose(nodes, extents);
  Extents rest = extents;
  for (size_t d = 0; d < rest.size(); ++d) rest[d] /= upper[d];
  const Extents lower = decompose(processors, rest);
  Extents node, processor;
  for (size_t d = 0; d < extents.size(); ++d) {
    const int64_t coordinate = point[static_cast<int>(d)];
    node.push_back(coordinate * upper[d] / extents[d]);
    processor.push_back(coordinate % lower[d]);
  }
  return {linearise(node, upper), linearise(processor, lower)};
}

/// Blocks over a grid of `count` workers.
int64_t blocked(const DomainPoint& point, const Domain& launch, int64_t count) {
  const Extents extents = extents_of(launch);
  const Extents grid = decompose(count, extents);
  Extents block;
  for (size_t d = 0; d < extents.size(); ++d) {
    block.push_back(point[static_cast<int>(d)] * grid[d] / extents[d]);
  }
  return linearise(block, grid);
}

Slot block_of_processors(const DomainPoint& point, const Domain& launch, int64_t nodes,
                         int64_t processors) {
  return in_turn(blocked(point, launch, nodes * processors), nodes, processors);
}

Slot block_of_nodes(const DomainPoint& point, const Domain& launch, int64_t nodes, int64_t) {
  return {blocked(point, launch, nodes), 0};
}

/// Within a node, in the order of the points.
Slot inside_node(const DomainPoint& point, const Domain& launch, int64_t, int64_t processors) {
  return {0, linearise({point[0], point[1]}, extents_of(launch)) % processors};
}

Slot cyclic(const DomainPoint& point, const Domain& launch, int64_t nodes, int64_t processors) {
  const int64_t linear = linearise({point[0], point[1], point[2]}, extents_of(launch));
  return {linear % nodes, linear / nodes % processors};
}

Slot cube_side(const DomainPoint& point, const Domain& launch, int64_t nodes, int64_t processors) {
  const Extents extents = extents_of(launch);
  const int64_t side = std::max(extents[0], extents[2]);
  return in_turn(point[0] + side * (point[1] + side * point[2]), nodes, processors);
}

Slot cubic_grid(const DomainPoint& point, const Domain&, int64_t nodes, int64_t processors) {
  const Extents grid = decompose(nodes * processors, {1, 1, 1});
  return in_turn(point[2] + grid[0] * (point[1] + grid[1] * point[0]), nodes, processors);
}

/// The same place for a block of a matrix in all tasks of the start, and for its checksum.
Placing starting_at(PlacePoint place) {
  Placing placing;
  for (const TaskID task : {kFill, kPlaceA, kPlaceB, kPlaceC, kValidate}) {
    placing.launches[task] = place;
  }
  return placing;
}

class PointSharding : public ShardingFunctor {
 public:
  PointSharding(PlacePoint place, int64_t processors) : place_(place), processors_(processors) {}
  ShardID shard(const DomainPoint& point, const Domain& launch, const size_t shards) override {
    return static_cast<ShardID>(
        place_(point, launch, static_cast<int64_t>(shards), processors_).node);
  }

 private:
  PlacePoint place_;
  int64_t processors_;
};

/// GPUs for tasks that have a variant for them, on a machine that has some.
bool runs_on_gpus(TaskID task, const Machine& machine) {
  const bool only_cpus = task == kValidate || task == kStep || task == kOuter;
  return !only_cpus && Machine::ProcessorQuery(machine)
                               .only_kind(Processor::TOC_PROC)
                               .local_address_space()
                               .count() > 0;
}

class HandwrittenMapper : public DefaultMapper {
 public:
  HandwrittenMapper(MapperRuntime* runtime, Machine machine, Processor local,
                    const Placing& placing)
      : DefaultMapper(runtime, machine, local, "matmul handwritten mapper"), placing_(placing) {}

  /// No call runs inside another, so counting tasks in flight needs no lock.
  MapperSyncModel get_mapper_sync_model() const override {
    return SERIALIZED_NON_REENTRANT_MAPPER_MODEL;
  }

  void select_task_options(MapperContext ctx, const Task& task, TaskOptions& output) override {
    DefaultMapper::select_task_options(ctx, task, output);
    // Beside the task that starts it.
    if (task.task_id == kLeaf && !task.is_index_space) output.initial_proc = task.orig_proc;
  }

  void select_sharding_functor(MapperContext ctx, const Task& task,
                               const SelectShardingFunctorInput& input,
                               SelectShardingFunctorOutput& output) override {
    if (placing_.launches.contains(task.task_id)) {
      output.chosen_functor = kFirstSharding + task.task_id;
    } else {
      DefaultMapper::select_sharding_functor(ctx, task, input, output);
    }
  }

  void slice_task(MapperContext, const Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    const std::vector<Processor>& targets =
        runs_on_gpus(task.task_id, machine) ? local_gpus : local_cpus;
    const auto nodes = static_cast<int64_t>(total_nodes);
    const auto count = static_cast<int64_t>(targets.size());
    const PlacePoint place = placing_.launches.at(task.task_id);
    for (Domain::DomainPointIterator point(input.domain); point; ++point) {
      const Slot slot = place(point.p, task.index_domain, nodes, count);
      output.slices.push_back(TaskSlice(Domain(point.p, point.p),
                                        targets[static_cast<size_t>(slot.processor)],
                                        /*recurse=*/false, /*stealable=*/false));
    }
  }

  void select_tasks_to_map(MapperContext ctx, const SelectMappingInput& input,
                           SelectMappingOutput& output) override {
    for (const Task* task : input.ready_tasks) {
      if (!is_limited(*task) || in_flight_.insert(task->task_id).second) {
        output.map_tasks.insert(task);
      }
    }
    if (!output.map_tasks.empty()) return;
    if (!one_ended_.exists()) one_ended_ = runtime->create_mapper_event(ctx);
    output.deferral_event = one_ended_;
  }

  void report_profiling(MapperContext ctx, const Task& task, const TaskProfilingInfo&) override {
    in_flight_.erase(task.task_id);
    if (!one_ended_.exists()) return;
    const MapperEvent ended = one_ended_;
    one_ended_ = MapperEvent();
    runtime->trigger_mapper_event(ctx, ended);
  }

  void map_task(MapperContext ctx, const Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    if (task.task_id == kTopLevelTask) {
      DefaultMapper::map_task(ctx, task, input, output);
      return;
    }
    const Processor target = task.target_proc;
    const VariantInfo variant = default_find_preferred_variant(task, ctx, /*needs_tight=*/true,
                                                               /*cache=*/true, target.kind());
    output.chosen_variant = variant.variant;
    output.target_procs.push_back(target);
    for (unsigned index = 0; index < task.regions.size(); ++index) {
      output.chosen_instances[index].push_back(variant.is_inner
                                                   ? PhysicalInstance::get_virtual_instance()
                                                   : instance_for(ctx, task, index));
    }
    // Blocks of B and C are used once where they were brought to.
    if (task.task_id == kLeaf) output.untracked_valid_regions = {1, 2};
    if (is_limited(task)) {
      output.task_prof_requests.add_measurement<ProfilingMeasurements::OperationStatus>();
    }
  }

 private:
  bool is_limited(const Task& task) const { return placing_.one_in_flight.contains(task.task_id); }

  /// Row-major, as BLAS needs it.
  PhysicalInstance instance_for(MapperContext ctx, const Task& task, unsigned index) {
    const RegionRequirement& requirement = task.regions[index];
    const Memory memory =
        default_policy_select_target_memory(ctx, task.target_proc, requirement, MemoryConstraint());
    const std::vector<LogicalRegion> regions{requirement.region};
    const bool reduces = requirement.privilege == LEGION_REDUCE;
    LayoutConstraintSet layout;
    layout.add_constraint(FieldConstraint(requirement.privilege_fields, /*contiguous=*/false));
    layout.add_constraint(
        OrderingConstraint({LEGION_DIM_Y, LEGION_DIM_X, LEGION_DIM_F}, /*contiguous=*/false));
    layout.add_constraint(SpecializedConstraint(
        reduces ? LEGION_AFFINE_REDUCTION_SPECIALIZE : LEGION_AFFINE_SPECIALIZE,
        requirement.redop));
    PhysicalInstance instance;
    bool created = false;
    size_t bytes = 0;
    // Points that fold into one instance would take turns.
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

  const Placing placing_;
  std::set<TaskID> in_flight_;
  MapperEvent one_ended_;
};

Placing& placing_of_run() {
  static Placing instance;
  return instance;
}

}  // namespace

Placing nested_placing() {
  Placing placing = starting_at(nested);
  placing.launches[kOuter] = block_of_nodes;
  placing.launches[kInner] = inside_node;
  placing.one_in_flight = {kLeaf, kStep};
  return placing;
}

Placing solomonik_placing() {
  Placing placing = starting_at(cyclic);
  placing.launches[kInner] = nested;
  placing.one_in_flight = {kLeaf};
  return placing;
}

Placing johnson_placing() {
  Placing placing = starting_at(cube_side);
  placing.launches[kLeaf] = block_of_processors;
  return placing;
}

Placing cosma_placing() {
  Placing placing = starting_at(cubic_grid);
  placing.launches[kLeaf] = block_of_processors;
  return placing;
}

// Legion wants a function with external linkage here.
void create_handwritten_mappers(Machine machine, Runtime* runtime,
                                const std::set<Processor>& processors) {
  const Placing& placing = placing_of_run();
  for (const auto& [task, place] : placing.launches) {
    const Processor::Kind kind =
        runs_on_gpus(task, machine) ? Processor::TOC_PROC : Processor::LOC_PROC;
    const size_t count =
        Machine::ProcessorQuery(machine).only_kind(kind).local_address_space().count();
    runtime->register_sharding_functor(kFirstSharding + task,
                                       new PointSharding(place, static_cast<int64_t>(count)),
                                       /*silence_warnings=*/true);
  }
  for (const Processor processor : processors) {
    runtime->replace_default_mapper(
        new HandwrittenMapper(runtime->get_mapper_runtime(), machine, processor, placing),
        processor);
  }
}

void install_handwritten_mapper(const Placing& placing) {
  placing_of_run() = placing;
  Runtime::add_registration_callback(create_handwritten_mappers);
}

}  // namespace matmul
