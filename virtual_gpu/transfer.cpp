// SPDX-License-Identifier: Apache-2.0
#include "transfer.h"

#include <utility>

namespace placewright::vgpu {
namespace {

struct Cost {
  double latency_s = 0;
  double amount = 0;  ///< Bytes; within a GPU seconds of its memory's whole bandwidth.
  double per_second = 1;
  std::vector<Use> engines;
  std::vector<Passage> links;

  /// Modelled seconds if nothing else uses the links.
  [[nodiscard]] double alone_s() const { return latency_s + amount / per_second; }
};

/// Where the bytes at an address are.
struct Place {
  int device = -1;  ///< The GPU whose frame buffer holds them, or -1 for host memory.
  HostPlace host = HostPlace::System;
};

Place place_of(const Driver& driver, std::uintptr_t address) {
  const auto range = driver.memory.find(address);
  if (!range) return {};
  if (range->kind == MemoryKind::FrameBuffer) return {.device = range->device};
  return {.host = range->kind == MemoryKind::ZeroCopy ? HostPlace::ZeroCopy : HostPlace::System};
}

Cost to_device(Driver& driver, HostPlace source, int gpu, double bytes) {
  const MachineTable::Bus& bus = driver.table.bus;
  Bus& link = driver.bus_of(gpu);
  std::vector<Passage> links = driver.host_memory.read_by_gpu(gpu, source);
  links.emplace_back(&link.to_device_bytes);
  return {bus.latency_s,
          bytes,
          bus.bandwidth_to_device,
          {&driver.device(gpu)->from_host, &link.to_device},
          std::move(links)};
}

Cost to_host(Driver& driver, int gpu, HostPlace destination, double bytes) {
  const MachineTable::Bus& bus = driver.table.bus;
  Bus& link = driver.bus_of(gpu);
  std::vector<Passage> links = driver.host_memory.written_by_gpu(gpu, destination);
  links.emplace_back(&link.to_host_bytes);
  return {bus.latency_s,
          bytes,
          bus.bandwidth_to_host,
          {&driver.device(gpu)->to_host, &link.to_host},
          std::move(links)};
}

Cost local(Driver& driver, int gpu, double bytes_touched) {
  const MachineTable::Gpu& gpu_numbers = driver.table.gpu;
  Device& device = *driver.device(gpu);
  return {gpu_numbers.kernel_launch_s,
          bytes_touched / gpu_numbers.memory_bandwidth,
          1,
          {&device.compute},
          {&device.memory}};
}

Cost fill_cost(Driver& driver, int stream_gpu, const Place& destination, double bytes) {
  if (destination.device < 0) return to_host(driver, stream_gpu, destination.host, bytes);
  return local(driver, destination.device, bytes);
}

Cost copy_cost(Driver& driver, const Place& source, const Place& destination, double bytes,
               int local_passes) {
  if (source.device < 0 && destination.device < 0) {
    return {0,
            local_passes * bytes,
            driver.table.host_memory_bandwidth,
            {&driver.host_engine},
            driver.host_memory.of_copy(source.host, destination.host, local_passes)};
  }
  if (source.device < 0) return to_device(driver, source.host, destination.device, bytes);
  if (destination.device < 0) return to_host(driver, source.device, destination.host, bytes);
  if (source.device == destination.device)
    return local(driver, source.device, local_passes * bytes);
  const MachineTable::Peer& peer = driver.table.peer;
  return {peer.latency_s,
          bytes,
          peer.bandwidth,
          {&driver.device(source.device)->peer_out, &driver.device(destination.device)->peer_in},
          {}};
}

}  // namespace

void enqueue_transfer(Stream& stream, Transfer transfer) {
  Driver& d = *driver();
  const bool is_fill = transfer.source == 0;
  const auto bytes = static_cast<double>(transfer.bytes);
  const Place destination = place_of(d, transfer.destination);
  // A fill of host memory counts as traffic from the GPU that writes it.
  const Place source = !is_fill                 ? place_of(d, transfer.source)
                       : destination.device < 0 ? Place{.device = stream.device()}
                                                : destination;
  Cost cost = is_fill ? fill_cost(d, stream.device(), destination, bytes)
                      : copy_cost(d, source, destination, bytes, transfer.local_passes);
  d.statistics.add_copy(source.device, destination.device, transfer.bytes, cost.alone_s());
  Operation operation{.duration = d.wall(cost.latency_s), .engines = std::move(cost.engines)};
  operation.flows.push_back(d.demand(cost.amount, cost.per_second, std::move(cost.links)));
  if (d.table.move_bytes || transfer.always_move || transfer.bytes <= kAlwaysMovedBytes) {
    operation.work = std::move(transfer.move);
  }
  d.timeline.enqueue(stream, std::move(operation));
}

}  // namespace placewright::vgpu
