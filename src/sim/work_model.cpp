// SPDX-License-Identifier: Apache-2.0
#include "sim/work_model.h"

#include <algorithm>

namespace placewright::sim {
namespace {

HostPlace host_place(machine::MemoryKind kind) {
  return kind == machine::MemoryKind::ZcMem ? HostPlace::ZeroCopy : HostPlace::System;
}

}  // namespace

WorkModel::WorkModel(const ModelledMachine& machine, Timeline& timeline)
    : machine_(&machine), host_(machine.table) {
  const MachineTable& table = machine.table;
  for (int gpu = 0; gpu < table.gpu.count; ++gpu) {
    const auto engine = [&] { return timeline.add_engine(); };
    const auto stream = [&] { return timeline.add_stream(); };
    std::vector<StreamId> to_peer;
    for (int other = 0; other < table.gpu.count; ++other) to_peer.push_back(stream());
    gpus_.push_back(std::make_unique<Gpu>(Gpu{engine(), engine(), engine(), engine(), engine(),
                                              stream(), stream(), std::move(to_peer), Link{1.0}}));
    const int group = table.bus.group[static_cast<size_t>(gpu)];
    if (buses_.contains(group)) continue;
    buses_.emplace(group, Bus{engine(), engine(), Link{table.bus.bandwidth_to_device},
                              Link{table.bus.bandwidth_to_host}});
  }
  for (int cpu = 0; cpu < table.cpu.count; ++cpu) cpus_.push_back(timeline.add_engine());
}

Work WorkModel::task(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                     machine::ProcessorKind kind, std::span<const int32_t> processors) {
  if (kind == machine::ProcessorKind::Gpu)
    return on_gpu(modelled_gpu_time(cost, places, machine_->table), processors.front());
  CpuTime time = modelled_cpu_time(cost, places, machine_->table);
  time.processor = processors.front();
  Work work;
  work.duration_s = time.launch_s;
  work.least_s = time.compute_s;
  if (time.memory_s > 0)
    work.flows.push_back(
        {time.memory_bytes(), time.memory_bytes() / time.memory_s, host_.of_task(time)});
  for (const int32_t processor : processors)
    work.any_of.push_back(cpus_[static_cast<size_t>(processor)]);
  return work;
}

Work WorkModel::on_gpu(const GpuTime& time, int gpu) {
  Gpu& device = *gpus_[static_cast<size_t>(gpu)];
  Bus& bus = bus_of(gpu);
  Work work;
  work.duration_s = time.launch_s;
  work.least_s = std::max(time.compute_s, time.hottest_line_s);
  work.engines = {{device.compute, time.share}};
  if (time.frame_buffer_s > 0) work.flows.push_back({time.frame_buffer_s, 1, {&device.memory}});
  // A kernel addresses no host memory but zero-copy memory.
  if (time.to_device_s > 0) {
    std::vector<Passage> links = host_.read_by_gpu(gpu, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_device_bytes);
    work.flows.push_back(
        {time.to_device_bytes, time.to_device_bytes / time.to_device_s, std::move(links)});
  }
  if (time.to_host_s > 0) {
    std::vector<Passage> links = host_.written_by_gpu(gpu, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_host_bytes);
    work.flows.push_back(
        {time.to_host_bytes, time.to_host_bytes / time.to_host_s, std::move(links)});
  }
  return work;
}

bool WorkModel::is_unmodelled(const Transfer& transfer) const {
  return gpu_of(transfer.from) < 0 && gpu_of(transfer.to) < 0;
}

Work WorkModel::transfer(const Transfer& transfer) {
  if (transfer.bytes == 0 || is_unmodelled(transfer)) return {};
  const int from = gpu_of(transfer.from);
  const int to = gpu_of(transfer.to);
  if (transfer.from == 0) return within(transfer, to, 1);
  if (from < 0) return to_device(transfer, to, host_place(machine_->place(transfer.from).kind));
  if (to < 0) return to_host(transfer, from, host_place(machine_->place(transfer.to).kind));
  if (from == to) return within(transfer, from, transfer.folds ? 3 : 2);
  const MachineTable::Peer& peer = machine_->table.peer;
  Work work;
  work.duration_s = peer.latency_s * transfer.calls;
  const auto bytes = static_cast<double>(transfer.bytes);
  work.flows.push_back({bytes, peer.bandwidth, {}});
  work.engines = {{gpus_[static_cast<size_t>(from)]->peer_out},
                  {gpus_[static_cast<size_t>(to)]->peer_in}};
  work.stream = gpus_[static_cast<size_t>(from)]->copies_to_peer[static_cast<size_t>(to)];
  return work;
}

Work WorkModel::to_device(const Transfer& transfer, int gpu, HostPlace from) {
  const MachineTable::Bus& numbers = machine_->table.bus;
  Bus& bus = bus_of(gpu);
  Work work;
  work.duration_s = numbers.latency_s * transfer.calls;
  std::vector<Passage> links = host_.read_by_gpu(gpu, from);
  links.emplace_back(&bus.to_device_bytes);
  work.flows.push_back(
      {static_cast<double>(transfer.bytes), numbers.bandwidth_to_device, std::move(links)});
  work.engines = {{gpus_[static_cast<size_t>(gpu)]->from_host}, {bus.to_device}};
  work.stream = gpus_[static_cast<size_t>(gpu)]->copies_in;
  return work;
}

Work WorkModel::to_host(const Transfer& transfer, int gpu, HostPlace to) {
  const MachineTable::Bus& numbers = machine_->table.bus;
  Bus& bus = bus_of(gpu);
  Work work;
  work.duration_s = numbers.latency_s * transfer.calls;
  std::vector<Passage> links = host_.written_by_gpu(gpu, to);
  links.emplace_back(&bus.to_host_bytes);
  work.flows.push_back(
      {static_cast<double>(transfer.bytes), numbers.bandwidth_to_host, std::move(links)});
  work.engines = {{gpus_[static_cast<size_t>(gpu)]->to_host}, {bus.to_host}};
  work.stream = gpus_[static_cast<size_t>(gpu)]->copies_out;
  return work;
}

Work WorkModel::within(const Transfer& transfer, int gpu, int passes) {
  const MachineTable::Gpu& numbers = machine_->table.gpu;
  Gpu& device = *gpus_[static_cast<size_t>(gpu)];
  Work work;
  work.duration_s = numbers.kernel_launch_s * transfer.calls;
  work.flows.push_back({passes * static_cast<double>(transfer.bytes) / numbers.memory_bandwidth,
                        1,
                        {&device.memory}});
  work.engines = {{device.compute}};
  return work;
}

}  // namespace placewright::sim
