// SPDX-License-Identifier: Apache-2.0
// Loops of several shapes, which know nothing of mappings: a conjugate gradient solver, a graph of
// tasks, an output task in every tenth step, a must-epoch launch, sparse data, domains that change, two loops, a loop
// that is too short. With `-alone` the top-level task is on one process. Prints a checksum that no mapping
// changes, and how many points of one task each processor ran.
#include <legion.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>

using namespace Legion;

namespace {

enum Tasks : TaskID { kTop = 1, kInit, kMultiply, kDot, kUpdate, kOutput, kTouch };
enum Fields : FieldID { kX = 1, kR, kP, kQ };
/// Elements; `-size`.
int64_t size = 4096;
/// How often `multiply` computes the same; `-work`.
int64_t work = 1;
constexpr int64_t kParts = 4;

using Column =
    FieldAccessor<READ_WRITE, int64_t, 1, coord_t, Realm::AffineAccessor<int64_t, 1, coord_t>>;
using Source =
    FieldAccessor<READ_ONLY, int64_t, 1, coord_t, Realm::AffineAccessor<int64_t, 1, coord_t>>;

Rect<1> bounds(const Task* task, Context ctx, Runtime* runtime) {
  return runtime->get_index_space_domain(ctx, task->regions[0].region.get_index_space());
}

void init(const Task* task, const std::vector<PhysicalRegion>& regions, Context ctx,
          Runtime* runtime) {
  for (const FieldID field : {kX, kR, kP, kQ}) {
    const Column column(regions[0], field);
    for (PointInRectIterator<1> point(bounds(task, ctx, runtime)); point(); point++)
      column[*point] = (*point)[0] * (field + 1) % 1009;
  }
}

/// Points of `multiply` by processor, in this process.
std::map<realm_id_t, int> where;
std::mutex where_mutex;

/// q = A p with a matrix of three diagonals: reads the neighbours' ends through the whole region.
void multiply(const Task* task, const std::vector<PhysicalRegion>& regions, Context ctx,
              Runtime* runtime) {
  {
    const std::lock_guard lock(where_mutex);
    ++where[Processor::get_executing_processor().id];
  }
  const Column q(regions[0], kQ);
  const Source p(regions[1], kP);
  for (int64_t k = 0; k < work; ++k) {
    for (PointInRectIterator<1> point(bounds(task, ctx, runtime)); point(); point++) {
      const coord_t i = (*point)[0];
      q[i] = 2 * p[i] - (i > 0 ? p[i - 1] : 0) - (i + 1 < size ? p[i + 1] : 0);
    }
  }
}

int64_t dot(const Task* task, const std::vector<PhysicalRegion>& regions, Context ctx,
            Runtime* runtime) {
  const Source p(regions[0], kP), q(regions[0], kQ);
  uint64_t sum = 0;
  for (PointInRectIterator<1> point(bounds(task, ctx, runtime)); point(); point++)
    sum += static_cast<uint64_t>(p[*point]) * static_cast<uint64_t>(q[*point]);
  return static_cast<int64_t>(sum % 1000003);
}

/// With `-fragile`, a mapping that interleaves the fields of `update` changes the result.
bool is_fragile = false;

void update(const Task* task, const std::vector<PhysicalRegion>& regions, Context ctx,
            Runtime* runtime) {
  const int64_t alpha = task->futures.empty() ? 1 : task->futures[0].get_result<int64_t>() % 7;
  const Column x(regions[0], kX), p(regions[0], kP);
  const bool is_interleaved = x.accessor.strides[0] > sizeof(int64_t);
  const int64_t error = is_fragile && is_interleaved ? 1 : 0;
  for (PointInRectIterator<1> point(bounds(task, ctx, runtime)); point(); point++) {
    x[*point] = (x[*point] + error + alpha * p[*point]) % 1000003;
    p[*point] = (p[*point] * 3 + x[*point]) % 1000003;
  }
}

int64_t output(const Task* task, const std::vector<PhysicalRegion>& regions, Context ctx,
               Runtime* runtime) {
  const Source x(regions[0], kX);
  uint64_t sum = 0;
  for (PointInRectIterator<1> point(bounds(task, ctx, runtime)); point(); point++)
    sum = sum * 31 + static_cast<uint64_t>(x[*point]);
  return static_cast<int64_t>(sum >> 1);
}

/// Only its argument matters.
void touch(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*) {}

struct Data {
  Context ctx;
  Runtime* runtime;
  LogicalRegion region;
  LogicalPartition parts;
  IndexSpace colors;
};

FutureMap over_parts(const Data& data, TaskID task, PrivilegeMode privilege,
                     const std::vector<FieldID>& fields, const std::vector<FieldID>& whole = {},
                     const Future& future = Future()) {
  IndexLauncher launcher(task, data.colors, UntypedBuffer(), ArgumentMap());
  RegionRequirement own(data.parts, 0, privilege, EXCLUSIVE, data.region);
  own.add_fields(fields);
  launcher.add_region_requirement(own);
  if (!whole.empty()) {
    RegionRequirement all(data.region, 0, READ_ONLY, EXCLUSIVE, data.region);
    all.add_fields(whole);
    launcher.add_region_requirement(all);
  }
  if (future.exists()) launcher.add_future(future);
  return data.runtime->execute_index_space(data.ctx, launcher);
}

Future combined(const Data& data) {
  IndexLauncher launcher(kDot, data.colors, UntypedBuffer(), ArgumentMap());
  RegionRequirement own(data.parts, 0, READ_ONLY, EXCLUSIVE, data.region);
  own.add_field(kP).add_field(kQ);
  launcher.add_region_requirement(own);
  return data.runtime->execute_index_space(data.ctx, launcher, LEGION_REDOP_SUM_INT64);
}

Future whole(const Data& data, TaskID task, const std::vector<FieldID>& fields) {
  TaskLauncher launcher(task, UntypedBuffer());
  RegionRequirement all(data.region, READ_ONLY, EXCLUSIVE, data.region);
  all.add_fields(fields);
  launcher.add_region_requirement(all);
  return data.runtime->execute_task(data.ctx, launcher);
}

/// A dot product that the next launch needs.
void solver_step(const Data& data) {
  over_parts(data, kMultiply, READ_WRITE, {kQ}, {kP});
  const Future alpha = combined(data);
  over_parts(data, kUpdate, READ_WRITE, {kX, kP}, {}, alpha);
}

/// Many launches in a row, each of which depends on its predecessor.
void graph_step(const Data& data) {
  for (int level = 0; level < 6; ++level) {
    over_parts(data, kUpdate, READ_WRITE, {kX, kP});
    if (level % 2 == 0) over_parts(data, kMultiply, READ_WRITE, {kQ}, {kP});
  }
  combined(data);
}

/// The same, and two tasks that Legion maps together.
void epoch_step(const Data& data) {
  solver_step(data);
  MustEpochLauncher together;
  for (int i = 0; i < 2; ++i) {
    TaskLauncher launcher(kOutput, UntypedBuffer());
    RegionRequirement all(data.region, READ_ONLY, EXCLUSIVE, data.region);
    all.add_field(kX);
    launcher.add_region_requirement(all);
    together.add_single_task(DomainPoint(i), launcher);
  }
  data.runtime->execute_must_epoch(data.ctx, together);
}

/// A task on two boxes of a line.
void sparse_step(const Data& data, LogicalRegion region) {
  TaskLauncher launcher(kTouch, UntypedBuffer());
  RegionRequirement all(region, WRITE_DISCARD, EXCLUSIVE, region);
  all.add_field(kX);
  launcher.add_region_requirement(all);
  data.runtime->execute_task(data.ctx, launcher);
}

/// A part less in every step: another launch domain each time.
void changing_step(const Data& data, int64_t step) {
  IndexLauncher launcher(kUpdate, Domain(Rect<1>(0, step % kParts)), UntypedBuffer(),
                         ArgumentMap());
  RegionRequirement own(data.parts, 0, READ_WRITE, EXCLUSIVE, data.region);
  own.add_field(kX).add_field(kP);
  launcher.add_region_requirement(own);
  data.runtime->execute_index_space(data.ctx, launcher);
  over_parts(data, kMultiply, READ_WRITE, {kQ}, {kP});
}

/// Resident memory of this process in KiB.
long long resident() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long long value = 0;
    if (word == "VmRSS:" && status >> value) return value;
  }
  return 0;
}

void repeat(const Data& data, int64_t steps, bool traced,
            const std::function<void(int64_t)>& step) {
  for (int64_t i = 0; i < steps; ++i) {
    if (traced) data.runtime->begin_trace(data.ctx, 7);
    step(i);
    if (traced) data.runtime->end_trace(data.ctx, 7);
    if (i == steps / 5 && steps >= 1000) {
      data.runtime->issue_execution_fence(data.ctx).wait();
      std::printf("MEMORY = %lld\n", resident());
    }
  }
  data.runtime->issue_execution_fence(data.ctx).wait();
  std::printf("MEMORY = %lld\n", resident());
}

Data create(Context ctx, Runtime* runtime) {
  Data data{ctx, runtime, {}, {}, {}};
  const IndexSpace elements = runtime->create_index_space(ctx, Rect<1>(0, size - 1));
  const FieldSpace fields = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
  for (const FieldID field : {kX, kR, kP, kQ}) allocator.allocate_field(sizeof(int64_t), field);
  data.region = runtime->create_logical_region(ctx, elements, fields);
  runtime->attach_name(data.region, "vectors");
  data.colors = runtime->create_index_space(ctx, Rect<1>(0, kParts - 1));
  data.parts = runtime->get_logical_partition(
      ctx, data.region, runtime->create_equal_partition(ctx, elements, data.colors));
  return data;
}

void run_shape(const Data& data, const std::string& shape, int64_t steps, bool traced) {
  if (shape == "solver") {
    repeat(data, steps, traced, [&](int64_t) { solver_step(data); });
  } else if (shape == "graph") {
    repeat(data, steps, traced, [&](int64_t) { graph_step(data); });
  } else if (shape == "epoch") {
    repeat(data, steps, traced, [&](int64_t) { epoch_step(data); });
  } else if (shape == "sparse") {
    const std::vector<Rect<1>> boxes = {Rect<1>(0, 9), Rect<1>(20, 29)};
    const LogicalRegion region = data.runtime->create_logical_region(
        data.ctx, data.runtime->create_index_space(data.ctx, boxes), data.region.get_field_space());
    repeat(data, steps, traced, [&](int64_t) { sparse_step(data, region); });
  } else if (shape == "output") {
    for (int64_t i = 0; i < steps; ++i) {
      repeat(data, 1, traced, [&](int64_t) { solver_step(data); });
      if (i % 10 == 9) whole(data, kOutput, {kX});
    }
  } else if (shape == "changing") {
    repeat(data, steps, false, [&](int64_t i) { changing_step(data, i); });
  } else if (shape == "two") {
    repeat(data, steps / 2, traced, [&](int64_t) { solver_step(data); });
    whole(data, kOutput, {kX});
    repeat(data, steps / 2, false, [&](int64_t) { graph_step(data); });
  } else {
    std::fprintf(stderr, "error: no shape `%s`\n", shape.c_str());
    Runtime::set_return_code(2);
  }
}

void top(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  std::string shape = "solver";
  int64_t steps = 100;
  bool traced = false;
  const InputArgs& arguments = Runtime::get_input_args();
  for (int i = 1; i < arguments.argc; ++i) {
    if (std::strcmp(arguments.argv[i], "-shape") == 0)
      shape = arguments.argv[++i];
    else if (std::strcmp(arguments.argv[i], "-steps") == 0)
      steps = std::atoll(arguments.argv[++i]);
    else if (std::strcmp(arguments.argv[i], "-size") == 0)
      size = std::atoll(arguments.argv[++i]);
    else if (std::strcmp(arguments.argv[i], "-work") == 0)
      work = std::atoll(arguments.argv[++i]);
    else if (std::strcmp(arguments.argv[i], "-traced") == 0)
      traced = true;
  }
  const Data data = create(ctx, runtime);
  over_parts(data, kInit, WRITE_DISCARD, {kX, kR, kP, kQ});
  runtime->issue_execution_fence(ctx).wait();
  const double start = Realm::Clock::current_time();
  run_shape(data, shape, steps, traced);
  runtime->issue_execution_fence(ctx).wait();
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "ELAPSED TIME = %f s\n",
                    Realm::Clock::current_time() - start);
  const auto sum = whole(data, kOutput, {kX}).get_result<int64_t>();
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "CHECKSUM = %lld\n", static_cast<long long>(sum));
  std::string counts;
  for (const auto& [processor, count] : where) counts += " " + std::to_string(count);
  std::printf("MULTIPLIED =%s\n", counts.c_str());
}

enum class Kind { Leaf, Replicable, Inner };

template <void (*TASK)(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*)>
void add(TaskID id, const char* name, Kind kind = Kind::Leaf) {
  TaskVariantRegistrar registrar(id, name);
  registrar.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  if (kind == Kind::Leaf) registrar.set_leaf();
  if (kind == Kind::Replicable) registrar.set_replicable();
  Runtime::preregister_task_variant<TASK>(registrar, name);
}

template <int64_t (*TASK)(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*)>
void add(TaskID id, const char* name) {
  TaskVariantRegistrar registrar(id, name);
  registrar.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  registrar.set_leaf();
  Runtime::preregister_task_variant<int64_t, TASK>(registrar, name);
}

}  // namespace

bool has_word(int argc, char** argv, const char* word) {
  return std::any_of(argv, argv + argc, [&](const char* each) { return !std::strcmp(each, word); });
}

int main(int argc, char** argv) {
  is_fragile = has_word(argc, argv, "-fragile");
  add<top>(kTop, "top", has_word(argc, argv, "-alone") ? Kind::Inner : Kind::Replicable);
  add<init>(kInit, "init");
  add<multiply>(kMultiply, "multiply");
  add<dot>(kDot, "dot");
  add<update>(kUpdate, "update");
  add<output>(kOutput, "output");
  add<touch>(kTouch, "touch");
  Runtime::set_top_level_task_id(kTop);
  return Runtime::start(argc, argv);
}
