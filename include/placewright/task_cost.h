// SPDX-License-Identifier: Apache-2.0
// What an application states about the work of its tasks, and how long that takes on a modelled
// machine: a roofline over floating-point operations and the bytes of each region argument,
// depending on the memory and the layout chosen by the mapping.
//
// Pure: no Legion, no clock. Caches are modelled as far as the machine's rates depend on the
// footprint. Who else uses a bus, a memory or a GPU at the same time is not known here: the virtual
// GPUs know (GpuTime).
#pragma once

#include <placewright/cpu_time.h>
#include <placewright/gpu_time.h>
#include <placewright/machine_table.h>

#include <cstddef>
#include <vector>

namespace placewright {

/// How a task walks over an argument.
enum class AccessPattern {
  Stream,     ///< Every element once, in memory order.
  Irregular,  ///< Elements in a data-dependent order.
  Atomic,     ///< Irregular, and each access is an atomic read-modify-write.
};

/// What a task does to the fields of one region requirement.
struct ArgumentCost {
  std::size_t requirement = 0;  ///< Index into Task::regions.
  AccessPattern pattern = AccessPattern::Stream;
  /// Stream: elements visited. Irregular and Atomic: accesses.
  double elements = 0;
  /// Bytes of all fields read and written per visit. Atomic: the size of the value, given as
  /// either.
  double bytes_read = 0;
  double bytes_written = 0;
  /// Different bytes that the visits touch; 0 if unknown, which counts as larger than any cache.
  double footprint_bytes = 0;
  /// Atomic: the share of the operations that meet on the most used line, from 0 (unknown) to 1.
  double hottest_share = 0;
};

/// The work of one point task.
struct TaskCost {
  double fp32_flops = 0;
  double fp64_flops = 0;
  /// Independent strands of work; 0 means more than any machine has lanes.
  double parallelism = 0;
  std::vector<ArgumentCost> arguments;
};

enum class ModelledProcessor { Cpu, Gpu };
enum class ModelledMemory { System, ZeroCopy, FrameBuffer };
enum class ModelledLayout { StructOfArrays, ArrayOfStructs };

/// Where a requirement's data is while the task runs.
struct ArgumentPlace {
  ModelledMemory memory = ModelledMemory::System;
  ModelledLayout layout = ModelledLayout::StructOfArrays;
  /// Array of structs: distance in bytes from one element to the next.
  double element_stride = 0;
};

/// Bytes moved for one argument. With sector size s:
///   stream, struct of arrays:  elements * bytes
///   stream, array of structs:  elements * min(ceil(bytes / s) * s, stride): the visited fields of
///                              an element are taken to lie together
///   irregular:                 elements * ceil(bytes / s) * s
///   atomic:                    as irregular, once read and once written
/// Source: memory transactions are whole sectors (32 bytes in CUDA's programming guide, a cache
/// line on CPUs); the byte counts follow from that.
[[nodiscard]] Traffic traffic_of(const ArgumentCost& argument, const ArgumentPlace& place,
                                 double sector_bytes);

/// `places` as for modelled_seconds(). Source of the numbers: there.
[[nodiscard]] GpuTime modelled_gpu_time(const TaskCost& cost,
                                        const std::vector<ArgumentPlace>& places,
                                        const MachineTable& table);

/// The same for a CPU processor, the first one.
[[nodiscard]] CpuTime modelled_cpu_time(const TaskCost& cost,
                                        const std::vector<ArgumentPlace>& places,
                                        const MachineTable& table);

/// Seconds of one point task, including the launch. `places` has one entry per requirement; a
/// missing one means system memory for a CPU and the frame buffer for a GPU.
///
///   GPU: launch + max(flops, frame buffer, bus to the device, bus to the host, hottest line)
///   CPU: launch + max(flops, host memory, hottest line)
/// A memory's time is the sum over the arguments in it. With measured rates (AccessRates): bytes
/// over the rate of the stream, sectors or atomics over the rate of irregular accesses or atomics,
/// each at the argument's footprint; an atomic over the bus takes both directions. Without: traffic
/// over bandwidth, atomics over the bus times atomic_bus_factor. The hottest line's time is that of
/// the argument whose most used line takes longest: operations * hottest_share * hot_line_s.
/// flops is the sum of operations over peak; with fewer strands than `lanes` the GPU reaches
/// strands / lanes of its peak, since a strand cannot use two lanes.
///
/// Source: roofline (Williams, Waterman, Patterson 2009), one roof per memory and pattern; zero-copy
/// memory is not cached on the device, so each access crosses the bus (CUDA programming guide);
/// atomics on one address are carried out one after another where the line lives.
/// Errors: a CPU with data in a frame buffer or a GPU with data in system memory cannot occur in
/// Legion; such an argument is treated as if it were in zero-copy memory.
[[nodiscard]] double modelled_seconds(const TaskCost& cost, ModelledProcessor processor,
                                      const std::vector<ArgumentPlace>& places,
                                      const MachineTable& table);

}  // namespace placewright
