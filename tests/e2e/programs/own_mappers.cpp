// SPDX-License-Identifier: Apache-2.0
// Programs as people bring them: with a mapper of their own that sends all work to one processor,
// with tags that only this mapper understands, and with their own way of printing the time.
//
//   circuit   the mapper replaces Legion's default mapper; three tasks exchange charges over a ring
//             of pieces: tags on launches and requirements, reductions into shared nodes, blanks
//             before the time
//   library   a library has a mapper of its own under an id of its own and launches its task with
//             it; the program's own task is launched without a mapper id
//   -loops N  how often everything is done (default 6)
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "legion.h"
#include "mappers/default_mapper.h"

namespace {

using namespace Legion;

enum Tasks { kTop, kCurrents, kCharges, kVoltages, kSolve };
enum Fields : FieldID { kVoltage = 1, kCharge = 2, kCurrent = 3 };
constexpr ReductionOpID kAdd = LEGION_REDOP_SUM_INT64;
constexpr coord_t kPieces = 4;
constexpr coord_t kNodes = 16;  // In each piece.
constexpr MapperID kLibraryMapper = 7;
// To Legion's default mapper the first means SAME_ADDRESS_SPACE and the second a virtual instance.
constexpr MappingTagID kPhase = Mapping::DefaultMapper::SAME_ADDRESS_SPACE;
constexpr MappingTagID kShared = Mapping::DefaultMapper::VIRTUAL_MAP;

using Affine = Realm::AffineAccessor<int64_t, 1, coord_t>;
using Reader = FieldAccessor<LEGION_READ_ONLY, int64_t, 1, coord_t, Affine>;
using Writer = FieldAccessor<LEGION_READ_WRITE, int64_t, 1, coord_t, Affine>;
using Folder = ReductionAccessor<SumReduction<int64_t>, /*EXCLUSIVE=*/false, 1, coord_t, Affine>;

/// Keeps the processor busy, so that it matters where tasks run.
void work() {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(4);
  while (std::chrono::steady_clock::now() < until) continue;
}

Rect<1> piece_of(const Task* task, unsigned index, Runtime* runtime) {
  return Rect<1>(runtime->get_index_space_domain(task->regions[index].region.get_index_space())
                     .bounds<1, coord_t>());
}

/// Current i flows from node i to node i + 1 of the ring.
void currents_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                   Runtime* runtime) {
  const Reader voltage(regions[0], kVoltage);
  const Writer current(regions[1], kCurrent);
  for (PointInRectIterator<1> point(piece_of(task, 1, runtime)); point(); ++point) {
    const coord_t next = ((*point)[0] + 1) % (kPieces * kNodes);
    current[*point] = voltage[*point] - voltage[Point<1>(next)];
  }
  work();
}

void charges_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                  Runtime* runtime) {
  const Reader current(regions[0], kCurrent);
  const Folder charge(regions[1], kCharge, kAdd);
  for (PointInRectIterator<1> point(piece_of(task, 0, runtime)); point(); ++point) {
    charge.reduce(*point, -current[*point]);
    charge.reduce(Point<1>(((*point)[0] + 1) % (kPieces * kNodes)), current[*point]);
  }
  work();
}

void voltages_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                   Runtime* runtime) {
  const Writer voltage(regions[0], kVoltage);
  const Writer charge(regions[0], kCharge);
  for (PointInRectIterator<1> point(piece_of(task, 0, runtime)); point(); ++point) {
    voltage[*point] += charge[*point] / 2;
    charge[*point] = 0;
  }
  work();
}

struct Data {
  LogicalRegion nodes;
  LogicalRegion wires;
  LogicalPartition node_pieces;
  LogicalPartition wire_pieces;
};

Data make_data(Context ctx, Runtime* runtime) {
  const IndexSpace space = runtime->create_index_space(ctx, Rect<1>(0, kPieces * kNodes - 1));
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, kPieces - 1));
  const IndexPartition pieces = runtime->create_equal_partition(ctx, space, colors);
  const auto region = [&](const std::vector<FieldID>& names) {
    const FieldSpace fields = runtime->create_field_space(ctx);
    FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
    for (const FieldID name : names) allocator.allocate_field(sizeof(int64_t), name);
    return runtime->create_logical_region(ctx, space, fields);
  };
  Data data;
  data.nodes = region({kVoltage, kCharge});
  data.wires = region({kCurrent});
  data.node_pieces = runtime->get_logical_partition(ctx, data.nodes, pieces);
  data.wire_pieces = runtime->get_logical_partition(ctx, data.wires, pieces);
  runtime->attach_name(data.nodes, "nodes");
  runtime->attach_name(data.wires, "wires");
  const int64_t zero = 0;
  runtime->fill_field(ctx, data.wires, data.wires, kCurrent, &zero, sizeof zero);
  runtime->fill_field(ctx, data.nodes, data.nodes, kCharge, &zero, sizeof zero);
  RegionRequirement all(data.nodes, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, data.nodes);
  InlineLauncher start(all.add_field(kVoltage));
  PhysicalRegion mapped = runtime->map_region(ctx, start);
  mapped.wait_until_valid();
  const FieldAccessor<LEGION_WRITE_DISCARD, int64_t, 1> voltage(mapped, kVoltage);
  for (coord_t i = 0; i < kPieces * kNodes; ++i) voltage[Point<1>(i)] = i * i % 37 * 64;
  runtime->unmap_region(ctx, mapped);
  return data;
}

IndexTaskLauncher launcher(Tasks task, MapperID mapper = 0, MappingTagID tag = 0) {
  return {static_cast<TaskID>(task),
          Domain(Rect<1>(0, kPieces - 1)),
          UntypedBuffer(),
          ArgumentMap(),
          Predicate::TRUE_PRED,
          false,
          mapper,
          tag};
}

void launch_circuit(const Data& data, Context ctx, Runtime* runtime) {
  IndexTaskLauncher currents = launcher(kCurrents, 0, kPhase);
  currents
      .add_region_requirement(
          RegionRequirement(data.nodes, LEGION_READ_ONLY, LEGION_EXCLUSIVE, data.nodes, kShared))
      .add_field(kVoltage);
  currents
      .add_region_requirement(RegionRequirement(data.wire_pieces, 0, LEGION_READ_WRITE,
                                                LEGION_EXCLUSIVE, data.wires, kShared))
      .add_field(kCurrent);
  runtime->execute_index_space(ctx, currents);
  IndexTaskLauncher charges = launcher(kCharges, 0, kPhase);
  charges
      .add_region_requirement(
          RegionRequirement(data.wire_pieces, 0, LEGION_READ_ONLY, LEGION_EXCLUSIVE, data.wires))
      .add_field(kCurrent);
  charges
      .add_region_requirement(
          RegionRequirement(data.nodes, kAdd, LEGION_EXCLUSIVE, data.nodes, kShared))
      .add_field(kCharge);
  runtime->execute_index_space(ctx, charges);
  IndexTaskLauncher voltages = launcher(kVoltages, 0, kPhase);
  voltages
      .add_region_requirement(RegionRequirement(data.node_pieces, 0, LEGION_READ_WRITE,
                                                LEGION_EXCLUSIVE, data.nodes, kShared))
      .add_field(kVoltage)
      .add_field(kCharge);
  runtime->execute_index_space(ctx, voltages);
}

void launch_library(const Data& data, Context ctx, Runtime* runtime) {
  IndexTaskLauncher solve = launcher(kSolve, kLibraryMapper);
  solve
      .add_region_requirement(
          RegionRequirement(data.node_pieces, 0, LEGION_READ_WRITE, LEGION_EXCLUSIVE, data.nodes))
      .add_field(kVoltage)
      .add_field(kCharge);
  runtime->execute_index_space(ctx, solve);
  IndexTaskLauncher voltages = launcher(kVoltages);
  voltages
      .add_region_requirement(
          RegionRequirement(data.node_pieces, 0, LEGION_READ_WRITE, LEGION_EXCLUSIVE, data.nodes))
      .add_field(kVoltage)
      .add_field(kCharge);
  runtime->execute_index_space(ctx, voltages);
}

/// The library's task.
void solve_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                Runtime* runtime) {
  const Writer voltage(regions[0], kVoltage);
  const Writer charge(regions[0], kCharge);
  for (PointInRectIterator<1> point(piece_of(task, 0, runtime)); point(); ++point)
    charge[*point] = voltage[*point] / 3;
  work();
}

bool is_library(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "library") == 0) return true;
  }
  return false;
}

int loops(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::strcmp(argv[i], "-loops") == 0) return std::atoi(argv[i + 1]);
  }
  return 6;
}

void print_sum(const Data& data, Context ctx, Runtime* runtime) {
  RegionRequirement all(data.nodes, LEGION_READ_ONLY, LEGION_EXCLUSIVE, data.nodes);
  PhysicalRegion mapped = runtime->map_region(ctx, InlineLauncher(all.add_field(kVoltage)));
  mapped.wait_until_valid();
  const Reader voltage(mapped, kVoltage);
  uint64_t sum = 0;
  for (coord_t i = 0; i < kPieces * kNodes; ++i)
    sum = sum * 31 + static_cast<uint64_t>(voltage[Point<1>(i)]);
  std::printf("CHECKSUM = %016llx\n", static_cast<unsigned long long>(sum));
  runtime->unmap_region(ctx, mapped);
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const InputArgs& arguments = Runtime::get_input_args();
  const bool library = is_library(arguments.argc, arguments.argv);
  const Data data = make_data(ctx, runtime);
  runtime->issue_execution_fence(ctx).wait();
  const auto start = std::chrono::steady_clock::now();
  for (int loop = 0; loop < loops(arguments.argc, arguments.argv); ++loop) {
    if (library) {
      launch_library(data, ctx, runtime);
    } else {
      launch_circuit(data, ctx, runtime);
    }
  }
  runtime->issue_execution_fence(ctx).wait();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
  print_sum(data, ctx, runtime);
  std::printf("ELAPSED TIME = %7.3f s\n", elapsed.count());
}

/// Sends every launch to the first processor, and knows the program's tags, which it hides from the
/// mapper that it is made of.
class OneProcessorMapper : public Mapping::DefaultMapper {
 public:
  OneProcessorMapper(Mapping::MapperRuntime* runtime, Machine machine, Processor processor)
      : DefaultMapper(runtime, machine, processor, "one processor") {}

  void slice_task(Mapping::MapperContext, const Task&, const SliceTaskInput& input,
                  SliceTaskOutput& output) override {
    output.slices.emplace_back(input.domain, local_cpus.front(), false, false);
  }
  void map_task(Mapping::MapperContext ctx, const Task& task, const MapTaskInput& input,
                MapTaskOutput& output) override {
    for (const RegionRequirement& requirement : task.regions)
      const_cast<RegionRequirement&>(requirement).tag = 0;
    DefaultMapper::map_task(ctx, task, input, output);
    output.target_procs.assign(1, task.target_proc);
  }
};

/// Set before Legion starts, whose arguments cannot be read in a registration callback.
bool has_library = false;

void install_mappers(Machine machine, Runtime* runtime, const std::set<Processor>& local) {
  for (const Processor processor : local) {
    auto* mapper = new OneProcessorMapper(runtime->get_mapper_runtime(), machine, processor);
    if (has_library) {
      runtime->add_mapper(kLibraryMapper, mapper, processor);
    } else {
      runtime->replace_default_mapper(mapper, processor);
    }
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
  Runtime::set_top_level_task_id(kTop);
  add_variant<top_task>(kTop, "top", false);
  add_variant<currents_task>(kCurrents, "currents", true);
  add_variant<charges_task>(kCharges, "charges", true);
  add_variant<voltages_task>(kVoltages, "voltages", true);
  add_variant<solve_task>(kSolve, "solve", true);
  has_library = is_library(argc, argv);
  Runtime::add_registration_callback(install_mappers);
  return Runtime::start(argc, argv);
}
