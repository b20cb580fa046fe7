// SPDX-License-Identifier: Apache-2.0
// Regions: sharing, reductions, copies, data from outside, memory inside tasks.
#include <cstdlib>
#include <fstream>

#include "feature.h"

namespace features {
namespace {

using namespace Legion;

enum : TaskID { kNeighbours = kOwn, kFold, kSpread, kProduce, kScratch, kBroadcast, kReadBoth };
using Folder = ReductionAccessor<SumReduction<int64_t>, /*EXCLUSIVE=*/false, 1, coord_t,
                                 Realm::AffineAccessor<int64_t, 1, coord_t>>;

void neighbours_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Access<LEGION_WRITE_DISCARD> out(regions[0], kY);
  const Access<LEGION_READ_ONLY> in(regions[1], kX);
  const Domain known = domain_of(task, 1, runtime);
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++) {
    int64_t sum = 0;
    for (coord_t x = (*at)[0] - 1; x <= (*at)[0] + 1; ++x) {
      if (known.contains(Point<1>(x))) sum += in[Point<1>(x)];
    }
    out[Point<1>(*at)] = sum;
  }
}

void aliased_partitions(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  Transform<1, 1> transform;
  transform[0][0] = kElements / kPieces;
  const IndexPartition halo = runtime->create_partition_by_restriction(
      ctx, IndexSpaceT<1>(line.region.get_index_space()), IndexSpaceT<1>(line.colors), transform,
      Rect<1>(-1, kElements / kPieces));
  for (int step = 0; step < 3; ++step) {
    IndexTaskLauncher launcher(kNeighbours, line.colors, UntypedBuffer(), ArgumentMap());
    launcher.add_region_requirement(piecewise(line, LEGION_WRITE_DISCARD, kY));
    RegionRequirement ghost(runtime->get_logical_partition(ctx, line.region, halo), 0,
                            LEGION_READ_ONLY, LEGION_EXCLUSIVE, line.region);
    ghost.add_field(kX);
    launcher.add_region_requirement(ghost);
    runtime->execute_index_space(ctx, launcher);
    add_one(line, kX, ctx, runtime);
  }
  result("sum", total(line, kY, ctx, runtime));
}
const Add add_aliased("aliased_partitions", aliased_partitions,
                      [] { add_task<neighbours_task>(kNeighbours, "neighbours"); });

// All points write the same values to the same region, so Legion maps them together.
void collective_writes(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  for (int step = 0; step < 2; ++step) {
    IndexTaskLauncher launcher(kFillIndex, line.colors, UntypedBuffer(), ArgumentMap());
    launcher.add_region_requirement(RegionRequirement(line.region, 0, LEGION_WRITE_DISCARD,
                                                      LEGION_COLLECTIVE_EXCLUSIVE, line.region));
    launcher.region_requirements.back().add_field(kX);
    runtime->execute_index_space(ctx, launcher);
    add_one(line, kX, ctx, runtime);
  }
  result("sum", total(line, kX, ctx, runtime));
}
const Add add_collective("collective_writes", collective_writes);

void fold_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const Folder sums(regions[0], kY, LEGION_REDOP_SUM_INT64);
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    sums.reduce(Point<1>(*at), task->index_point[0] + 1);
}
void prepare_fold() { add_task<fold_task>(kFold, "fold"); }

RegionRequirement reduced(const Line& line) {
  RegionRequirement requirement(line.region, 0, LEGION_REDOP_SUM_INT64, LEGION_EXCLUSIVE,
                                line.region);
  requirement.add_field(kY);
  return requirement;
}

void reductions_into_one_region(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  for (int step = 0; step < 2; ++step) {
    IndexTaskLauncher launcher(kFold, line.colors, UntypedBuffer(), ArgumentMap());
    launcher.add_region_requirement(reduced(line));
    runtime->execute_index_space(ctx, launcher);
  }
  result("sum", total(line, kY, ctx, runtime));
}
const Add add_shared_reductions("reductions_into_one_region", reductions_into_one_region,
                                prepare_fold);

void reductions_into_pieces(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  IndexTaskLauncher launcher(kFold, line.colors, UntypedBuffer(), ArgumentMap());
  RegionRequirement requirement(line.pieces, 0, LEGION_REDOP_SUM_INT64, LEGION_EXCLUSIVE,
                                line.region);
  requirement.add_field(kY);
  launcher.add_region_requirement(requirement);
  runtime->execute_index_space(ctx, launcher);
  runtime->execute_index_space(ctx, launcher);
  add_one(line, kY, ctx, runtime);
  result("sum", total(line, kY, ctx, runtime));
}
const Add add_piece_reductions("reductions_into_pieces", reductions_into_pieces, prepare_fold);

void inline_mappings(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  InlineLauncher launcher(whole(line, LEGION_READ_WRITE, kX));
  PhysicalRegion region = runtime->map_region(ctx, launcher);
  region.wait_until_valid();
  const Access<LEGION_READ_WRITE> values(region, kX);
  for (int x = 0; x < kElements; ++x) values[Point<1>(x)] = values[Point<1>(x)] * 2;
  runtime->unmap_region(ctx, region);
  result("sum", total(line, kX, ctx, runtime));
}
const Add add_inline("inline_mappings", inline_mappings);

void fills(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  runtime->fill_field<int64_t>(ctx, line.region, line.region, kX, 5);
  result("all", total(line, kX, ctx, runtime));
  const int64_t seven = 7;
  IndexFillLauncher launcher(line.colors, line.pieces, line.region,
                             UntypedBuffer(&seven, sizeof seven));
  launcher.add_field(kX);
  runtime->fill_fields(ctx, launcher);
  result("pieces", total(line, kX, ctx, runtime));
  FillLauncher later(line.region, line.region, Future::from_value<int64_t>(9));
  later.add_field(kY);
  runtime->fill_fields(ctx, later);
  result("future", total(line, kY, ctx, runtime));
}
const Add add_fills("fills", fills);

void copies(Context ctx, Runtime* runtime) {
  const Line from = make_line(ctx, runtime);
  const Line to = make_line(ctx, runtime);
  fill_index(from, kX, ctx, runtime);
  CopyLauncher launcher;
  launcher.add_copy_requirements(whole(from, LEGION_READ_ONLY, kX),
                                 whole(to, LEGION_WRITE_DISCARD, kY));
  runtime->issue_copy_operation(ctx, launcher);
  result("whole", total(to, kY, ctx, runtime));
  IndexCopyLauncher pieces(from.colors);
  pieces.add_copy_requirements(piecewise(from, LEGION_READ_ONLY, kX),
                               piecewise(to, LEGION_WRITE_DISCARD, kX));
  runtime->issue_copy_operation(ctx, pieces);
  add_one(to, kX, ctx, runtime);
  result("pieces", total(to, kX, ctx, runtime));
}
const Add add_copies("copies", copies);

void reverse_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const FieldAccessor<LEGION_WRITE_DISCARD, Point<1>, 1, coord_t,
                      Realm::AffineAccessor<Point<1>, 1, coord_t>>
      pointers(regions[0], kX);
  for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
    pointers[Point<1>(*at)] = Point<1>(kElements - 1 - (*at)[0]);
}

void indirect_copies(Context ctx, Runtime* runtime) {
  const Line pointers = make_line(ctx, runtime);
  TaskLauncher reverse(kSpread, UntypedBuffer());
  reverse.add_region_requirement(whole(pointers, LEGION_WRITE_DISCARD, kX));
  runtime->execute_task(ctx, reverse);
  const Line from = make_line(ctx, runtime);
  const Line to = make_line(ctx, runtime);
  fill_index(from, kX, ctx, runtime);
  CopyLauncher gather;
  gather.add_copy_requirements(whole(from, LEGION_READ_ONLY, kX),
                               whole(to, LEGION_WRITE_DISCARD, kX));
  gather.add_src_indirect_field(kX, whole(pointers, LEGION_READ_ONLY, kX));
  runtime->issue_copy_operation(ctx, gather);
  CopyLauncher scatter;
  scatter.add_copy_requirements(whole(to, LEGION_READ_ONLY, kX),
                                whole(to, LEGION_WRITE_DISCARD, kY));
  scatter.add_dst_indirect_field(kX, whole(pointers, LEGION_READ_ONLY, kX));
  runtime->issue_copy_operation(ctx, scatter);
  PhysicalRegion region = runtime->map_region(ctx, InlineLauncher(whole(to, LEGION_READ_ONLY, kX)));
  region.wait_until_valid();
  const Access<LEGION_READ_ONLY> gathered(region, kX);
  result("gathered", gathered[Point<1>(0)] * 100 + gathered[Point<1>(5)]);
  runtime->unmap_region(ctx, region);
  region = runtime->map_region(ctx, InlineLauncher(whole(to, LEGION_READ_ONLY, kY)));
  region.wait_until_valid();
  const Access<LEGION_READ_ONLY> scattered(region, kY);
  result("scattered", scattered[Point<1>(1)] * 100 + scattered[Point<1>(6)]);
  runtime->unmap_region(ctx, region);
}
const Add add_indirect("indirect_copies", indirect_copies,
                       [] { add_task<reverse_task>(kSpread, "reverse"); });

void attached_arrays(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  std::vector<int64_t> array(kElements, 3);
  const Realm::ExternalMemoryResource memory(array.data(), array.size() * sizeof(int64_t));
  AttachLauncher launcher(LEGION_EXTERNAL_INSTANCE, line.region, line.region,
                          /*restricted=*/false, /*mapped=*/false);
  launcher.initialize_constraints(/*column_major=*/true, /*soa=*/true, {kX});
  launcher.privilege_fields = {kX};
  launcher.external_resource = &memory;
  PhysicalRegion attached = runtime->attach_external_resource(ctx, launcher);
  add_one(line, kX, ctx, runtime);
  result("sum", total(line, kX, ctx, runtime));
  runtime->detach_external_resource(ctx, attached, /*flush=*/true).get_void_result();
}
const Add add_attached("attached_arrays", attached_arrays);

void acquire_and_release(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  std::vector<int64_t> array(kElements, 4);
  const Realm::ExternalMemoryResource memory(array.data(), array.size() * sizeof(int64_t));
  AttachLauncher launcher(LEGION_EXTERNAL_INSTANCE, line.region, line.region,
                          /*restricted=*/true, /*mapped=*/false);
  launcher.initialize_constraints(true, true, {kX});
  launcher.privilege_fields = {kX};
  launcher.external_resource = &memory;
  PhysicalRegion attached = runtime->attach_external_resource(ctx, launcher);
  AcquireLauncher acquire(line.region, line.region, attached);
  acquire.add_field(kX);
  runtime->issue_acquire(ctx, acquire);
  add_one(line, kX, ctx, runtime);
  ReleaseLauncher release(line.region, line.region, attached);
  release.add_field(kX);
  runtime->issue_release(ctx, release);
  runtime->detach_external_resource(ctx, attached, true).get_void_result();
  int64_t sum = 0;
  for (const int64_t value : array) sum += value;
  result("array", sum);
}
const Add add_acquire("acquire_and_release", acquire_and_release);

void attached_files(Context ctx, Runtime* runtime) {
  const char* path = "attached.bin";
  const std::vector<int64_t> values(kElements, 6);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size() * sizeof(int64_t)));
  const Line file = make_line(ctx, runtime);
  const Line line = make_line(ctx, runtime);
  const Realm::ExternalFileResource resource(path, LEGION_FILE_READ_ONLY);
  AttachLauncher launcher(LEGION_EXTERNAL_POSIX_FILE, file.region, file.region,
                          /*restricted=*/false, /*mapped=*/false);
  launcher.initialize_constraints(true, true, {kX});
  launcher.privilege_fields = {kX};
  launcher.external_resource = &resource;
  PhysicalRegion attached = runtime->attach_external_resource(ctx, launcher);
  CopyLauncher copy;
  copy.add_copy_requirements(whole(file, LEGION_READ_ONLY, kX),
                             whole(line, LEGION_WRITE_DISCARD, kX));
  runtime->issue_copy_operation(ctx, copy);
  result("sum", total(line, kX, ctx, runtime));
  runtime->detach_external_resource(ctx, attached, false).get_void_result();
}
const Add add_files("attached_files", attached_files);

void local_fields(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, line.region.get_field_space());
  const FieldID field = allocator.allocate_local_field(sizeof(int64_t));
  fill_index(line, field, ctx, runtime);
  add_one(line, field, ctx, runtime);
  result("sum", total(line, field, ctx, runtime));
}
const Add add_local("local_fields", local_fields);

void produce_task(const Task* task, const Regions&, Context ctx, Runtime* runtime) {
  std::vector<OutputRegion> outputs;
  runtime->get_output_regions(ctx, outputs);
  const coord_t size = task->index_point[0] + 1;
  DeferredBuffer<int64_t, 1> buffer =
      outputs[0].create_buffer<int64_t, 1>(Point<1>(size), kX, nullptr, /*return_buffer=*/true);
  for (coord_t x = 0; x < size; ++x) buffer[Point<1>(x)] = 10 * size + x;
}

void output_regions(Context ctx, Runtime* runtime) {
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(int64_t), kX);
  std::vector<OutputRequirement> outputs = {
      OutputRequirement(fields, {kX}, 1, /*global_indexing=*/true)};
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, 3));
  runtime->execute_index_space(
      ctx, IndexTaskLauncher(kProduce, colors, UntypedBuffer(), ArgumentMap()), &outputs);
  Line line;
  line.region = outputs[0].parent;
  line.pieces = outputs[0].partition;
  line.colors = colors;
  result("sum", total(line, kX, ctx, runtime));
}
const Add add_outputs("output_regions", output_regions,
                      [] { add_task<produce_task>(kProduce, "produce"); });

int64_t scratch_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  const int64_t zero = 0;
  const Domain domain = domain_of(task, 0, runtime);
  const DeferredBuffer<int64_t, 1> copy(Memory::SYSTEM_MEM, domain, &zero);
  const Access<LEGION_READ_ONLY> values(regions[0], kX);
  int64_t sum = 0;
  for (Domain::DomainPointIterator at(domain); at; at++)
    copy.write(Point<1>(*at), values[Point<1>(*at)] * 2);
  for (Domain::DomainPointIterator at(domain); at; at++) sum += copy.read(Point<1>(*at));
  return sum;
}

void deferred_buffers(Context ctx, Runtime* runtime) {
  const Line line = make_line(ctx, runtime);
  fill_index(line, kX, ctx, runtime);
  IndexTaskLauncher launcher(kScratch, line.colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(piecewise(line, LEGION_READ_ONLY, kX));
  result("sum",
         runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>());
}
const Add add_pools("memory_pools", deferred_buffers, [] {
  add_task<scratch_task>(kScratch, "scratch", [](TaskVariantRegistrar& registrar) {
    registrar.leaf_pool_bounds.emplace(Memory::SYSTEM_MEM, PoolBounds(4096, 16));
  });
});
const Add add_buffers("deferred_buffers", deferred_buffers, [] {
  add_task<scratch_task>(kScratch, "scratch",
                         [](TaskVariantRegistrar& registrar) { registrar.set_leaf(false); });
});

template <bool padded>
void prepare_layout() {
  LayoutConstraintRegistrar layout(FieldSpace::NO_SPACE, "demanded");
  if (padded) {
    layout.add_constraint(PaddingConstraint(DomainPoint(Point<1>(2)), DomainPoint(Point<1>(2))));
  } else {
    layout.add_constraint(OrderingConstraint({LEGION_DIM_F, LEGION_DIM_X}, false));
  }
  const LayoutConstraintID id = Runtime::preregister_layout(layout);
  add_task<neighbours_task>(kNeighbours, "neighbours", [id](TaskVariantRegistrar& registrar) {
    registrar.add_layout_constraint_set(0, id);
  });
}
const Add add_layouts("layout_constraints", aliased_partitions, prepare_layout<false>);
const Add add_padding("padded_instances", aliased_partitions, prepare_layout<true>);

}  // namespace
}  // namespace features
