// SPDX-License-Identifier: Apache-2.0
#include <placewright/modelled_task.h>
#include <placewright/stated_cost.h>
#include <placewright/virtual_gpu.h>
#include <realm/cuda/cuda_module.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <set>
#include <thread>
#include <utility>

namespace placewright {
namespace {

using namespace Legion;

[[noreturn]] void stop(const std::string& message) {
  std::fprintf(stderr, "error: %s\n", message.c_str());
  std::fflush(stderr);
  std::_Exit(1);
}

double now() {
  if (const VirtualGpuClock clock = virtual_gpu_clock()) return clock();
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void sleep(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

ModelledMemory to_modelled(Memory::Kind kind) {
  switch (kind) {
    case Memory::GPU_FB_MEM:
      return ModelledMemory::FrameBuffer;
    case Memory::Z_COPY_MEM:
      return ModelledMemory::ZeroCopy;
    default:
      return ModelledMemory::System;
  }
}

/// Distance between neighbouring elements: the smallest one over all dimensions.
template <int DIM>
double element_stride(const PhysicalRegion& region, FieldID field) {
  // The element type does not matter for strides; the size of the field is not checked.
  const UnsafeFieldAccessor<char, DIM, coord_t, Realm::AffineAccessor<char, DIM, coord_t>> accessor(
      region, field, /*silence_warnings=*/true);
  const Rect<DIM> bounds = region.get_bounds<DIM, coord_t>().bounds;
  double stride = 0;
  for (int d = 0; d < DIM; ++d) {
    const auto candidate = static_cast<double>(accessor.accessor.strides[d]);
    if (bounds.hi[d] == bounds.lo[d]) continue;
    if (stride == 0 || candidate < stride) stride = candidate;
  }
  return stride;
}

double element_stride(const PhysicalRegion& region, FieldID field, int dim) {
  if (dim == 1) return element_stride<1>(region, field);
  if (dim == 2) return element_stride<2>(region, field);
  if (dim == 3) return element_stride<3>(region, field);
  return 0;
}

ArgumentPlace place_of(const PhysicalRegion& region, const RegionRequirement& requirement,
                       Runtime* runtime) {
  ArgumentPlace place;
  std::set<Memory> memories;
  region.get_memories(memories);
  if (memories.empty() || requirement.privilege_fields.empty()) return place;
  place.memory = to_modelled(memories.begin()->kind());
  const FieldID field = *requirement.privilege_fields.begin();
  const IndexSpace space = requirement.region.get_index_space();
  if (runtime->get_index_space_domain(space).empty()) return place;
  const double stride = element_stride(region, field, space.get_dim());
  const auto size =
      static_cast<double>(runtime->get_field_size(requirement.region.get_field_space(), field));
  if (stride > size) {
    place.layout = ModelledLayout::ArrayOfStructs;
    place.element_stride = stride;
  }
  return place;
}

void call_and_delete(void* argument) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(argument));
  (*body)();
}

/// The stream that Legion waits for before it completes the current task.
void* task_stream() {
  auto* cuda = Realm::Runtime::get_runtime().get_module<Realm::Cuda::CudaModule>("cuda");
  if (cuda == nullptr) stop("a task runs on a GPU, but the runtime has no CUDA module");
  void* stream = cuda->get_task_cuda_stream();
  cuda->set_task_ctxsync_required(false);
  return stream;
}

void run_on_virtual_gpu(const Task* task, const GpuTime& work, std::function<void()> body) {
  int error = 0;
  if (data_is_real()) {
    auto owned = std::make_unique<std::function<void()>>(std::move(body));
    error = virtual_gpu_launch_work()(task_stream(), &work, call_and_delete, owned.release());
  } else {
    error = virtual_gpu_launch_work()(task_stream(), &work, nullptr, nullptr);
  }
  if (error != 0) {
    stop("the virtual GPU refused the kernel of task `" + std::string(task->get_task_name()) +
         "` with CUDA error " + std::to_string(error));
  }
}

/// The number of the CPU that runs this task among those of its process; 0 for other processors.
int cpu_number() {
  static const std::vector<Processor> cpus = [] {
    Realm::Machine::ProcessorQuery query(Realm::Machine::get_machine());
    query.only_kind(Processor::LOC_PROC).local_address_space();
    return std::vector<Processor>(query.begin(), query.end());
  }();
  const auto found = std::find(cpus.begin(), cpus.end(), Processor::get_executing_processor());
  return found == cpus.end() ? 0 : static_cast<int>(found - cpus.begin());
}

void run_on_modelled_cpu(const Task* task, CpuTime work, const MachineTable& table) {
  if (virtual_gpu_run_cpu_task() == nullptr || virtual_gpu_count() == 0) {
    sleep(work.alone_s() * table.time_scale);
    return;
  }
  work.processor = cpu_number();
  if (const int error = virtual_gpu_run_cpu_task()(&work); error != 0) {
    stop("the virtual GPUs refused the CPU task `" + std::string(task->get_task_name()) +
         "` with CUDA error " + std::to_string(error));
  }
}

void run_on_real_gpu(const Task* task, const TaskBody& body) {
  if (!body.on_gpu) {
    stop("the GPU variant of task `" + std::string(task->get_task_name()) +
         "` is for virtual GPUs only\n  = help: start the program with `placewright run --machine "
         "FILE.toml` or without `-ll:gpu`, or build it where a CUDA compiler is found");
  }
  body.on_gpu(task_stream());
}

}  // namespace

const MachineTable* current_machine_table() {
  static const MachineTableResult result = [] {
    MachineTableResult read = machine_table_from_environment();
    if (!read.error.empty()) stop(read.error);
    return read;
  }();
  return result.table ? &*result.table : nullptr;
}

double modelled_clock() {
  const MachineTable* table = current_machine_table();
  return table == nullptr ? now() : now() / table->time_scale;
}

bool data_is_real() {
  const MachineTable* table = current_machine_table();
  return table == nullptr || table->move_bytes;
}

std::vector<ArgumentPlace> places_of(const Task* task, const std::vector<PhysicalRegion>& regions,
                                     Runtime* runtime) {
  std::vector<ArgumentPlace> places;
  for (size_t i = 0; i < regions.size(); ++i) {
    places.push_back(place_of(regions[i], task->regions[i], runtime));
  }
  return places;
}

void run_modelled_task(const Task* task, const std::vector<PhysicalRegion>& regions,
                       Runtime* runtime, const TaskCost& cost, TaskBody body) {
  if (const StateCost state = state_cost()) {
    const StatedCost stated{cost.fp32_flops, cost.fp64_flops, cost.parallelism,
                            cost.arguments.data(), cost.arguments.size()};
    state(task->get_unique_id(), &stated);
  }
  // Not task->target_proc: a replayed trace does not fill it in.
  const bool on_gpu = Processor::get_executing_processor().kind() == Processor::TOC_PROC;
  const MachineTable* table = current_machine_table();
  if (on_gpu && (table == nullptr || virtual_gpu_launch_work() == nullptr)) {
    run_on_real_gpu(task, body);
    return;
  }
  if (table == nullptr) {
    body.on_host();
    return;
  }
  const std::vector<ArgumentPlace> places = places_of(task, regions, runtime);
  if (on_gpu) {
    run_on_virtual_gpu(task, modelled_gpu_time(cost, places, *table), std::move(body.on_host));
    return;
  }
  if (data_is_real()) body.on_host();
  run_on_modelled_cpu(task, modelled_cpu_time(cost, places, *table), *table);
}

}  // namespace placewright
