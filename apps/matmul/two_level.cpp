#include "matmul/two_level.h"

#include "common/launch.h"
#include "matmul/steps.h"

namespace matmul {
namespace {

using namespace Legion;
using apps::Launch;

struct State {
  TwoLevel problem;
  Rotation rotation = Rotation::None;
};
State& state() {
  static State instance;
  return instance;
}

IndexSpace colors_of(Runtime* runtime, LogicalPartition partition) {
  return runtime->get_index_partition_color_space_name(partition.get_index_partition());
}

/// task_7: the steps of a node.
void outer(const Task* task, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const int64_t i = task->index_point[0], j = task->index_point[1];
  launch_steps(task, ctx, runtime, kStep, i, j,
               order_of_steps(state().rotation, i, j, state().problem.gx));
}

/// task_6: one step of a node.
void step(const Task* task, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const LogicalRegion a = task->regions[0].region;
  const LogicalRegion b = task->regions[1].region;
  const LogicalRegion c = task->regions[2].region;
  const LogicalPartition parts = runtime->get_logical_partition_by_color(ctx, a, kBlocks);
  Launch(kInner, colors_of(runtime, parts))
      .use(parts, a, LEGION_READ_WRITE, {kEntry})
      .use(b, LEGION_READ_ONLY, {kEntry})
      .use(c, LEGION_READ_ONLY, {kEntry})
      .run(ctx, runtime);
}

/// task_5: the steps of a processor.
void inner(const Task* task, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const int64_t x = task->index_point[0], y = task->index_point[1];
  launch_steps(task, ctx, runtime, kLeaf, x, y,
               order_of_steps(state().rotation, x, y, state().problem.pk));
}

void register_inner_tasks() {
  register_inner_variant<outer>(kOuter, "task_7", Processor::LOC_PROC);
  register_inner_variant<step>(kStep, "task_6", Processor::LOC_PROC);
  register_inner_variant<inner>(kInner, "task_5", Processor::LOC_PROC);
  register_inner_variant<inner>(kInner, "task_5", Processor::TOC_PROC);
}

Multiply prepare(Context ctx, Runtime* runtime, const Matrices& m) {
  const TwoLevel& p = state().problem;
  const LogicalPartition a = cut_region(ctx, runtime, m.a.region, p.gx, p.gy, "A_tiles");
  const LogicalPartition b = cut_region(ctx, runtime, m.b.region, p.gx, p.gx, "B_tiles");
  const LogicalPartition c = cut_region(ctx, runtime, m.c.region, p.gx, p.gy, "C_tiles");
  cut_blocks(ctx, runtime, a, p.px, p.py, "A_parts");
  cut_blocks(ctx, runtime, b, p.px, p.pk, "B_parts");
  cut_blocks(ctx, runtime, c, p.pk, p.py, "C_parts");
  return [ctx, runtime, m, a] {
    Launch(kOuter, colors_of(runtime, a))
        .use(a, m.a.region, LEGION_READ_WRITE, {kEntry})
        .use(m.b.region, LEGION_READ_ONLY, {kEntry})
        .use(m.c.region, LEGION_READ_ONLY, {kEntry})
        .run(ctx, runtime);
  };
}

}  // namespace

Algorithm two_level_algorithm(const char* name, const TwoLevel& problem, Rotation rotation) {
  state() = {problem, rotation};
  const Cut start = cut(problem.rows(), problem.columns());
  return {name,    problem.size, {start, start, start}, register_inner_tasks,
          prepare, nested_placing()};
}

}  // namespace matmul
