// SPDX-License-Identifier: Apache-2.0
#include <placewright/task_cost.h>

#include <algorithm>
#include <cmath>

namespace placewright {
namespace {

/// The bytes that several arguments in one memory move together.
struct Bytes {
  double read = 0;
  double written = 0;
};

ArgumentPlace place_of(const std::vector<ArgumentPlace>& places, std::size_t requirement,
                       ModelledMemory otherwise) {
  if (requirement < places.size()) return places[requirement];
  ArgumentPlace place;
  place.memory = otherwise;
  return place;
}

double gpu_seconds(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                   const MachineTable& table) {
  const MachineTable::Gpu& gpu = table.gpu;
  Bytes frame_buffer, bus;
  for (const ArgumentCost& argument : cost.arguments) {
    const ArgumentPlace place = place_of(places, argument.requirement, ModelledMemory::FrameBuffer);
    const Traffic traffic = traffic_of(argument, place, gpu.sector_bytes);
    const bool local = place.memory == ModelledMemory::FrameBuffer;
    const bool slow = !local && argument.pattern == AccessPattern::Atomic;
    const double factor = slow ? gpu.atomic_bus_factor : 1.0;
    Bytes& bytes = local ? frame_buffer : bus;
    bytes.read += factor * traffic.read;
    bytes.written += factor * traffic.written;
  }
  double flops_s = cost.fp32_flops / gpu.fp32_flops + cost.fp64_flops / gpu.fp64_flops;
  if (cost.parallelism > 0 && gpu.lanes > 0) {
    flops_s /= std::min(1.0, cost.parallelism / gpu.lanes);
  }
  const double busy_s = std::max(
      {flops_s, (frame_buffer.read + frame_buffer.written) / gpu.memory_bandwidth,
       bus.read / table.bus.bandwidth_to_device, bus.written / table.bus.bandwidth_to_host});
  return gpu.kernel_launch_s + busy_s;
}

double cpu_seconds(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                   const MachineTable& table) {
  const MachineTable::Cpu& cpu = table.cpu;
  double bytes = 0;
  for (const ArgumentCost& argument : cost.arguments) {
    const ArgumentPlace place = place_of(places, argument.requirement, ModelledMemory::System);
    const Traffic traffic = traffic_of(argument, place, cpu.sector_bytes);
    bytes += traffic.read + traffic.written;
  }
  const double flops_s = cost.fp32_flops / cpu.fp32_flops + cost.fp64_flops / cpu.fp64_flops;
  return cpu.task_launch_s + std::max(flops_s, bytes / cpu.memory_bandwidth);
}

}  // namespace

Traffic traffic_of(const ArgumentCost& argument, const ArgumentPlace& place, double sector_bytes) {
  const auto whole_sectors = [&](double bytes) {
    return std::ceil(bytes / sector_bytes) * sector_bytes;
  };
  const auto moved = [&](double bytes) {
    if (argument.pattern != AccessPattern::Stream) return whole_sectors(bytes);
    if (place.layout == ModelledLayout::StructOfArrays) return bytes;
    const double sectors = whole_sectors(bytes);
    return place.element_stride > 0 && bytes > 0 ? std::min(sectors, place.element_stride)
                                                 : sectors;
  };
  if (argument.pattern == AccessPattern::Atomic) {
    const double value = std::max(argument.bytes_read, argument.bytes_written);
    return {argument.elements * moved(value), argument.elements * moved(value)};
  }
  return {argument.elements * moved(argument.bytes_read),
          argument.elements * moved(argument.bytes_written)};
}

double modelled_seconds(const TaskCost& cost, ModelledProcessor processor,
                        const std::vector<ArgumentPlace>& places, const MachineTable& table) {
  return processor == ModelledProcessor::Gpu ? gpu_seconds(cost, places, table)
                                             : cpu_seconds(cost, places, table);
}

}  // namespace placewright
