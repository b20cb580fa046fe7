// SPDX-License-Identifier: Apache-2.0
#include <placewright/task_cost.h>

#include <algorithm>
#include <cmath>

namespace placewright {
namespace {

/// Seconds that arguments in one memory take of its two directions, and of its most used line; the
/// bytes that move meanwhile.
struct Seconds {
  double read = 0;
  double written = 0;
  double hottest_line = 0;
  Traffic bytes = {};
};

double sectors(double bytes, double sector_bytes) { return std::ceil(bytes / sector_bytes); }

/// An argument in a memory whose rates were measured.
Seconds seconds_at(const ArgumentCost& argument, const ArgumentPlace& place,
                   const AccessRates& rates, double sector_bytes) {
  const double footprint = argument.footprint_bytes;
  Seconds result;
  result.bytes = traffic_of(argument, place, sector_bytes);
  if (argument.pattern == AccessPattern::Stream) {
    result.read = result.bytes.read / rate_at(rates.stream_read, footprint);
    result.written = result.bytes.written / rate_at(rates.stream_write, footprint);
  } else if (argument.pattern == AccessPattern::Irregular) {
    const double rate = rate_at(rates.irregular, footprint);
    result.read = argument.elements * sectors(argument.bytes_read, sector_bytes) / rate;
    result.written = argument.elements * sectors(argument.bytes_written, sector_bytes) / rate;
  } else {
    const double value = std::max(argument.bytes_read, argument.bytes_written);
    result.read = result.written =
        argument.elements * sectors(value, sector_bytes) / rate_at(rates.atomic, footprint);
    result.hottest_line = argument.elements * argument.hottest_share * rates.hot_line_s;
  }
  return result;
}

/// The same from two bandwidths in bytes per second; of the rates only the hot line is known.
Seconds seconds_at(const ArgumentCost& argument, const ArgumentPlace& place, double read_bandwidth,
                   double write_bandwidth, double sector_bytes, const AccessRates& rates) {
  const Traffic traffic = traffic_of(argument, place, sector_bytes);
  const bool is_atomic = argument.pattern == AccessPattern::Atomic;
  const double hottest_line =
      is_atomic ? argument.elements * argument.hottest_share * rates.hot_line_s : 0;
  return {traffic.read / read_bandwidth, traffic.written / write_bandwidth, hottest_line, traffic};
}

void add(Seconds& sum, const Seconds& other) {
  sum.read += other.read;
  sum.written += other.written;
  sum.hottest_line = std::max(sum.hottest_line, other.hottest_line);
  sum.bytes.read += other.bytes.read;
  sum.bytes.written += other.bytes.written;
}

ArgumentPlace place_of(const std::vector<ArgumentPlace>& places, std::size_t requirement,
                       ModelledMemory otherwise) {
  if (requirement < places.size()) return places[requirement];
  ArgumentPlace place;
  place.memory = otherwise;
  return place;
}

/// Frame buffers have one bandwidth for both directions; of an atomic they take the time once.
double frame_buffer_seconds(const ArgumentCost& argument, const ArgumentPlace& place,
                            const MachineTable::Gpu& gpu, double& hottest_line) {
  if (!gpu.frame_buffer.known()) {
    const Seconds time = seconds_at(argument, place, gpu.memory_bandwidth, gpu.memory_bandwidth,
                                    gpu.sector_bytes, gpu.frame_buffer);
    hottest_line = std::max(hottest_line, time.hottest_line);
    return time.read + time.written;
  }
  const Seconds time = seconds_at(argument, place, gpu.frame_buffer, gpu.sector_bytes);
  hottest_line = std::max(hottest_line, time.hottest_line);
  return argument.pattern == AccessPattern::Atomic ? time.read : time.read + time.written;
}

Seconds bus_seconds(const ArgumentCost& argument, const ArgumentPlace& place,
                    const MachineTable& table) {
  const MachineTable::Gpu& gpu = table.gpu;
  if (gpu.zero_copy.known()) return seconds_at(argument, place, gpu.zero_copy, gpu.sector_bytes);
  Seconds time = seconds_at(argument, place, table.bus.bandwidth_to_device,
                            table.bus.bandwidth_to_host, gpu.sector_bytes, gpu.zero_copy);
  if (argument.pattern != AccessPattern::Atomic) return time;
  time.read *= gpu.atomic_bus_factor;
  time.written *= gpu.atomic_bus_factor;
  return time;
}

}  // namespace

Traffic traffic_of(const ArgumentCost& argument, const ArgumentPlace& place, double sector_bytes) {
  const auto whole_sectors = [&](double bytes) {
    return sectors(bytes, sector_bytes) * sector_bytes;
  };
  const auto moved = [&](double bytes) {
    if (argument.pattern != AccessPattern::Stream) return whole_sectors(bytes);
    if (place.layout == ModelledLayout::StructOfArrays) return bytes;
    const double whole = whole_sectors(bytes);
    return place.element_stride > 0 && bytes > 0 ? std::min(whole, place.element_stride) : whole;
  };
  if (argument.pattern == AccessPattern::Atomic) {
    const double value = std::max(argument.bytes_read, argument.bytes_written);
    return {argument.elements * moved(value), argument.elements * moved(value)};
  }
  return {argument.elements * moved(argument.bytes_read),
          argument.elements * moved(argument.bytes_written)};
}

GpuTime modelled_gpu_time(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                          const MachineTable& table) {
  const MachineTable::Gpu& gpu = table.gpu;
  GpuTime time;
  Seconds bus;
  for (const ArgumentCost& argument : cost.arguments) {
    const ArgumentPlace place = place_of(places, argument.requirement, ModelledMemory::FrameBuffer);
    if (place.memory == ModelledMemory::FrameBuffer) {
      time.frame_buffer_s += frame_buffer_seconds(argument, place, gpu, bus.hottest_line);
    } else {
      add(bus, bus_seconds(argument, place, table));
    }
  }
  if (cost.parallelism > 0 && gpu.lanes > 0)
    time.share = std::min(1.0, cost.parallelism / gpu.lanes);
  time.launch_s = gpu.kernel_launch_s;
  time.compute_s =
      (cost.fp32_flops / gpu.fp32_flops + cost.fp64_flops / gpu.fp64_flops) / time.share;
  time.to_device_bytes = bus.bytes.read;
  time.to_device_s = bus.read;
  time.to_host_bytes = bus.bytes.written;
  time.to_host_s = bus.written;
  time.hottest_line_s = bus.hottest_line;
  return time;
}

CpuTime modelled_cpu_time(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                          const MachineTable& table) {
  const MachineTable::Cpu& cpu = table.cpu;
  CpuTime time;
  Seconds memory;
  for (const ArgumentCost& argument : cost.arguments) {
    const ArgumentPlace place = place_of(places, argument.requirement, ModelledMemory::System);
    Seconds seconds = cpu.host.known()
                          ? seconds_at(argument, place, cpu.host, cpu.sector_bytes)
                          : seconds_at(argument, place, cpu.memory_bandwidth, cpu.memory_bandwidth,
                                       cpu.sector_bytes, cpu.host);
    if (cpu.host.known() && argument.pattern == AccessPattern::Atomic) seconds.written = 0;
    add(memory, seconds);
    Traffic& bytes = place.memory == ModelledMemory::System ? time.system : time.zero_copy;
    bytes.read += seconds.bytes.read;
    bytes.written += seconds.bytes.written;
  }
  const double flops_s = cost.fp32_flops / cpu.fp32_flops + cost.fp64_flops / cpu.fp64_flops;
  time.launch_s = cpu.task_launch_s;
  time.compute_s = std::max(flops_s, memory.hottest_line);
  time.memory_s = memory.read + memory.written;
  return time;
}

double modelled_seconds(const TaskCost& cost, ModelledProcessor processor,
                        const std::vector<ArgumentPlace>& places, const MachineTable& table) {
  return processor == ModelledProcessor::Gpu ? modelled_gpu_time(cost, places, table).alone_s()
                                             : modelled_cpu_time(cost, places, table).alone_s();
}

}  // namespace placewright
