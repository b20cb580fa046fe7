// SPDX-License-Identifier: Apache-2.0
// Tasks and launches: what they get, what they return, over what they are launched.
#include <array>

#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kSquare = kOwn, kAdd, kOuter, kPlace, kForty, kFail };

int64_t square_task(const Task* task, const Regions&, Context, Runtime*) {
  const int64_t value = task->arglen == sizeof(int64_t)
                            ? *static_cast<const int64_t*>(task->args)
                            : *static_cast<const int64_t*>(task->local_args);
  return value * value;
}

int64_t add_futures_task(const Task* task, const Regions&, Context, Runtime*) {
  int64_t sum = 1;
  for (const Future& future : task->futures) sum += future.get_result<int64_t>();
  return sum;
}

/// A number that tells the points of a launch apart.
int64_t place_task(const Task* task, const Regions&, Context, Runtime*) {
  int64_t number = 1;
  for (int d = 0; d < task->index_point.get_dim(); ++d) number = number * 31 + task->index_point[d];
  return number;
}

void prepare() {
  add_task<square_task>(kSquare, "square");
  add_task<add_futures_task>(kAdd, "add_futures");
  add_task<place_task>(kPlace, "place");
}

void single_tasks(Context ctx, Runtime* runtime) {
  std::vector<Future> squares;
  for (int64_t i = 0; i < 10; ++i)
    squares.push_back(
        runtime->execute_task(ctx, TaskLauncher(kSquare, UntypedBuffer(&i, sizeof i))));
  int64_t sum = 0;
  for (const Future& square : squares) sum += square.get_result<int64_t>();
  result("sum of squares", sum);
}
const Add add_single_tasks("single_tasks", single_tasks, prepare);

void argument_maps(Context ctx, Runtime* runtime) {
  ArgumentMap arguments;
  for (int64_t i = 0; i < 8; ++i) {
    const int64_t value = 3 * i;
    arguments.set_point(DomainPoint(Point<1>(i)), UntypedBuffer(&value, sizeof value));
  }
  const FutureMap squares = runtime->execute_index_space(
      ctx, IndexTaskLauncher(kSquare, Domain(Rect<1>(0, 7)), UntypedBuffer(), arguments));
  for (int64_t i = 0; i < 8; i += 7)
    result("square", squares.get_result<int64_t>(DomainPoint(Point<1>(i))));
}
const Add add_argument_maps("argument_maps", argument_maps, prepare);

void futures(Context ctx, Runtime* runtime) {
  Future last = Future::from_value<int64_t>(1);
  Future before = last;
  for (int i = 0; i < 12; ++i) {
    TaskLauncher launcher(kAdd, UntypedBuffer());
    launcher.add_future(last);
    launcher.add_future(before);
    before = last;
    last = runtime->execute_task(ctx, launcher);
  }
  result("last", last.get_result<int64_t>());
}
const Add add_futures("futures", futures, prepare);

void future_maps(Context ctx, Runtime* runtime) {
  const Domain domain(Rect<1>(0, 7));
  const FutureMap first = runtime->execute_index_space(
      ctx, IndexTaskLauncher(kPlace, domain, UntypedBuffer(), ArgumentMap()));
  IndexTaskLauncher launcher(kAdd, domain, UntypedBuffer(), ArgumentMap());
  launcher.point_futures.push_back(ArgumentMap(first));
  result("sum",
         runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>());
}
const Add add_future_maps("future_maps", future_maps, prepare);

void predication(Context ctx, Runtime* runtime) {
  const int64_t six = 6, minus_one = -1;
  for (const bool taken : {true, false}) {
    TaskLauncher launcher(kSquare, UntypedBuffer(&six, sizeof six));
    launcher.predicate = runtime->create_predicate(ctx, Future::from_value<bool>(taken));
    launcher.predicate_false_result = UntypedBuffer(&minus_one, sizeof minus_one);
    result("value", runtime->execute_task(ctx, launcher).get_result<int64_t>());
  }
}
const Add add_predication("predication", predication, prepare);

int64_t sum_over(const Domain& domain, MappingTagID tag, Context ctx, Runtime* runtime) {
  IndexTaskLauncher launcher(kPlace, domain, UntypedBuffer(), ArgumentMap());
  launcher.tag = tag;
  return runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>();
}

void tags(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  for (const MappingTagID tag : {1ul, 2ul, 4ul, 8ul, 100ul, 1ul << 20, 1ul << 40}) {
    result("sum", sum_over(Domain(Rect<1>(0, 7)), tag, ctx, runtime));
    TaskLauncher launcher(kAddOne, UntypedBuffer());
    launcher.tag = tag;
    RegionRequirement requirement = whole(line, LEGION_READ_WRITE, kX);
    // Small tags of requirements are commands to the default mapper.
    requirement.tag = tag << 20;
    launcher.add_region_requirement(requirement);
    runtime->execute_task(ctx, launcher);
  }
  result("total", total(line, kX, ctx, runtime));
}
const Add add_tags("tags", tags, prepare);

void launch_sizes(Context ctx, Runtime* runtime) {
  runtime->execute_index_space(
      ctx, IndexTaskLauncher(kPlace, Domain(Rect<1>(0, -1)), UntypedBuffer(), ArgumentMap()));
  result("one point", sum_over(Domain(Rect<1>(5, 5)), 0, ctx, runtime));
  result("many", sum_over(Domain(Rect<1>(0, 199)), 0, ctx, runtime));
}
const Add add_launch_sizes("launch_sizes", launch_sizes, prepare);

// run_feature.py gives each process another number of processors.
void unequal_processors(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  for (int step = 0; step < 3; ++step) add_one(line, kX, ctx, runtime);
  result("sum", total(line, kX, ctx, runtime));
  result("twelve points", sum_over(Domain(Rect<1>(0, 11)), 0, ctx, runtime));
}
const Add add_unequal("unequal_processors", unequal_processors, prepare);

void lower_bounds(Context ctx, Runtime* runtime) {
  result("negative", sum_over(Domain(Rect<1>(-5, 2)), 0, ctx, runtime));
  result("2-D", sum_over(Domain(Rect<2>(Point<2>(2, -3), Point<2>(5, 0))), 0, ctx, runtime));
  result("far", sum_over(Domain(Rect<1>(1'000'000'000, 1'000'000'007)), 0, ctx, runtime));
}
const Add add_lower_bounds("lower_bounds", lower_bounds, prepare);

template <int dim>
void sum_over_dimensions(Context ctx, Runtime* runtime) {
  Point<dim> last;
  for (int d = 0; d < dim; ++d) last[d] = d < 3 ? 2 - d % 2 : 1;
  Point<dim> first;
  for (int d = 0; d < dim; ++d) first[d] = 0;
  result("sum", sum_over(Domain(Rect<dim>(first, last)), 0, ctx, runtime));
}

void dimensions(Context ctx, Runtime* runtime) {
  sum_over_dimensions<1>(ctx, runtime);
  sum_over_dimensions<2>(ctx, runtime);
  sum_over_dimensions<3>(ctx, runtime);
  sum_over_dimensions<4>(ctx, runtime);
  sum_over_dimensions<5>(ctx, runtime);
  sum_over_dimensions<6>(ctx, runtime);
}
const Add add_dimensions("dimensions", dimensions, prepare);

void sparse_launch(Context ctx, Runtime* runtime) {
  std::vector<DomainPoint> points;
  for (const coord_t x : {0, 3, 4, 11}) points.emplace_back(Point<1>(x));
  IndexTaskLauncher launcher(kPlace, runtime->create_index_space(ctx, points), UntypedBuffer(),
                             ArgumentMap());
  result("sum",
         runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>());
}
const Add add_sparse_launch("sparse_launch", sparse_launch, prepare);

int64_t outer_task(const Task* task, const Regions&, Context ctx, Runtime* runtime) {
  Line line;
  line.region = task->regions[0].region;
  line.pieces = runtime->get_logical_partition_by_color(ctx, line.region, Color(0));
  line.colors =
      runtime->get_index_partition_color_space_name(ctx, line.pieces.get_index_partition());
  fill_index(line, kX, ctx, runtime);
  add_one(line, kX, ctx, runtime);
  return total(line, kX, ctx, runtime);
}

void nested_tasks(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  TaskLauncher launcher(kOuter, UntypedBuffer());
  launcher.add_region_requirement(whole(line, LEGION_READ_WRITE, kX));
  result("inside", runtime->execute_task(ctx, launcher).get_result<int64_t>());
  result("outside", total(line, kX, ctx, runtime));
}
template <bool inner>
void prepare_outer() {
  add_task<outer_task>(kOuter, "outer", [](TaskVariantRegistrar& registrar) {
    registrar.set_leaf(false);
    registrar.set_inner(inner);
  });
}
const Add add_nested_tasks("nested_tasks", nested_tasks, prepare_outer<false>);
const Add add_inner_tasks("inner_tasks", nested_tasks, prepare_outer<true>);

int64_t forty_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  int64_t sum = 0;
  for (unsigned i = 0; i < regions.size(); ++i) {
    const Access<LEGION_READ_ONLY> values(regions[i], kX);
    for (Domain::DomainPointIterator at(domain_of(task, i, runtime)); at; at++)
      sum += values[Point<1>(*at)];
  }
  return sum;
}

void forty_regions(Context ctx, Runtime* runtime) {
  TaskLauncher launcher(kForty, UntypedBuffer());
  for (int i = 0; i < 40; ++i) {
    const Line line = make_line(ctx, runtime);
    fill_index(line, kX, ctx, runtime);
    launcher.add_region_requirement(whole(line, LEGION_READ_ONLY, kX));
  }
  result("sum", runtime->execute_task(ctx, launcher).get_result<int64_t>());
}
const Add add_forty_regions("forty_regions", forty_regions,
                            [] { add_task<forty_task>(kForty, "forty"); });

}  // namespace
}  // namespace features
