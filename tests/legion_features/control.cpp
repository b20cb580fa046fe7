// SPDX-License-Identifier: Apache-2.0
// How programs are put together: epochs, traces, mappers of their own, things that come late.
#include <cstdlib>

#include "feature.h"
#include "mappers/default_mapper.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kWhich = kOwn, kInside, kWait, kLocal, kLate = 5000 };
constexpr MapperID kOwnMapper = 7;
constexpr ReductionOpID kLateReduction = 4000;

int64_t which_task(const Task* task, const Regions&, Context, Runtime*) {
  return task->index_point[0] + 1;
}
void prepare() { add_task<which_task>(kWhich, "which"); }

int64_t sum_of(const FutureMap& map, int points) {
  int64_t sum = 0;
  for (int x = 0; x < points; ++x)
    sum = sum * 10 + map.get_result<int64_t>(DomainPoint(Point<1>(x)));
  return sum;
}

void must_epochs(Context ctx, Runtime* runtime) {
  for (int step = 0; step < 2; ++step) {
    MustEpochLauncher launcher;
    launcher.add_index_task(
        IndexTaskLauncher(kWhich, Domain(Rect<1>(0, 1)), UntypedBuffer(), ArgumentMap()));
    result("points", sum_of(runtime->execute_must_epoch(ctx, launcher), 2));
  }
}
const Add add_epochs("must_epochs", must_epochs, prepare);

void concurrent_launches(Context ctx, Runtime* runtime) {
  IndexTaskLauncher launcher(kWhich, Domain(Rect<1>(0, 1)), UntypedBuffer(), ArgumentMap());
  launcher.concurrent = true;
  for (int step = 0; step < 2; ++step)
    result("points", sum_of(runtime->execute_index_space(ctx, launcher), 2));
}
const Add add_concurrent("concurrent_launches", concurrent_launches, [] {
  add_task<which_task>(kWhich, "which",
                       [](TaskVariantRegistrar& registrar) { registrar.set_concurrent(); });
});

void traces(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  for (int step = 0; step < 10; ++step) {
    runtime->begin_trace(ctx, 1);
    add_one(line, kX, ctx, runtime);
    add_one(line, kY, ctx, runtime);
    runtime->end_trace(ctx, 1);
  }
  result("x", total(line, kX, ctx, runtime));
  result("y", total(line, kY, ctx, runtime));
}
const Add add_traces("traces", traces);

void automatic_traces(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  // Legion finds out that these repeat (run_feature.py leaves its automatic traces on).
  for (int step = 0; step < 200; ++step) {
    add_one(line, kX, ctx, runtime);
    add_one(line, kY, ctx, runtime);
  }
  result("x", total(line, kX, ctx, runtime));
  result("y", total(line, kY, ctx, runtime));
}
const Add add_automatic_traces("automatic_traces", automatic_traces);

void tunables(Context ctx, Runtime* runtime) {
  const Future nodes =
      runtime->select_tunable_value(ctx, Mapping::DefaultMapper::DEFAULT_TUNABLE_NODE_COUNT);
  result("nodes", static_cast<int64_t>(nodes.get_result<size_t>()));
}
const Add add_tunables("tunables", tunables);

void late_tasks(Context ctx, Runtime* runtime) {
  TaskVariantRegistrar registrar(kLate, "late", /*global=*/false);
  registrar.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  registrar.set_leaf();
  runtime->register_task_variant<int64_t, which_task>(registrar);
  result("points", sum_of(runtime->execute_index_space(
                              ctx, IndexTaskLauncher(kLate, Domain(Rect<1>(0, 3)), UntypedBuffer(),
                                                     ArgumentMap())),
                          4));
}
const Add add_late_tasks("late_tasks", late_tasks);

void late_reductions(Context ctx, Runtime* runtime) {
  Runtime::register_reduction_op<ProdReduction<int64_t>>(kLateReduction,
                                                         /*permit_duplicates=*/true);
  const IndexTaskLauncher launcher(kWhich, Domain(Rect<1>(0, 5)), UntypedBuffer(), ArgumentMap());
  result("product",
         runtime->execute_index_space(ctx, launcher, kLateReduction).get_result<int64_t>());
}
const Add add_late_reductions("late_reductions", late_reductions, prepare);

class OwnMapper final : public Mapping::DefaultMapper {
 public:
  using DefaultMapper::DefaultMapper;
  void select_tunable_value(const Mapping::MapperContext, const Task&, const SelectTunableInput&,
                            SelectTunableOutput& output) override {
    auto* value = static_cast<int64_t*>(std::malloc(sizeof(int64_t)));
    *value = 4;
    output.value = value;
    output.size = sizeof *value;
    output.take_ownership = true;
  }
};

void add_own_mapper(Machine machine, Runtime* runtime, const std::set<Processor>& local) {
  for (const Processor processor : local) {
    runtime->add_mapper(
        kOwnMapper, new OwnMapper(runtime->get_mapper_runtime(), machine, processor), processor);
  }
}

void several_mappers(Context ctx, Runtime* runtime) {
  for (const MapperID id : {MapperID(0), kOwnMapper}) {
    const Line line = make_line(ctx, runtime);
    for (int step = 0; step < 3; ++step) {
      IndexTaskLauncher launcher(kAddOne, line.colors, UntypedBuffer(), ArgumentMap());
      launcher.map_id = id;
      launcher.add_region_requirement(piecewise(line, LEGION_READ_WRITE, kX));
      runtime->execute_index_space(ctx, launcher);
    }
    result("sum", total(line, kX, ctx, runtime));
  }
  TunableLauncher tunable(/*tid=*/4711, kOwnMapper);
  result("own", runtime->select_tunable_value(ctx, tunable).get_result<int64_t>());
}
const Add add_mappers("several_mappers", several_mappers,
                      [] { Runtime::add_registration_callback(add_own_mapper); });

void wait_task(const Task*, const Regions&, Context, Runtime*) {}

/// Tasks without data between them, of which the first wait for the last.
void phase_barriers(Context ctx, Runtime* runtime) {
  PhaseBarrier done = runtime->create_phase_barrier(ctx, 1);
  std::vector<Future> ends;
  for (int each = 0; each < 5; ++each) {
    TaskLauncher waits(kWait, UntypedBuffer());
    waits.add_wait_barrier(runtime->advance_phase_barrier(ctx, done));
    ends.push_back(runtime->execute_task(ctx, waits));
  }
  TaskLauncher arrives(kWait, UntypedBuffer());
  arrives.add_arrival_barrier(done);
  ends.push_back(runtime->execute_task(ctx, arrives));
  for (const Future& end : ends) end.get_void_result();
  result("tasks", static_cast<int64_t>(ends.size()));
}
const Add add_barriers("phase_barriers", phase_barriers,
                       [] { add_task<wait_task>(kWait, "wait"); });

int64_t local_task(const Task* task, const Regions&, Context, Runtime*) {
  return *static_cast<const int64_t*>(task->args) + 1;
}

/// Tasks that every shard runs by itself, where it is.
void local_functions(Context ctx, Runtime* runtime) {
  int64_t value = 0;
  for (int step = 0; step < 4; ++step) {
    TaskLauncher launcher(kLocal, UntypedBuffer(&value, sizeof value));
    launcher.local_function_task = true;
    value = runtime->execute_task(ctx, launcher).get_result<int64_t>();
  }
  result("value", value);
}
const Add add_local_functions("local_functions", local_functions,
                              [] { add_task<local_task>(kLocal, "local"); });

int64_t inside_task(const Task* task, const Regions&, Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  add_one(line, kX, ctx, runtime);
  return total(line, kX, ctx, runtime) + task->index_point[0];
}

void tasks_with_work_inside(Context ctx, Runtime* runtime) {
  const IndexTaskLauncher launcher(kInside, Domain(Rect<1>(0, 3)), UntypedBuffer(), ArgumentMap());
  result("sum",
         runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>());
  TaskLauncher alone(kInside, UntypedBuffer());
  alone.point = DomainPoint(Point<1>(0));
  result("alone", runtime->execute_task(ctx, alone).get_result<int64_t>());
}
const Add add_inside("nested_replication", tasks_with_work_inside, [] {
  add_task<inside_task>(kInside, "inside", [](TaskVariantRegistrar& registrar) {
    registrar.set_leaf(false);
    registrar.set_replicable();
  });
});

}  // namespace
}  // namespace features
