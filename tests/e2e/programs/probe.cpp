// SPDX-License-Identifier: Apache-2.0
// A Legion program that knows nothing of mappings: what the end-to-end tests run. Its tasks touch
// a 2-D grid of two fields through accessors that accept any affine layout.
//
//   -points N    index launches of N points over N strips of the grid (default 8)
//   -side N      rows per strip, and columns (default 8)
//   -rounds N    how often everything is done (default 2)
//   -own-mapper  install a mapper of its own
//   -nested      do the work below an inner task
//   -tags        put tags on launches and requirements that mean something to the default mapper
//   -launch NAME=4,2   first launch a task of this name, which does nothing, over such a domain; a
//                      single one without numbers
//   -families N  launch N tasks `parent`, which keep their processors for a moment and launch a
//                `child` each, which prints whether it runs on its parent's processor
//   -queue       keep the processor until all of these are ready; their names are printed
//   -crash | -hang | -exit N   fail in the middle
//   -fragile crash|hang|wrong  fail if an instance of `sum` has its fields interleaved
// It prints the sum of everything and the seconds that the rounds took.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "legion.h"
#include "mappers/default_mapper.h"

#ifdef PROBE_LINKED
#include "placewright/mapper.h"
#endif

namespace {

using namespace Legion;

enum Tasks { kTop, kFill, kSum, kOuter, kSingle, kParent, kChild };
enum Fields : FieldID { kValue = 1, kWeight = 2, kTotal = 3 };
constexpr ReductionOpID kAdd = LEGION_REDOP_SUM_INT64;

/// A task of any name that does nothing.
struct ExtraLaunch {
  std::string task;
  std::vector<coord_t> extents;  ///< None: a single task.
};

struct Options {
  std::vector<ExtraLaunch> launches;
  int points = 8;
  int side = 8;
  int rounds = 2;
  int families = 0;
  bool own_mapper = false;
  bool odd = false;
  bool nested = false;
  bool tags = false;
  bool queue = false;
  std::string failure;
  std::string fragile;
  int exit_status = 0;
};

ExtraLaunch read_launch(const std::string& text) {
  const size_t split = text.find('=');
  ExtraLaunch launch{text.substr(0, split), {}};
  for (size_t at = split; at != std::string::npos; at = text.find(',', at + 1)) {
    if (at + 1 < text.size()) launch.extents.push_back(std::atoi(text.c_str() + at + 1));
  }
  return launch;
}

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto number = [&] { return i + 1 < argc ? std::atoi(argv[++i]) : 0; };
    if (word == "-launch" && i + 1 < argc) options.launches.push_back(read_launch(argv[++i]));
    if (word == "-points") options.points = number();
    if (word == "-side") options.side = number();
    if (word == "-rounds") options.rounds = number();
    if (word == "-families") options.families = number();
    if (word == "-own-mapper") options.own_mapper = true;
    if (word == "-odd") options.odd = true;
    if (word == "-nested") options.nested = true;
    if (word == "-tags") options.tags = true;
    if (word == "-queue") options.queue = true;
    if (word == "-crash" || word == "-hang") options.failure = word;
    if (word == "-fragile" && i + 1 < argc) options.fragile = argv[++i];
    if (word == "-exit") {
      options.failure = word;
      options.exit_status = number();
    }
  }
  return options;
}

Options read_options() {
  const InputArgs& arguments = Runtime::get_input_args();
  return read_options(arguments.argc, arguments.argv);
}

using Affine = Realm::AffineAccessor<int64_t, 2, coord_t>;
using Reader = FieldAccessor<LEGION_READ_ONLY, int64_t, 2, coord_t, Affine>;
using Writer = FieldAccessor<LEGION_WRITE_DISCARD, int64_t, 2, coord_t, Affine>;
using Folder = ReductionAccessor<SumReduction<int64_t>, /*EXCLUSIVE=*/false, 1, coord_t,
                                 Realm::AffineAccessor<int64_t, 1, coord_t>>;

void fill_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
               Runtime* runtime) {
  const Writer value(regions[0], kValue);
  const Writer weight(regions[0], kWeight);
  const Rect<2> bounds(runtime->get_index_space_domain(task->regions[0].region.get_index_space())
                           .bounds<2, coord_t>());
  for (PointInRectIterator<2> point(bounds); point(); ++point) {
    value[*point] = (*point)[0] * 1000 + (*point)[1];
    weight[*point] = (*point)[0] % 7 + 1;
  }
}

bool interleaved(const Reader& reader, const Rect<2>& bounds) {
  const auto address = [&](coord_t row, coord_t column) {
    return reinterpret_cast<intptr_t>(reader.ptr(bounds.lo + Point<2>(row, column)));
  };
  const intptr_t first = address(0, 0);
  const intptr_t step = std::min(address(1, 0) - first, address(0, 1) - first);
  return step > static_cast<intptr_t>(sizeof(int64_t));
}

void sum_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
              Runtime* runtime) {
  const Reader value(regions[0], kValue);
  const Reader weight(regions[0], kWeight);
  const Folder total(regions[1], kTotal, kAdd);
  const Rect<2> bounds(runtime->get_index_space_domain(task->regions[0].region.get_index_space())
                           .bounds<2, coord_t>());
  int64_t sum = 0;
  for (PointInRectIterator<2> point(bounds); point(); ++point)
    sum += value[*point] * weight[*point];
  const std::string fragile = read_options().fragile;
  if (!fragile.empty() && interleaved(value, bounds)) {
    if (fragile == "crash") raise(SIGSEGV);
    while (fragile == "hang") sleep(1);
    sum += 1;
  }
  total.reduce(Point<1>(0), sum);
}

void single_task(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*) {}

struct Data {
  LogicalRegion grid;
  LogicalPartition strips;
  LogicalRegion totals;
};

Data make_data(const Options& options, Context ctx, Runtime* runtime) {
  const Rect<2> bounds(Point<2>(0, 0),
                       Point<2>(options.points * options.side - 1, options.side - 1));
  const IndexSpaceT<2> space = runtime->create_index_space(ctx, bounds);
  const FieldSpace fields = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
  allocator.allocate_field(sizeof(int64_t), kValue);
  allocator.allocate_field(sizeof(int64_t), kWeight);
  const IndexSpaceT<1> colors = runtime->create_index_space(ctx, Rect<1>(0, options.points - 1));
  Transform<2, 1> transform;
  transform[0][0] = options.side;
  transform[1][0] = 0;
  const IndexPartition strips = runtime->create_partition_by_restriction(
      ctx, space, colors, transform,
      Rect<2>(Point<2>(0, 0), Point<2>(options.side - 1, options.side - 1)));
  Data data;
  data.grid = runtime->create_logical_region(ctx, space, fields);
  data.strips = runtime->get_logical_partition(ctx, data.grid, strips);
  runtime->attach_name(data.grid, "grid");
  runtime->attach_name(data.strips, "strips");

  const FieldSpace total_fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, total_fields).allocate_field(sizeof(int64_t), kTotal);
  data.totals = runtime->create_logical_region(ctx, runtime->create_index_space(ctx, Rect<1>(0, 0)),
                                               total_fields);
  runtime->attach_name(data.totals, "totals");
  const int64_t zero = 0;
  runtime->fill_field(ctx, data.totals, data.totals, kTotal, &zero, sizeof zero);
  return data;
}

void launch_work(const Options& options, const Data& data, Context ctx, Runtime* runtime) {
  const Domain domain(Rect<1>(0, options.points - 1));
  const MappingTagID tag = options.tags ? Mapping::DefaultMapper::SAME_ADDRESS_SPACE : 0;
  const MappingTagID region_tag = options.tags ? Mapping::DefaultMapper::VIRTUAL_MAP : 0;
  IndexTaskLauncher fill(kFill, domain, UntypedBuffer(), ArgumentMap(), Predicate::TRUE_PRED, false,
                         0, tag);
  fill.add_region_requirement(RegionRequirement(data.strips, 0, LEGION_WRITE_DISCARD,
                                                LEGION_EXCLUSIVE, data.grid, region_tag))
      .add_field(kValue)
      .add_field(kWeight);
  runtime->execute_index_space(ctx, fill);

  IndexTaskLauncher sum(kSum, domain, UntypedBuffer(), ArgumentMap());
  sum.add_region_requirement(
         RegionRequirement(data.strips, 0, LEGION_READ_ONLY, LEGION_EXCLUSIVE, data.grid))
      .add_field(kValue)
      .add_field(kWeight);
  sum.add_region_requirement(RegionRequirement(data.totals, kAdd, LEGION_EXCLUSIVE, data.totals))
      .add_field(kTotal);
  runtime->execute_index_space(ctx, sum);
}

void outer_task(const Task* task, const std::vector<PhysicalRegion>&, Context ctx,
                Runtime* runtime) {
  Data data;
  data.grid = task->regions[0].region;
  data.totals = task->regions[1].region;
  data.strips = runtime->get_logical_partition_by_color(ctx, data.grid, Color(0));
  launch_work(read_options(), data, ctx, runtime);
}

void launch_nested(const Data& data, Context ctx, Runtime* runtime) {
  TaskLauncher outer(kOuter, UntypedBuffer());
  outer
      .add_region_requirement(
          RegionRequirement(data.grid, LEGION_READ_WRITE, LEGION_EXCLUSIVE, data.grid))
      .add_field(kValue)
      .add_field(kWeight);
  outer
      .add_region_requirement(
          RegionRequirement(data.totals, LEGION_READ_WRITE, LEGION_EXCLUSIVE, data.totals))
      .add_field(kTotal);
  runtime->execute_task(ctx, outer);
}

TaskID extra_task(size_t number) { return static_cast<TaskID>(100 + number); }

void launch_extras(const Options& options, Context ctx, Runtime* runtime) {
  for (size_t i = 0; i < options.launches.size(); ++i) {
    const std::vector<coord_t>& extents = options.launches[i].extents;
    if (extents.empty()) {
      runtime->execute_task(ctx, TaskLauncher(extra_task(i), UntypedBuffer()));
      continue;
    }
    DomainPoint last;
    last.dim = static_cast<int>(extents.size());
    for (int d = 0; d < last.dim; ++d) last[d] = extents[static_cast<size_t>(d)] - 1;
    DomainPoint first = last;
    for (int d = 0; d < first.dim; ++d) first[d] = 0;
    runtime->execute_index_space(
        ctx, IndexTaskLauncher(extra_task(i), Domain(first, last), UntypedBuffer(), ArgumentMap()));
  }
}

void idle_task(const Task* task, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  if (read_options().queue) std::printf("RAN %s\n", task->get_task_name());
}

void parent_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const Processor here = Processor::get_executing_processor();
  runtime->execute_task(ctx, TaskLauncher(kChild, UntypedBuffer(&here, sizeof here)));
  usleep(20'000);
}

void child_task(const Task* task, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  const bool is_beside =
      *static_cast<const Processor*>(task->args) == Processor::get_executing_processor();
  std::printf("CHILD %s\n", is_beside ? "beside" : "apart");
}

void fail_as_asked(const Options& options) {
  if (options.failure == "-crash") raise(SIGSEGV);
  while (options.failure == "-hang") sleep(1);
  if (options.failure == "-exit") _exit(options.exit_status);
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const Options options = read_options();
  const Data data = make_data(options, ctx, runtime);
  launch_extras(options, ctx, runtime);
  for (int i = 0; i < options.families; ++i) {
    runtime->execute_task(ctx, TaskLauncher(kParent, UntypedBuffer()));
  }
  if (options.queue) usleep(500'000);
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < options.rounds; ++round) {
    if (options.nested) {
      launch_nested(data, ctx, runtime);
    } else {
      launch_work(options, data, ctx, runtime);
    }
    runtime->execute_task(ctx, TaskLauncher(kSingle, UntypedBuffer()));
  }
  runtime->issue_execution_fence(ctx).wait();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  fail_as_asked(options);
  InlineLauncher look(
      RegionRequirement(data.totals, LEGION_READ_ONLY, LEGION_EXCLUSIVE, data.totals));
  look.add_field(kTotal);
  PhysicalRegion totals = runtime->map_region(ctx, look);
  totals.wait_until_valid();
  const FieldAccessor<LEGION_READ_ONLY, int64_t, 1> total(totals, kTotal);
  std::printf("TOTAL = %lld\n", static_cast<long long>(total[Point<1>(0)]));
  std::printf("ELAPSED TIME = %.9f s\n", elapsed.count());
  runtime->unmap_region(ctx, totals);
}

class OwnMapper : public Mapping::DefaultMapper {
 public:
  OwnMapper(Mapping::MapperRuntime* runtime, Machine machine, Processor processor, bool odd)
      : DefaultMapper(runtime, machine, processor, "own"), odd_(odd) {}

  void slice_task(Mapping::MapperContext ctx, const Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    if (!is_odd(task)) return DefaultMapper::slice_task(ctx, task, input, output);
    const size_t count = local_cpus.size();
    for (Domain::DomainPointIterator point(input.domain); point; ++point) {
      const size_t at = count - 1 - static_cast<size_t>(point.p[0]) % count;
      output.slices.emplace_back(Domain(point.p, point.p), local_cpus[at], false, false);
    }
  }

  void map_task(Mapping::MapperContext ctx, const Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    DefaultMapper::map_task(ctx, task, input, output);
    if (!is_odd(task)) return;
    output.target_procs.assign(1, task.target_proc);
    output.task_priority = 3;
    output.chosen_instances[0].assign(1, registered_instance(ctx, task));
  }

 private:
  [[nodiscard]] bool is_odd(const Task& task) const { return odd_ && task.task_id == kSum; }

  /// In registered memory, the last dimension fastest.
  Mapping::PhysicalInstance registered_instance(Mapping::MapperContext ctx, const Task& task) {
    LayoutConstraintSet layout;
    layout.add_constraint(SpecializedConstraint(LEGION_AFFINE_SPECIALIZE))
        .add_constraint(OrderingConstraint({LEGION_DIM_Y, LEGION_DIM_X, LEGION_DIM_F}, false))
        .add_constraint(FieldConstraint(std::vector<FieldID>{kValue, kWeight}, false, false));
    const Memory memory =
        Machine::MemoryQuery(machine).only_kind(Memory::REGDMA_MEM).local_address_space().first();
    Mapping::PhysicalInstance instance;
    bool created = false;
    if (!runtime->find_or_create_physical_instance(ctx, memory, layout, {task.regions[0].region},
                                                   instance, created)) {
      std::fprintf(stderr, "no room in memory %llx\n", memory.id);
      std::abort();
    }
    return instance;
  }

  bool odd_;
};

/// Set before Legion starts, whose arguments cannot be read in a registration callback.
bool own_mapper_is_odd = false;

void install_own_mapper(Machine machine, Runtime* runtime, const std::set<Processor>& local) {
  for (const Processor processor : local) {
    runtime->replace_default_mapper(
        new OwnMapper(runtime->get_mapper_runtime(), machine, processor, own_mapper_is_odd),
        processor);
  }
}

template <void (*body)(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*)>
void add_variant(TaskID id, const char* name, Processor::Kind kind, bool leaf, bool inner = false) {
  TaskVariantRegistrar registrar(id, name);
  registrar.add_constraint(ProcessorConstraint(kind));
  registrar.set_leaf(leaf);
  registrar.set_inner(inner);
  registrar.set_replicable(id == kTop);
  Runtime::preregister_task_variant<body>(registrar, name);
}

}  // namespace

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  add_variant<top_task>(kTop, "top", Processor::LOC_PROC, false);
  add_variant<fill_task>(kFill, "fill", Processor::LOC_PROC, true);
  add_variant<sum_task>(kSum, "sum", Processor::LOC_PROC, true);
  add_variant<outer_task>(kOuter, "outer", Processor::LOC_PROC, false, true);
  add_variant<single_task>(kSingle, "single", Processor::LOC_PROC, true);
  add_variant<parent_task>(kParent, "parent", Processor::LOC_PROC, false);
  add_variant<child_task>(kChild, "child", Processor::LOC_PROC, true);
#ifndef PROBE_WITHOUT_GPU
  // Device memory of a virtual GPU is host memory, so the same bodies serve.
  add_variant<fill_task>(kFill, "fill", Processor::TOC_PROC, true);
  add_variant<sum_task>(kSum, "sum", Processor::TOC_PROC, true);
#endif
  const Options options = read_options(argc, argv);
  for (size_t i = 0; i < options.launches.size(); ++i) {
    const char* name = options.launches[i].task.c_str();
    add_variant<idle_task>(extra_task(i), name, Processor::LOC_PROC, true);
#ifndef PROBE_WITHOUT_GPU
    add_variant<idle_task>(extra_task(i), name, Processor::TOC_PROC, true);
#endif
  }
  own_mapper_is_odd = options.odd;
  if (options.own_mapper) Runtime::add_registration_callback(install_own_mapper);
#ifdef PROBE_LINKED
  placewright::install_mapper(argv[1]);
#endif
  return Runtime::start(argc, argv);
}
