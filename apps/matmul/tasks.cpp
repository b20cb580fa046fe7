// SPDX-License-Identifier: Apache-2.0
#include "matmul/tasks.h"

#include <placewright/modelled_task.h>

#include "common/field_access.h"
#include "common/launch.h"
#include "common/task_body.h"
#include "common/task_variants.h"
#include "matmul/costs.h"
#include "matmul/fill_block.h"
#include "matmul/gemm.h"
#include "matmul/reference.h"

namespace matmul {
namespace {

using namespace Legion;
using apps::Launch;
using placewright::run_modelled_task;

void fill(const Task* task, const std::vector<PhysicalRegion>& regions, Context, Runtime* runtime) {
  const Matrix matrix = *static_cast<const Matrix*>(task->args);
  const Block block = block_of(runtime, task->regions[0].region);
  const FillBlock work{matrix, block, apps::grid<double>(regions[0], kEntry)};
  run_modelled_task(task, regions, runtime, cost_of_fill(block), apps::body_of(work));
}

void place(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
           Runtime* runtime) {
  run_modelled_task(task, regions, runtime, cost_of_placement(), {[] {}, [](void*) {}});
}

void leaf(const Task* task, const std::vector<PhysicalRegion>& regions, Context, Runtime* runtime) {
  const auto block = [&](size_t i) { return block_of(runtime, task->regions[i].region); };
  const auto operand = [&](size_t i) {
    return panel(apps::grid<double>(regions[i], kEntry), block(i));
  };
  const Panel a = operand(0), b = operand(1), c = operand(2);
  const Gemm gemm{block(0).rows.size(),
                  block(0).columns.size(),
                  block(1).columns.size(),
                  b.first,
                  b.leading,
                  c.first,
                  c.leading,
                  a.first,
                  a.leading};
  placewright::TaskBody body;
  body.on_host = [gemm] { multiply_on_host(gemm); };
  body.on_gpu = [gemm](void* stream) { multiply_on_gpu(gemm, stream); };
  run_modelled_task(task, regions, runtime, cost_of_leaf(gemm.m, gemm.n, gemm.k), std::move(body));
}

uint64_t validate(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                  Runtime* runtime) {
  const int64_t n = *static_cast<const int64_t*>(task->args);
  const Block block = block_of(runtime, task->regions[0].region);
  const apps::Grid<double> a = apps::grid<double>(regions[0], kEntry);
  uint64_t sum = 0;
  for (int64_t i = block.rows.first; i <= block.rows.last; ++i) {
    for (int64_t j = block.columns.first; j <= block.columns.last; ++j) {
      sum += hash_entry(n, i, j, a(i, j));
    }
  }
  return sum;
}

/// Row-major, a field by itself, for each of the leaf's arguments.
void demand_row_major(TaskVariantRegistrar& registrar) {
  static const LayoutConstraintID row_major = [] {
    LayoutConstraintRegistrar layout(FieldSpace::NO_SPACE, "row_major");
    layout.add_constraint(
        OrderingConstraint({LEGION_DIM_Y, LEGION_DIM_X, LEGION_DIM_F}, /*contiguous=*/false));
    // Without this only plain instances would do, and not those that sums are folded from.
    layout.add_constraint(SpecializedConstraint(LEGION_NO_SPECIALIZE));
    return Runtime::preregister_layout(layout);
  }();
  for (unsigned argument = 0; argument < 3; ++argument) {
    registrar.add_layout_constraint_set(argument, row_major);
  }
}

/// One point per block in which the matrix starts.
IndexSpace points_of(Runtime* runtime, const MatrixRegion& matrix) {
  return runtime->get_index_partition_color_space_name(matrix.start.get_index_partition());
}

void launch_fill(Context ctx, Runtime* runtime, Matrix which, const MatrixRegion& matrix) {
  Launch(kFill, points_of(runtime, matrix), UntypedBuffer(&which, sizeof which))
      .use(matrix.start, matrix.region, LEGION_WRITE_DISCARD, {kEntry})
      .run(ctx, runtime);
}

void launch_place(Context ctx, Runtime* runtime, TaskId task, const MatrixRegion& matrix) {
  Launch(task, points_of(runtime, matrix))
      .use(matrix.start, matrix.region, LEGION_READ_ONLY, {kEntry})
      .run(ctx, runtime);
}

}  // namespace

void register_tasks() {
  using apps::register_variants;
  register_variants<fill>(kFill, "fill");
  register_variants<place>(kPlaceA, "task_1");
  register_variants<place>(kPlaceB, "task_2");
  register_variants<place>(kPlaceC, "task_3");
  register_variants<leaf>(kLeaf, "task_4", apps::OnRealGpu::Yes, demand_row_major);
  apps::register_cpu_variant<uint64_t, validate>(kValidate, "validate");
}

void launch_start(Context ctx, Runtime* runtime, const Matrices& m) {
  launch_fill(ctx, runtime, Matrix::A, m.a);
  launch_fill(ctx, runtime, Matrix::B, m.b);
  launch_fill(ctx, runtime, Matrix::C, m.c);
  launch_place(ctx, runtime, kPlaceA, m.a);
  launch_place(ctx, runtime, kPlaceB, m.b);
  launch_place(ctx, runtime, kPlaceC, m.c);
}

void launch_place_a(Context ctx, Runtime* runtime, const Matrices& m) {
  launch_place(ctx, runtime, kPlaceA, m.a);
}

Future launch_validate(Context ctx, Runtime* runtime, const Matrices& m) {
  return Launch(kValidate, points_of(runtime, m.a), UntypedBuffer(&m.n, sizeof m.n))
      .use(m.a.start, m.a.region, LEGION_READ_ONLY, {kEntry})
      .combine(ctx, runtime, LEGION_REDOP_SUM_UINT64);
}

}  // namespace matmul
