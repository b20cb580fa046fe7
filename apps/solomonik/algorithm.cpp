// SPDX-License-Identifier: Apache-2.0
#include "solomonik/algorithm.h"

#include "matmul/cube.h"
#include "matmul/steps.h"
#include "matmul/tasks.h"

namespace solomonik {
namespace {

using namespace Legion;
using namespace matmul;

Problem& problem_of_run() {
  static Problem instance;
  return instance;
}

/// task_5: the steps of a point, whose blocks of B and C hold nothing but its layer's range of k.
void inner(const Task* task, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const int64_t i = task->index_point[0], j = task->index_point[1];
  launch_steps(task, ctx, runtime, kLeaf, 0, 0,
               order_of_steps(Rotation::ByBoth, i, j, problem_of_run().rpoc3));
}

void register_inner_tasks() {
  register_inner_variant<inner>(kInner, "task_5", Processor::LOC_PROC);
  register_inner_variant<inner>(kInner, "task_5", Processor::TOC_PROC);
}

Multiply prepare(Context ctx, Runtime* runtime, const Matrices& m) {
  const Problem& p = problem_of_run();
  const CubeBlocks blocks = cut_cube(ctx, runtime, m, p.cube());
  cut_blocks(ctx, runtime, blocks.b, 1, p.rpoc3, "B_parts");
  cut_blocks(ctx, runtime, blocks.c, p.rpoc3, 1, "C_parts");
  return [ctx, runtime, m, blocks] {
    launch_over(runtime, kInner, m, blocks).run(ctx, runtime);
    launch_place_a(ctx, runtime, m);
  };
}

}  // namespace

Algorithm algorithm_of(const Problem& problem) {
  problem_of_run() = problem;
  return {"solomonik",          problem.size, start_on_sides(problem.cube()),
          register_inner_tasks, prepare,      solomonik_placing()};
}

}  // namespace solomonik
