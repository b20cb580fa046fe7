// SPDX-License-Identifier: Apache-2.0
// Layouts of some fields of an argument and of regions that tasks make.
#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kReadBoth = kOwn, kMakeGrid, kCheckGrid };

int64_t read_both_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Access<LEGION_READ_ONLY> x(regions[0], kX);
  const Access<LEGION_READ_ONLY> y(regions[0], kY);
  int64_t sum = 0;
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    sum += x[Point<1>(*at)] + 3 * y[Point<1>(*at)];
  return sum;
}

/// A variant that demands something for one of the two fields that it reads.
void demands_for_a_field(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  fill_index(line, kY, ctx, runtime);
  IndexTaskLauncher launcher(kReadBoth, line.colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(piecewise(line, LEGION_READ_ONLY, kX).add_field(kY));
  result("sum",
         runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>());
}
template <bool both>
void prepare_fields() {
  std::vector<LayoutConstraintID> layouts;
  for (const FieldID field : {kY, kX}) {
    LayoutConstraintRegistrar layout(FieldSpace::NO_SPACE, "of a field");
    layout.add_constraint(FieldConstraint(std::vector<FieldID>{field}, true, true));
    layouts.push_back(Runtime::preregister_layout(layout));
    if (!both) break;
  }
  add_task<read_both_task>(kReadBoth, "read_both", [&](TaskVariantRegistrar& registrar) {
    for (const LayoutConstraintID id : layouts) registrar.add_layout_constraint_set(0, id);
  });
}
const Add add_field_demand("demand_for_one_field", demands_for_a_field, prepare_fields<false>);
const Add add_field_demands("demands_for_each_field", demands_for_a_field, prepare_fields<true>);

void make_grid_task(const Task*, const Regions&, Context ctx, Runtime* runtime) {
  std::vector<OutputRegion> outputs;
  runtime->get_output_regions(ctx, outputs);
  DeferredBuffer<int64_t, 2> buffer =
      outputs[0].create_buffer<int64_t, 2>(Point<2>(3, 5), kX, nullptr, /*return_buffer=*/true);
  for (coord_t x = 0; x < 3; ++x)
    for (coord_t y = 0; y < 5; ++y) buffer[Point<2>(x, y)] = 10 * x + y;
}

int64_t check_grid_task(const Task*, const Regions& regions, Context, Runtime*) {
  const Access<LEGION_READ_ONLY, 2> values(regions[0], kX);
  int64_t right = 0;
  for (coord_t x = 0; x < 3; ++x)
    for (coord_t y = 0; y < 5; ++y) right += values[Point<2>(x, y)] == 10 * x + y ? 1 : 0;
  return right;
}

/// A region of two dimensions that a task makes.
void output_grids(Context ctx, Runtime* runtime) {
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(int64_t), kX);
  std::vector<OutputRequirement> outputs = {
      OutputRequirement(fields, {kX}, 2, /*global_indexing=*/true)};
  runtime->execute_task(ctx, TaskLauncher(kMakeGrid, UntypedBuffer()), &outputs);
  TaskLauncher check(kCheckGrid, UntypedBuffer());
  const LogicalRegion grid = outputs[0].parent;
  check.add_region_requirement(RegionRequirement(grid, LEGION_READ_ONLY, LEGION_EXCLUSIVE, grid))
      .add_field(kX);
  result("right", runtime->execute_task(ctx, check).get_result<int64_t>());
}
const Add add_grids("output_grids", output_grids, [] {
  add_task<make_grid_task>(kMakeGrid, "make_grid");
  add_task<check_grid_task>(kCheckGrid, "check_grid");
});

}  // namespace
}  // namespace features
