// SPDX-License-Identifier: Apache-2.0
#include "matmul/two_level.h"

#include <string>

#include "common/application.h"
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

/// task_7: the steps of a node, which has a row of tiles of B and a column of tiles of C.
void outer(const Task* task, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const int64_t i = task->index_point[0], j = task->index_point[1];
  launch_steps(task, ctx, runtime, kStep, 0, 0,
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
      .tag(kSameNode)
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

/// Cuts what each point of task_7 gets of a matrix into tiles, and the tiles into parts.
LogicalPartition cut_for_points(Context ctx, Runtime* runtime, const Cut& points,
                                LogicalRegion matrix, const Split& rows, const Split& columns,
                                const std::string& name) {
  const LogicalPartition shares = cut_matrix(ctx, runtime, state().problem.size.n, matrix, points,
                                             kBlocks, (name + "_shares").c_str());
  for (const LogicalPartition tiles :
       cut_blocks(ctx, runtime, shares, rows.outer, columns.outer, (name + "_tiles").c_str())) {
    cut_blocks(ctx, runtime, tiles, rows.inner, columns.inner, (name + "_parts").c_str());
  }
  return shares;
}

Multiply prepare(Context ctx, Runtime* runtime, const Matrices& m) {
  const TwoLevel& p = state().problem;
  const LogicalPartition a = cut_region(ctx, runtime, m.a.region, p.gx, p.gy, "A_tiles");
  cut_blocks(ctx, runtime, a, p.px, p.py, "A_parts");
  // A partition although points share rows of B and columns of C: in several processes Legion 25.12
  // hangs when the points of a replicated launch read a whole region that is mapped virtually.
  const LogicalPartition b = cut_for_points(ctx, runtime, row_panels(p.gx, p.gy), m.b.region,
                                            {1, p.px}, {p.gx, p.pk}, "B");
  const LogicalPartition c = cut_for_points(ctx, runtime, column_panels(p.gx, p.gy), m.c.region,
                                            {p.gx, p.pk}, {1, p.py}, "C");
  return [ctx, runtime, m, a, b, c] {
    Launch(kOuter, colors_of(runtime, a))
        .use(a, m.a.region, LEGION_READ_WRITE, {kEntry})
        .use(b, m.b.region, LEGION_READ_ONLY, {kEntry})
        .use(c, m.c.region, LEGION_READ_ONLY, {kEntry})
        .run(ctx, runtime);
  };
}

}  // namespace

int run_two_level(int argc, char** argv, const char* name,
                  const std::vector<apps::NamedInput<TwoLevel>>& inputs, Rotation rotation) {
  const auto options =
      apps::parse_options<TwoLevel>(apps::arguments_of(argc, argv), inputs, numbers_of,
                                    [](const TwoLevel& p) { return find_mistake(p); });
  if (!options.error.empty()) return apps::refuse(name, options.error);
  const TwoLevel& problem = options.problem;
  state() = {problem, rotation};
  const Cut start = cut(problem.rows(), problem.columns());
  const Algorithm algorithm{name,    problem.size,    {start, start, start}, register_inner_tasks,
                            prepare, nested_placing()};
  return run(argc, argv, algorithm, options.mapper, options.verify);
}

}  // namespace matmul
