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
  std::vector<Link*> links;

  /// Modelled seconds if nothing else uses the links.
  [[nodiscard]] double alone_s() const { return latency_s + amount / per_second; }
};

/// The GPU whose frame buffer holds `address`, or -1 for host memory.
int device_of(const Driver& driver, std::uintptr_t address) {
  const auto range = driver.memory.find(address);
  return range && range->kind == MemoryKind::FrameBuffer ? range->device : -1;
}

Cost to_device(Driver& driver, int gpu, double bytes) {
  const MachineTable::Bus& bus = driver.table.bus;
  Bus& link = driver.bus_of(gpu);
  return {bus.latency_s,
          bytes,
          bus.bandwidth_to_device,
          {&driver.device(gpu)->from_host, &link.to_device},
          {&link.to_device_bytes, &driver.host_memory}};
}

Cost to_host(Driver& driver, int gpu, double bytes) {
  const MachineTable::Bus& bus = driver.table.bus;
  Bus& link = driver.bus_of(gpu);
  return {bus.latency_s,
          bytes,
          bus.bandwidth_to_host,
          {&driver.device(gpu)->to_host, &link.to_host},
          {&link.to_host_bytes, &driver.host_memory}};
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

Cost fill_cost(Driver& driver, int stream_gpu, int destination, double bytes) {
  if (destination < 0) return to_host(driver, stream_gpu, bytes);
  return local(driver, destination, bytes);
}

Cost copy_cost(Driver& driver, int source, int destination, double bytes, int local_passes) {
  if (source < 0 && destination < 0) {
    return {0,
            local_passes * bytes,
            driver.table.host_memory_bandwidth,
            {&driver.host_engine},
            {&driver.host_memory}};
  }
  if (source < 0) return to_device(driver, destination, bytes);
  if (destination < 0) return to_host(driver, source, bytes);
  if (source == destination) return local(driver, source, local_passes * bytes);
  const MachineTable::Peer& peer = driver.table.peer;
  return {peer.latency_s,
          bytes,
          peer.bandwidth,
          {&driver.device(source)->peer_out, &driver.device(destination)->peer_in},
          {}};
}

}  // namespace

void enqueue_transfer(Stream& stream, Transfer transfer) {
  Driver& d = *driver();
  const bool is_fill = transfer.source == 0;
  const auto bytes = static_cast<double>(transfer.bytes);
  const int destination = device_of(d, transfer.destination);
  // A fill of host memory counts as traffic from the GPU that writes it.
  const int source = !is_fill          ? device_of(d, transfer.source)
                     : destination < 0 ? stream.device()
                                       : destination;
  Cost cost = is_fill ? fill_cost(d, stream.device(), destination, bytes)
                      : copy_cost(d, source, destination, bytes, transfer.local_passes);
  d.statistics.add_copy(source, destination, transfer.bytes, cost.alone_s());
  Operation operation{.duration = d.wall(cost.latency_s), .engines = std::move(cost.engines)};
  operation.flows.push_back(d.demand(cost.amount, cost.per_second, std::move(cost.links)));
  if (d.table.move_bytes || transfer.always_move || transfer.bytes <= kAlwaysMovedBytes) {
    operation.work = std::move(transfer.move);
  }
  d.timeline.enqueue(stream, std::move(operation));
}

}  // namespace placewright::vgpu
