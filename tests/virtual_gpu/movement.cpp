// SPDX-License-Identifier: Apache-2.0
// Moves a two-dimensional region through every kind of memory and checks each element: fills,
// copies between frame buffers, zero-copy and system memory, peers, transposes, blocks, reductions,
// gathers and scatters; with two processes also between the memories of both. Prints one line per
// step and exits 1 if an element is wrong.
#include <legion.h>
#include <placewright/virtual_gpu.h>
#include <realm/cuda/cuda_module.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>

#include "place.h"

namespace {

using namespace Legion;
using placewright::test::kGpusPerProcess;
using placewright::test::on_cpu;
using placewright::test::on_gpu;
using placewright::test::Order;
using placewright::test::place;

enum { kTopTask = 1, kWriteTask, kCheckTask, kAddTask, kIncrementTask, kIndexTask, kCountTask };
enum { kValue = 100, kByte, kIndex };

constexpr coord_t kWidth = 64, kHeight = 48;
std::atomic<long> wrong{0};  ///< Elements found wrong in this process.

template <PrivilegeMode Mode, class T>
using Accessor = FieldAccessor<Mode, T, 2, coord_t, Realm::AffineAccessor<T, 2, coord_t>>;

/// What element `p` holds after a write with `seed`.
std::int64_t expected(Point<2> p, std::int64_t seed) { return seed * 1000000 + p[0] * 1000 + p[1]; }

/// Does `body` in stream order on a GPU, at once on a CPU.
void run(std::function<void()> body) {
  CUstream_st* const stream = Realm::Cuda::get_task_cuda_stream();
  if (stream == nullptr) return body();
  Realm::Cuda::set_task_ctxsync_required(false);
  auto* const held = new std::function<void()>(std::move(body));
  const auto call = [](void* argument) {
    auto* const function = static_cast<std::function<void()>*>(argument);
    (*function)();
    delete function;
  };
  if (placewright::virtual_gpu_launch()(stream, 2e-3, call, held) != 0) std::abort();
}

Rect<2> bounds(const Task* task, Context context, Runtime* runtime) {
  return runtime->get_index_space_domain(context, task->regions[0].region.get_index_space());
}

void write_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context context,
                Runtime* runtime) {
  const auto seed = *static_cast<const std::int64_t*>(task->args);
  const Accessor<LEGION_WRITE_DISCARD, std::int64_t> values(regions[0], kValue);
  const Accessor<LEGION_WRITE_DISCARD, std::int8_t> bytes(regions[0], kByte);
  const Rect<2> rect = bounds(task, context, runtime);
  run([=] {
    for (PointInRectIterator<2> p(rect); p(); p++) {
      values[*p] = expected(*p, seed);
      bytes[*p] = static_cast<std::int8_t>(expected(*p, seed));
    }
  });
}

/// Arguments: the seed, and what was added since.
void check_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context context,
                Runtime* runtime) {
  const auto* arguments = static_cast<const std::int64_t*>(task->args);
  const std::int64_t seed = arguments[0], added = arguments[1];
  const Accessor<LEGION_READ_ONLY, std::int64_t> values(regions[0], kValue);
  const Accessor<LEGION_READ_ONLY, std::int8_t> bytes(regions[0], kByte);
  const Rect<2> rect = bounds(task, context, runtime);
  run([=] {
    for (PointInRectIterator<2> p(rect); p(); p++) {
      const std::int64_t value = seed < 0 ? -seed : expected(*p, seed);
      if (values[*p] != value + added) ++wrong;
      if (bytes[*p] != static_cast<std::int8_t>(value)) ++wrong;
    }
  });
}

void add_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context context,
              Runtime* runtime) {
  const ReductionAccessor<SumReduction<std::int64_t>, true, 2, coord_t,
                          Realm::AffineAccessor<std::int64_t, 2, coord_t>>
      values(regions[0], kValue, LEGION_REDOP_SUM_INT64);
  const Rect<2> rect = bounds(task, context, runtime);
  run([=] {
    for (PointInRectIterator<2> p(rect); p(); p++) values[*p] <<= 5;
  });
}

void increment_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context context,
                    Runtime* runtime) {
  const Accessor<LEGION_READ_WRITE, std::int64_t> values(regions[0], kValue);
  const Rect<2> rect = bounds(task, context, runtime);
  run([=] {
    for (PointInRectIterator<2> p(rect); p(); p++) values[*p] = values[*p] + 1;
  });
}

/// Element (x, y) of the index field is the mirrored point.
void index_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context context,
                Runtime* runtime) {
  const Accessor<LEGION_WRITE_DISCARD, Point<2>> index(regions[0], kIndex);
  const Rect<2> rect = bounds(task, context, runtime);
  run([=] {
    for (PointInRectIterator<2> p(rect); p(); p++) {
      index[*p] = Point<2>(kWidth - 1 - (*p)[0], kHeight - 1 - (*p)[1]);
    }
  });
}

long count_task(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  return wrong.exchange(0);
}

long wrong_elements = 0;  ///< In all processes, as the top task has counted them.

struct Program {
  Context context;
  Runtime* runtime;
  LogicalRegion region;

  void launch(TaskID id, MappingTagID where, MappingTagID memory, PrivilegeMode privilege,
              std::vector<std::int64_t> arguments) const {
    TaskLauncher launcher(id, TaskArgument(arguments.data(), arguments.size() * 8),
                          Predicate::TRUE_PRED, 0, where);
    RegionRequirement requirement =
        privilege == LEGION_REDUCE
            ? RegionRequirement(region, LEGION_REDOP_SUM_INT64, LEGION_EXCLUSIVE, region, memory)
            : RegionRequirement(region, privilege, LEGION_EXCLUSIVE, region, memory);
    requirement.add_field(kValue);
    if (id == kWriteTask || id == kCheckTask) requirement.add_field(kByte);
    launcher.add_region_requirement(requirement);
    runtime->execute_task(context, launcher).get_void_result();
  }

  void write(MappingTagID where, MappingTagID memory, std::int64_t seed) const {
    launch(kWriteTask, where, memory, LEGION_WRITE_DISCARD, {seed});
  }

  void check(const char* step, MappingTagID where, MappingTagID memory, std::int64_t seed,
             std::int64_t added = 0) const {
    launch(kCheckTask, where, memory, LEGION_READ_ONLY, {seed, added});
    report(step);
  }

  void report(const char* step) const {
    long here = 0;
    for (std::size_t process = 0; process < processes(); ++process) {
      const TaskLauncher count(kCountTask, TaskArgument(), Predicate::TRUE_PRED, 0,
                               on_cpu(static_cast<int>(process) * kGpusPerProcess));
      here += runtime->execute_task(context, count).get_result<long>();
    }
    wrong_elements += here;
    std::printf("%s: %s\n", step, here == 0 ? "exact" : "WRONG");
  }

  [[nodiscard]] static std::size_t processes() {
    return Machine::get_machine().get_address_space_count();
  }
};

void move_between_memories(const Program& p) {
  const auto fb = [](int gpu, Order order = Order::Fortran) {
    return place(Memory::GPU_FB_MEM, gpu, order);
  };
  const MappingTagID zc = place(Memory::Z_COPY_MEM), sys = place(Memory::SYSTEM_MEM);
  p.runtime->fill_field<std::int64_t>(p.context, p.region, p.region, kValue, 9);
  p.runtime->fill_field<std::int8_t>(p.context, p.region, p.region, kByte, 9);
  p.check("fill frame buffer", on_gpu(0), fb(0), -9);
  p.runtime->fill_field<std::int64_t>(p.context, p.region, p.region, kValue, 8);
  p.runtime->fill_field<std::int8_t>(p.context, p.region, p.region, kByte, 8);
  p.check("fill zero-copy", on_gpu(1), zc, -8);
  p.write(on_gpu(0), fb(0), 1);
  p.check("frame buffer to peer", on_gpu(1), fb(1), 1);
  p.check("transpose to peer", on_gpu(2), fb(2, Order::C), 1);
  p.check("transpose within a frame buffer", on_gpu(0), fb(0, Order::C), 1);
  p.check("frame buffer to zero-copy", on_gpu(3), zc, 1);
  p.check("frame buffer to system", on_cpu(), sys, 1);
  p.write(on_cpu(), sys, 2);
  p.check("system to frame buffer", on_gpu(3), fb(3), 2);
  p.check("system to transposed frame buffer", on_gpu(2), fb(2, Order::C), 2);
  p.write(on_gpu(2), zc, 3);
  p.check("zero-copy to frame buffer", on_gpu(1), fb(1), 3);
  p.check("zero-copy read by a CPU", on_cpu(), zc, 3);
  p.write(on_gpu(1), fb(1, Order::C), 4);
  p.check("transposed frame buffer to system", on_cpu(), sys, 4);
}

/// The other process has the GPUs from 4 on.
void move_between_processes(const Program& p) {
  constexpr int kFar = kGpusPerProcess;
  const auto fb = [](int gpu, Order order = Order::Fortran) {
    return place(Memory::GPU_FB_MEM, gpu, order);
  };
  const auto zc = [](int gpu) { return place(Memory::Z_COPY_MEM, gpu); };
  const auto sys = [](int gpu) { return place(Memory::SYSTEM_MEM, gpu); };
  p.write(on_gpu(0), fb(0), 11);
  p.check("frame buffer to a far one", on_gpu(kFar), fb(kFar), 11);
  p.check("transpose to a far one", on_gpu(kFar + 1), fb(kFar + 1, Order::C), 11);
  p.write(on_gpu(1), fb(1), 12);
  p.check("frame buffer to far zero-copy", on_gpu(kFar + 2), zc(kFar), 12);
  p.write(on_gpu(2), fb(2), 13);
  p.check("frame buffer to far system", on_cpu(kFar), sys(kFar), 13);
  p.write(on_cpu(kFar), sys(kFar), 14);
  p.check("far system to system", on_cpu(), sys(0), 14);
  p.write(on_cpu(kFar), sys(kFar), 15);
  p.check("far system to frame buffer", on_gpu(3), fb(3), 15);
  p.write(on_gpu(kFar + 3), zc(kFar), 16);
  p.check("far zero-copy to frame buffer", on_gpu(0), fb(0), 16);
  p.write(on_gpu(kFar + 3), zc(kFar), 17);
  p.check("far zero-copy to zero-copy", on_gpu(1), zc(0), 17);
  p.runtime->fill_field<std::int64_t>(p.context, p.region, p.region, kValue, 18);
  p.runtime->fill_field<std::int8_t>(p.context, p.region, p.region, kByte, 18);
  p.check("fill far frame buffer", on_gpu(kFar), fb(kFar), -18);
  p.write(on_gpu(kFar), fb(kFar), 19);
  for (const int gpu : {0, 1, kFar, kFar + 1}) {
    p.launch(kAddTask, on_gpu(gpu), fb(gpu), LEGION_REDUCE, {});
  }
  p.check("reductions from near and far", on_gpu(kFar), fb(kFar), 19, 20);
}

void reduce_and_partition(const Program& p) {
  const auto fb = [](int gpu) { return place(Memory::GPU_FB_MEM, gpu); };
  p.write(on_gpu(0), fb(0), 5);
  for (int gpu = 0; gpu < 4; ++gpu) {
    p.launch(kAddTask, on_gpu(gpu), fb(gpu), LEGION_REDUCE, {});
  }
  p.check("reductions from four frame buffers", on_gpu(3), fb(3), 5, 20);

  // Blocks in both dimensions: the copies between the whole and the blocks are strided.
  const IndexSpace colors = p.runtime->create_index_space(p.context, Rect<2>({0, 0}, {1, 1}));
  const IndexPartition blocks =
      p.runtime->create_equal_partition(p.context, p.region.get_index_space(), colors);
  const LogicalPartition parts = p.runtime->get_logical_partition(p.context, p.region, blocks);
  for (int round = 0; round < 3; ++round) {
    IndexTaskLauncher launcher(kIncrementTask, colors, TaskArgument(), ArgumentMap());
    launcher.add_region_requirement(
        RegionRequirement(parts, 0, LEGION_READ_WRITE, LEGION_EXCLUSIVE, p.region));
    launcher.add_field(0, kValue);
    p.runtime->execute_index_space(p.context, launcher).wait_all_results();
  }
  p.check("blocks on four devices", on_gpu(2), fb(2), 5, 23);
  p.check("blocks gathered in system memory", on_cpu(), place(Memory::SYSTEM_MEM), 5, 23);
}

enum class Direction { Gather, Scatter };

/// Copies `kValue` through the index field into a region of its own and checks it there. The index
/// mirrors the region, which is its own inverse: gather and scatter have the same result.
void indirect(const Program& p, Direction direction, LogicalRegion target, MappingTagID from,
              MappingTagID to, const char* name) {
  const MappingTagID frame_buffer = place(Memory::GPU_FB_MEM, 0);
  p.write(on_gpu(0), frame_buffer, 6);
  TaskLauncher make_index(kIndexTask, TaskArgument(), Predicate::TRUE_PRED, 0, on_gpu(0));
  make_index.add_region_requirement(
      RegionRequirement(target, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, target, frame_buffer));
  make_index.add_field(0, kIndex);
  p.runtime->execute_task(p.context, make_index);
  CopyLauncher copy;
  copy.add_copy_requirements(
      RegionRequirement(p.region, LEGION_READ_ONLY, LEGION_EXCLUSIVE, p.region, from),
      RegionRequirement(target, LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE, target, to));
  copy.add_src_field(0, kValue);
  copy.add_dst_field(0, kValue);
  const RegionRequirement index(target, LEGION_READ_ONLY, LEGION_EXCLUSIVE, target, frame_buffer);
  if (direction == Direction::Gather) {
    copy.add_src_indirect_field(kIndex, index);
  } else {
    copy.add_dst_indirect_field(kIndex, index);
  }
  p.runtime->issue_copy_operation(p.context, copy);
  InlineLauncher inline_launcher(
      RegionRequirement(target, LEGION_READ_ONLY, LEGION_EXCLUSIVE, target));
  inline_launcher.add_field(kValue);
  PhysicalRegion mapped = p.runtime->map_region(p.context, inline_launcher);
  const Accessor<LEGION_READ_ONLY, std::int64_t> values(mapped, kValue);
  for (PointInRectIterator<2> i(Rect<2>({0, 0}, {kWidth - 1, kHeight - 1})); i(); i++) {
    const Point<2> mirrored(kWidth - 1 - (*i)[0], kHeight - 1 - (*i)[1]);
    if (values[*i] != expected(mirrored, 6)) ++wrong;
  }
  p.runtime->unmap_region(p.context, mapped);
  p.report(name);
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context context, Runtime* runtime) {
  const IndexSpace space =
      runtime->create_index_space(context, Rect<2>({0, 0}, {kWidth - 1, kHeight - 1}));
  const FieldSpace fields = runtime->create_field_space(context);
  FieldAllocator allocator = runtime->create_field_allocator(context, fields);
  allocator.allocate_field(sizeof(std::int64_t), kValue);
  allocator.allocate_field(sizeof(std::int8_t), kByte);
  allocator.allocate_field(sizeof(Point<2>), kIndex);
  const Program program{context, runtime, runtime->create_logical_region(context, space, fields)};
  move_between_memories(program);
  reduce_and_partition(program);
  const LogicalRegion target = runtime->create_logical_region(context, space, fields);
  const MappingTagID frame_buffer = place(Memory::GPU_FB_MEM, 0), sys = place(Memory::SYSTEM_MEM);
  indirect(program, Direction::Scatter, target, frame_buffer, frame_buffer,
           "scatter within a frame buffer");
  indirect(program, Direction::Scatter, target, sys, frame_buffer,
           "scatter from system memory to a frame buffer");
  indirect(program, Direction::Gather, target, frame_buffer, frame_buffer,
           "gather within a frame buffer");
  indirect(program, Direction::Gather, target, frame_buffer, sys,
           "gather from a frame buffer to system memory");
  if (Program::processes() > 1) move_between_processes(program);
  std::printf("wrong elements: %ld\n", wrong_elements);
}

template <void (*Body)(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*)>
void register_variants(TaskID id, const char* name, bool gpu) {
  TaskVariantRegistrar cpu_variant(id, name);
  cpu_variant.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<Body>(cpu_variant, name);
  if (!gpu) return;
  TaskVariantRegistrar gpu_variant(id, name);
  gpu_variant.add_constraint(ProcessorConstraint(Processor::TOC_PROC));
  Runtime::preregister_task_variant<Body>(gpu_variant, name);
}

}  // namespace

void use_placing_mapper(Machine machine, Runtime* runtime, const std::set<Processor>& processors) {
  for (const Processor processor : processors) {
    runtime->replace_default_mapper(
        new placewright::test::PlacingMapper(runtime->get_mapper_runtime(), machine, processor),
        processor);
  }
}

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTopTask);
  register_variants<top_task>(kTopTask, "top", false);
  register_variants<write_task>(kWriteTask, "write", true);
  register_variants<check_task>(kCheckTask, "check", true);
  register_variants<add_task>(kAddTask, "add", true);
  register_variants<increment_task>(kIncrementTask, "increment", true);
  register_variants<index_task>(kIndexTask, "index", true);
  TaskVariantRegistrar count(kCountTask, "count");
  count.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<long, count_task>(count, "count");
  Runtime::add_registration_callback(use_placing_mapper);
  const int status = Runtime::start(argc, argv);
  return wrong_elements == 0 ? status : 1;
}
