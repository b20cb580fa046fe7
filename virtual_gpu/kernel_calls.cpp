// SPDX-License-Identifier: Apache-2.0
#include <placewright/cpu_time.h>
#include <placewright/gpu_time.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <string>

#include "calls.h"
#include "driver.h"
#include "functions.h"

namespace placewright::vgpu {
namespace {

/// The device of what happens on no GPU.
constexpr int kHost = -1;

constexpr int kOccupancyBlock = 256;
constexpr int kOccupancyGrid = 224;

/// The functions requested so far; they live as long as the process.
Function* function_named(const std::string& name) {
  static std::mutex mutex;
  static auto* const functions = new std::map<std::string, Function>;
  std::lock_guard lock(mutex);
  const auto [it, is_new] = functions->try_emplace(name);
  if (is_new) it->second = {name, parse_realm_kernel(name), std::nullopt};
  return &it->second;
}

/// CU_LAUNCH_PARAM_BUFFER_POINTER: the next entry of `extra` is one block with all arguments.
constexpr std::uintptr_t kArgumentBlock = 1;

/// In timing runs only, because there the indices of a gather may never have been written.
IsMemory memory_of_timing_runs() {
  if (driver()->table.move_bytes) return nullptr;
  return [](std::uintptr_t address, std::size_t bytes) {
    const auto range = driver()->memory.find(address);
    return range && bytes <= range->base + range->bytes - address;
  };
}

Transfer decode(const Function& function, void** parameters, void** extra) {
  const bool has_block =
      extra != nullptr && reinterpret_cast<std::uintptr_t>(extra[0]) == kArgumentBlock;
  if (function.realm && parameters != nullptr) {
    return decode_realm_kernel(*function.realm, parameters[0], memory_of_timing_runs());
  }
  if (function.reduction && parameters != nullptr) {
    return decode_reduction(*function.reduction, parameters);
  }
  if (function.reduction && has_block) return decode_reduction(*function.reduction, extra[1]);
  stop_run("CUDA kernel", function.name.c_str());
}

bool are_amounts(std::initializer_list<double> numbers) {
  return std::ranges::all_of(numbers,
                             [](double number) { return std::isfinite(number) && number >= 0; });
}

bool makes_sense(const GpuTime& work) {
  return are_amounts({work.launch_s, work.compute_s, work.frame_buffer_s, work.to_device_bytes,
                      work.to_device_s, work.to_host_bytes, work.to_host_s, work.hottest_line_s}) &&
         work.share > 0 && work.share <= 1 && (work.to_device_s == 0 || work.to_device_bytes > 0) &&
         (work.to_host_s == 0 || work.to_host_bytes > 0);
}

bool makes_sense(const CpuTime& work) {
  return are_amounts({work.launch_s, work.compute_s, work.system.read, work.system.written,
                      work.zero_copy.read, work.zero_copy.written, work.memory_s}) &&
         (work.memory_s == 0 || work.memory_bytes() > 0) && work.processor >= 0;
}

Operation operation_of(const CpuTime& work) {
  Driver& d = *driver();
  Operation operation;
  operation.duration = d.wall(work.launch_s);
  operation.least = d.wall(work.compute_s);
  if (work.memory_s > 0) {
    const double bytes = work.memory_bytes();
    operation.flows.push_back(d.demand(bytes, bytes / work.memory_s, d.host_memory.of_task(work)));
  }
  return operation;
}

Operation operation_of(const GpuTime& work, int gpu) {
  Driver& d = *driver();
  Device& device = *d.device(gpu);
  Bus& bus = d.bus_of(gpu);
  Operation operation;
  operation.duration = d.wall(work.launch_s);
  operation.least = d.wall(std::max(work.compute_s, work.hottest_line_s));
  operation.engines = {{&device.compute, work.share}};
  if (work.frame_buffer_s > 0)
    operation.flows.push_back(d.demand(work.frame_buffer_s, 1, {&device.memory}));
  // A kernel addresses no host memory but zero-copy memory.
  if (work.to_device_s > 0) {
    std::vector<Passage> links = d.host_memory.read_by_gpu(gpu, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_device_bytes);
    operation.flows.push_back(
        d.demand(work.to_device_bytes, work.to_device_bytes / work.to_device_s, std::move(links)));
  }
  if (work.to_host_s > 0) {
    std::vector<Passage> links = d.host_memory.written_by_gpu(gpu, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_host_bytes);
    operation.flows.push_back(
        d.demand(work.to_host_bytes, work.to_host_bytes / work.to_host_s, std::move(links)));
  }
  return operation;
}

}  // namespace

// Modules are not examined: a kernel is known by its name.
int module_load_data_ex(void** module, const void*, unsigned, void*, void**) {
  static int the_module = 0;
  *module = &the_module;
  return kSuccess;
}

int module_get_function(void** function, void*, const char* name) {
  *function = function_named(name);
  return kSuccess;
}

int launch_kernel(void* handle, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned,
                  unsigned, void* stream_handle, void** parameters, void** extra) {
  const auto& function = *static_cast<const Function*>(handle);
  Stream* const stream = resolve_stream(stream_handle);
  if (stream == nullptr) return kInvalidHandle;
  Transfer transfer = decode(function, parameters, extra);
  if (transfer.bytes > 0) enqueue_transfer(*stream, std::move(transfer));
  return kSuccess;
}

int occupancy_max_potential_block_size(int* grid, int* block, void*, void*, std::size_t, int) {
  *grid = kOccupancyGrid;
  *block = kOccupancyBlock;
  return kSuccess;
}

int occupancy_max_potential_block_size_with_flags(int* grid, int* block, void* function,
                                                  void* shared_bytes_of, std::size_t shared_bytes,
                                                  int limit, unsigned) {
  return occupancy_max_potential_block_size(grid, block, function, shared_bytes_of, shared_bytes,
                                            limit);
}

int occupancy_max_active_blocks(int* blocks, void*, int, std::size_t) {
  *blocks = 1;
  return kSuccess;
}

}  // namespace placewright::vgpu

using namespace placewright::vgpu;

extern "C" __attribute__((visibility("default"))) int placewright_vgpu_launch(
    void* handle, double seconds, void (*host_function)(void*), void* argument) {
  if (driver() == nullptr) return kNotInitialized;
  if (!std::isfinite(seconds) || seconds < 0) return kInvalidValue;
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  Driver& d = *driver();
  d.statistics.add_kernel(stream->device(), seconds);
  Operation operation{.duration = d.wall(seconds),
                      .engines = {&d.device(stream->device())->compute}};
  if (host_function != nullptr) operation.work = [=] { host_function(argument); };
  d.timeline.enqueue(*stream, std::move(operation));
  return kSuccess;
}

extern "C" __attribute__((visibility("default"))) int placewright_vgpu_launch_work(
    void* handle, const placewright::GpuTime* work, void (*host_function)(void*), void* argument) {
  if (driver() == nullptr) return kNotInitialized;
  if (work == nullptr || !makes_sense(*work)) return kInvalidValue;
  Stream* const stream = resolve_stream(handle);
  if (stream == nullptr) return kInvalidHandle;
  Driver& d = *driver();
  d.statistics.add_kernel(stream->device(), work->alone_s());
  Operation operation = operation_of(*work, stream->device());
  if (host_function != nullptr) operation.work = [=] { host_function(argument); };
  d.timeline.enqueue(*stream, std::move(operation));
  return kSuccess;
}

extern "C" __attribute__((visibility("default"))) double placewright_vgpu_clock() {
  const Time now = driver() == nullptr ? Clock::now() : driver()->timeline.read_clock();
  return std::chrono::duration<double>(now.time_since_epoch()).count();
}

extern "C" __attribute__((visibility("default"))) std::uint64_t placewright_vgpu_measured(
    double* seconds) {
  if (driver() == nullptr) return 0;
  const Measured measured = driver()->timeline.measured();
  *seconds = std::chrono::duration<double>(measured.windows).count();
  return measured.readings;
}

extern "C" __attribute__((visibility("default"))) int placewright_vgpu_run_cpu_task(
    const placewright::CpuTime* work) {
  if (driver() == nullptr) return kNotInitialized;
  if (work == nullptr || !makes_sense(*work)) return kInvalidValue;
  Driver& d = *driver();
  auto* const stream = new Stream(kHost);
  d.timeline.enqueue(*stream, operation_of(*work));
  const MarkerPtr end = d.timeline.record({stream});
  d.timeline.destroy(stream);
  d.timeline.wait(end);
  d.timeline.reached(end->end());
  return kSuccess;
}

extern "C" __attribute__((visibility("default"))) void placewright_vgpu_reached(double seconds) {
  if (driver() == nullptr) return;
  const std::chrono::duration<double> time(seconds);
  driver()->timeline.reached(Time(std::chrono::duration_cast<Duration>(time)));
}

extern "C" __attribute__((visibility("default"))) int placewright_vgpu_device_count() {
  return driver() == nullptr ? 0 : driver()->table.gpu.count;
}
