// SPDX-License-Identifier: Apache-2.0
// A = B C on blocks, with BLAS as the leaf: what the tests of findings run. Row-major matrices, so
// the leaf needs the last dimension of every instance to be contiguous; the variant does not say so
// to Legion, as in many programs.
//
//   -n N         order of the matrices (default 64)
//   -blocks N    rows of blocks, one point each (default 4)
//   -checked     compare the accessors' strides with the expected ones, and abort
//   -mapper slices|region|memory|processor   install a mapper that returns something impossible
//   -say TEXT    print a line of your own to both streams
//   -exit N      end with this status after a good run
// It verifies the product and prints time and throughput.
#include <cblas.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "legion.h"
#include "mappers/default_mapper.h"

// The stride check belongs to the test, whatever the build type.
#undef NDEBUG
#include <cassert>

namespace {

using namespace Legion;

enum Tasks { kTop, kInit, kMultiply };
enum Fields : FieldID { kEntry = 1 };

struct Options {
  int n = 64;
  int blocks = 4;
  bool checked = false;
  std::string mapper;
  std::string say;
  int exit_status = 0;
};

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto next = [&] { return i + 1 < argc ? argv[++i] : ""; };
    if (word == "-n") options.n = std::atoi(next());
    if (word == "-blocks") options.blocks = std::atoi(next());
    if (word == "-checked") options.checked = true;
    if (word == "-mapper") options.mapper = next();
    if (word == "-say") options.say = next();
    if (word == "-exit") options.exit_status = std::atoi(next());
  }
  return options;
}

Options options_of_run() {
  const InputArgs& arguments = Runtime::get_input_args();
  return read_options(arguments.argc, arguments.argv);
}

using Affine = Realm::AffineAccessor<double, 2, coord_t>;
using Reader = FieldAccessor<LEGION_READ_ONLY, double, 2, coord_t, Affine>;
using Writer = FieldAccessor<LEGION_WRITE_DISCARD, double, 2, coord_t, Affine>;

double entry_b(coord_t i, coord_t k) { return static_cast<double>((i * 3 + k) % 7); }
double entry_c(coord_t k, coord_t j) { return static_cast<double>((k + j * 5) % 11); }

Rect<2> bounds_of(const Task* task, size_t argument, Runtime* runtime) {
  return runtime->get_index_space_domain(task->regions[argument].region.get_index_space());
}

void init_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
               Runtime* runtime) {
  const Writer b(regions[0], kEntry);
  const Writer c(regions[1], kEntry);
  for (PointInRectIterator<2> p(bounds_of(task, 0, runtime)); p(); ++p)
    b[*p] = entry_b((*p)[0], (*p)[1]);
  for (PointInRectIterator<2> p(bounds_of(task, 1, runtime)); p(); ++p)
    c[*p] = entry_c((*p)[0], (*p)[1]);
}

/// Bytes from one row to the next; with `checked` the strides must be those of row-major data.
template <class Accessor>
int row_stride(const Accessor& accessor, bool checked) {
  const auto strides = accessor.accessor.strides;
  if (checked) assert(strides[1] == sizeof(double) && "stride does not match expected value");
  return static_cast<int>(strides[0] / sizeof(double));
}

void multiply_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                   Runtime* runtime) {
  const bool checked = *static_cast<const bool*>(task->args);
  const Writer a(regions[0], kEntry);
  const Reader b(regions[1], kEntry);
  const Reader c(regions[2], kEntry);
  const Rect<2> rows = bounds_of(task, 0, runtime);
  const Rect<2> inner = bounds_of(task, 2, runtime);
  const auto extent = [](const Rect<2>& r, int d) {
    return static_cast<int>(r.hi[d] - r.lo[d] + 1);
  };
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, extent(rows, 0), extent(rows, 1),
              extent(inner, 0), 1.0, b.ptr(bounds_of(task, 1, runtime).lo), row_stride(b, checked),
              c.ptr(inner.lo), row_stride(c, checked), 0.0, a.ptr(rows.lo), row_stride(a, checked));
}

LogicalRegion make_matrix(Context ctx, Runtime* runtime, IndexSpace space, const char* name) {
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(double), kEntry);
  const LogicalRegion region = runtime->create_logical_region(ctx, space, fields);
  runtime->attach_name(region, name);
  return region;
}

LogicalPartition rows_of(Context ctx, Runtime* runtime, LogicalRegion matrix, IndexSpace colors,
                         const char* name) {
  const IndexPartition parts =
      runtime->create_equal_partition(ctx, matrix.get_index_space(), colors);
  const LogicalPartition result = runtime->get_logical_partition(ctx, matrix, parts);
  runtime->attach_name(result, name);
  return result;
}

bool is_product(Context ctx, Runtime* runtime, LogicalRegion a, int n) {
  InlineLauncher launcher(RegionRequirement(a, LEGION_READ_ONLY, LEGION_EXCLUSIVE, a));
  launcher.add_field(kEntry);
  PhysicalRegion mapped = runtime->map_region(ctx, launcher);
  mapped.wait_until_valid();
  const FieldAccessor<LEGION_READ_ONLY, double, 2> value(mapped, kEntry);
  bool good = true;
  for (int i = 0; i < n; i += 5) {
    for (int j = 0; j < n; j += 3) {
      double expected = 0;
      for (int k = 0; k < n; ++k) expected += entry_b(i, k) * entry_c(k, j);
      good &= value[Point<2>(i, j)] == expected;
    }
  }
  runtime->unmap_region(ctx, mapped);
  return good;
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const Options options = options_of_run();
  const int n = options.n;
  const IndexSpace square = runtime->create_index_space(ctx, Rect<2>({0, 0}, {n - 1, n - 1}));
  const LogicalRegion a = make_matrix(ctx, runtime, square, "A");
  const LogicalRegion b = make_matrix(ctx, runtime, square, "B");
  const LogicalRegion c = make_matrix(ctx, runtime, square, "C");
  const IndexSpace colors =
      runtime->create_index_space(ctx, Rect<2>({0, 0}, {options.blocks - 1, 0}));
  const LogicalPartition a_rows = rows_of(ctx, runtime, a, colors, "A_rows");
  const LogicalPartition b_rows = rows_of(ctx, runtime, b, colors, "B_rows");

  TaskLauncher init(kInit, TaskArgument());
  for (const LogicalRegion& matrix : {b, c}) {
    init.add_region_requirement(
        RegionRequirement(matrix, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, matrix));
    init.region_requirements.back().add_field(kEntry);
  }
  runtime->execute_task(ctx, init).get_void_result();

  const auto start = std::chrono::steady_clock::now();
  IndexLauncher multiply(kMultiply, colors, TaskArgument(&options.checked, sizeof(bool)),
                         ArgumentMap());
  multiply.add_region_requirement(
      RegionRequirement(a_rows, 0, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, a));
  multiply.add_region_requirement(
      RegionRequirement(b_rows, 0, LEGION_READ_ONLY, LEGION_EXCLUSIVE, b));
  multiply.add_region_requirement(RegionRequirement(c, LEGION_READ_ONLY, LEGION_EXCLUSIVE, c));
  for (RegionRequirement& requirement : multiply.region_requirements) requirement.add_field(kEntry);
  runtime->execute_index_space(ctx, multiply).wait_all_results();
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;

  if (!options.say.empty()) {
    std::printf("%s\n", options.say.c_str());
    std::fprintf(stderr, "%s\n", options.say.c_str());
  }
  if (!is_product(ctx, runtime, a, n)) {
    std::printf("RESULT = wrong\n");
    std::fflush(stdout);
    std::_Exit(1);
  }
  std::printf("RESULT = right\nELAPSED TIME = %.9f s\nTHROUGHPUT = %.4f GFLOPS\n", taken.count(),
              2e-9 * n * n * n / taken.count());
  std::fflush(stdout);
  if (options.exit_status != 0) std::_Exit(options.exit_status);
}

/// Does what Legion refuses.
class ImpossibleMapper : public Mapping::DefaultMapper {
 public:
  ImpossibleMapper(Mapping::MapperRuntime* runtime, Machine machine, Processor processor,
                   std::string what)
      : DefaultMapper(runtime, machine, processor, "impossible"), what_(std::move(what)) {}

  void slice_task(Mapping::MapperContext ctx, const Task& task, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    DefaultMapper::slice_task(ctx, task, input, output);
    if (what_ == "slices" && output.slices.size() > 1) output.slices.pop_back();
  }

  void map_task(Mapping::MapperContext ctx, const Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    DefaultMapper::map_task(ctx, task, input, output);
    if (task.task_id != kMultiply) return;
    if (what_ == "region") output.chosen_instances[1] = output.chosen_instances[2];
    if (what_ == "memory")
      output.chosen_instances[2] = {in_memory(ctx, memory_elsewhere(), task.regions[2].region)};
    if (what_ == "processor") {
      // The task has a variant for CPUs only.
      output.target_procs = {
          Machine::ProcessorQuery(machine).only_kind(Processor::UTIL_PROC).first()};
    }
  }

 private:
  /// System memory of another process, which no processor of this one addresses.
  Memory memory_elsewhere() const {
    Machine::MemoryQuery memories(machine);
    for (const Memory memory : memories.only_kind(Memory::SYSTEM_MEM))
      if (memory.address_space() != local_proc.address_space()) return memory;
    return Memory::NO_MEMORY;
  }

  Mapping::PhysicalInstance in_memory(Mapping::MapperContext ctx, Memory memory,
                                      LogicalRegion region) {
    LayoutConstraintSet constraints;
    constraints.add_constraint(FieldConstraint(std::vector<FieldID>{kEntry}, false));
    Mapping::PhysicalInstance instance;
    bool created = false;
    runtime->find_or_create_physical_instance(ctx, memory, constraints, {region}, instance,
                                              created);
    return instance;
  }

  std::string what_;
};

std::string mapper_of_run;

void install_mapper(Machine machine, Runtime* runtime, const std::set<Processor>& local) {
  for (const Processor processor : local) {
    runtime->replace_default_mapper(
        new ImpossibleMapper(runtime->get_mapper_runtime(), machine, processor, mapper_of_run),
        processor);
  }
}

template <void (*body)(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*)>
void add_variant(TaskID id, const char* name, bool leaf) {
  TaskVariantRegistrar registrar(id, name);
  registrar.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  registrar.set_leaf(leaf);
  Runtime::preregister_task_variant<body>(registrar, name);
}

}  // namespace

int main(int argc, char** argv) {
  openblas_set_num_threads(1);
  Runtime::set_top_level_task_id(kTop);
  add_variant<top_task>(kTop, "top", false);
  add_variant<init_task>(kInit, "init", true);
  add_variant<multiply_task>(kMultiply, "multiply", true);
  mapper_of_run = read_options(argc, argv).mapper;
  if (!mapper_of_run.empty()) Runtime::add_registration_callback(install_mapper);
  return Runtime::start(argc, argv);
}
