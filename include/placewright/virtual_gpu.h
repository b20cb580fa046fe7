// SPDX-License-Identifier: Apache-2.0
// The entry points of the virtual GPU driver that a task's GPU variant calls instead of launching a
// CUDA kernel. An application only includes this header; it needs no CUDA and links nothing. The
// symbols are found at run time and are absent if the program runs without virtual GPUs.
#pragma once

#include <dlfcn.h>
#include <placewright/cpu_time.h>
#include <placewright/gpu_time.h>

#include <cstdint>

namespace placewright {

/// Enqueues one modelled kernel on a CUstream (from Realm::Cuda::get_task_cuda_stream()).
///
/// `seconds` is the whole modelled time of the kernel, including the launch; the driver multiplies
/// it by the table's time_scale. Such a kernel fills its GPU: no other runs meanwhile, whatever its
/// stream, and it uses neither bus nor memory. `host_function` (may be null) is called with `argument` on a driver thread in stream
/// order; the kernel ends when the time is over and the function has returned.
///
/// Result: 0, or a CUDA error number (1: negative or infinite time; 400: null outside a task).
using VirtualGpuLaunch = int (*)(void* stream, double seconds, void (*host_function)(void*),
                                 void* argument);

/// The same for a kernel that says what it uses: with the whole bus or memory for itself it takes
/// launch_s + the longest of the times. Kernels whose shares of the lanes fit beside each other run
/// at the same time; bytes over the bus take the bus and the host's memory together with copies and
/// the kernels of other GPUs.
///
/// Result: also 1 for a share that is not above 0 and at most 1, and for times without bytes.
using VirtualGpuLaunchWork = int (*)(void* stream, const GpuTime* work,
                                     void (*host_function)(void*), void* argument);

/// `placewright_vgpu_launch_work`, or null when no virtual GPU driver is loaded.
inline VirtualGpuLaunchWork virtual_gpu_launch_work() {
  static const auto function =
      reinterpret_cast<VirtualGpuLaunchWork>(dlsym(RTLD_DEFAULT, "placewright_vgpu_launch_work"));
  return function;
}

/// `placewright_vgpu_launch`, or null when no virtual GPU driver is loaded.
inline VirtualGpuLaunch virtual_gpu_launch() {
  static const auto function =
      reinterpret_cast<VirtualGpuLaunch>(dlsym(RTLD_DEFAULT, "placewright_vgpu_launch"));
  return function;
}

/// The virtual GPUs' time in seconds, for measuring a window: wall-clock time (CLOCK_MONOTONIC)
/// without the delays with which ends are noticed on a busy machine, so that no window is shorter
/// than the operations in it. Divide differences by the table's time_scale.
using VirtualGpuClock = double (*)();

/// `placewright_vgpu_clock`, or null when no virtual GPU driver is loaded.
inline VirtualGpuClock virtual_gpu_clock() {
  static const auto function =
      reinterpret_cast<VirtualGpuClock>(dlsym(RTLD_DEFAULT, "placewright_vgpu_clock"));
  return function;
}

/// What the program has measured with that clock so far. A window lasts from an odd reading to the
/// next one.
struct VirtualGpuMeasured {
  std::uint64_t readings = 0;  ///< Odd: a window is open.
  double windows_s = 0;        ///< The sum of all closed windows, in seconds of the clock.
};

/// All 0 when no virtual GPU driver is loaded.
inline VirtualGpuMeasured virtual_gpu_measured() {
  using Function = std::uint64_t (*)(double* seconds);
  static const auto function =
      reinterpret_cast<Function>(dlsym(RTLD_DEFAULT, "placewright_vgpu_measured"));
  VirtualGpuMeasured measured;
  if (function != nullptr) measured.readings = function(&measured.windows_s);
  return measured;
}

/// Returns when a modelled CPU task has ended that starts now. Its bytes share the host's memory, and
/// the links between its sockets, with copies, kernels and other such tasks. What the caller does afterwards comes after it.
///
/// Result: 0, or a CUDA error number (1: a negative or infinite number, or a time without bytes).
using VirtualGpuRunCpuTask = int (*)(const CpuTime* work);

/// `placewright_vgpu_run_cpu_task`, or null when no virtual GPU driver is loaded.
inline VirtualGpuRunCpuTask virtual_gpu_run_cpu_task() {
  static const auto function =
      reinterpret_cast<VirtualGpuRunCpuTask>(dlsym(RTLD_DEFAULT, "placewright_vgpu_run_cpu_task"));
  return function;
}

/// Tells the virtual GPUs that the program has waited until a time of their clock by itself: what it
/// does from now on comes after it. Does nothing when no virtual GPU driver is loaded.
inline void virtual_gpu_reached(double seconds) {
  using Reached = void (*)(double);
  static const auto function =
      reinterpret_cast<Reached>(dlsym(RTLD_DEFAULT, "placewright_vgpu_reached"));
  if (function != nullptr) function(seconds);
}

/// Number of virtual GPUs; 0 when no virtual GPU driver is loaded or it has no model.
inline int virtual_gpu_count() {
  using Count = int (*)();
  const auto count = reinterpret_cast<Count>(dlsym(RTLD_DEFAULT, "placewright_vgpu_device_count"));
  return count == nullptr ? 0 : count();
}

}  // namespace placewright
