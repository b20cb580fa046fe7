// SPDX-License-Identifier: Apache-2.0
#include "transfer.h"

#include <utility>

namespace placewright::vgpu {
namespace {

struct Cost {
  double seconds = 0;
  std::vector<Engine*> engines;
};

/// The GPU whose frame buffer holds `address`, or -1 for host memory.
int device_of(const Driver& driver, std::uintptr_t address) {
  const auto range = driver.memory.find(address);
  return range && range->kind == MemoryKind::FrameBuffer ? range->device : -1;
}

Cost to_device(Driver& driver, int gpu, double bytes) {
  const MachineTable::Bus& bus = driver.table.bus;
  return {bus.latency_s + bytes / bus.bandwidth_to_device,
          {&driver.device(gpu)->from_host, &driver.bus_of(gpu).to_device}};
}

Cost to_host(Driver& driver, int gpu, double bytes) {
  const MachineTable::Bus& bus = driver.table.bus;
  return {bus.latency_s + bytes / bus.bandwidth_to_host,
          {&driver.device(gpu)->to_host, &driver.bus_of(gpu).to_host}};
}

Cost local(Driver& driver, int gpu, double bytes_touched) {
  const MachineTable::Gpu& gpu_numbers = driver.table.gpu;
  return {gpu_numbers.kernel_launch_s + bytes_touched / gpu_numbers.memory_bandwidth,
          {&driver.device(gpu)->compute}};
}

Cost fill_cost(Driver& driver, int stream_gpu, int destination, double bytes) {
  if (destination < 0) return to_host(driver, stream_gpu, bytes);
  return local(driver, destination, bytes);
}

Cost copy_cost(Driver& driver, int source, int destination, double bytes, int local_passes) {
  if (source < 0 && destination < 0) {
    return {local_passes * bytes / driver.table.host_memory_bandwidth, {&driver.host_engine}};
  }
  if (source < 0) return to_device(driver, destination, bytes);
  if (destination < 0) return to_host(driver, source, bytes);
  if (source == destination) return local(driver, source, local_passes * bytes);
  const MachineTable::Peer& peer = driver.table.peer;
  return {peer.latency_s + bytes / peer.bandwidth,
          {&driver.device(source)->peer_out, &driver.device(destination)->peer_in}};
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
  d.statistics.add_copy(source, destination, transfer.bytes, cost.seconds);
  Operation operation{.duration = d.wall(cost.seconds), .engines = std::move(cost.engines)};
  if (d.table.move_bytes || transfer.always_move || transfer.bytes <= kAlwaysMovedBytes) {
    operation.work = std::move(transfer.move);
  }
  d.timeline.enqueue(stream, std::move(operation));
}

}  // namespace placewright::vgpu
