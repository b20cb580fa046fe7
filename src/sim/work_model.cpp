// SPDX-License-Identifier: Apache-2.0
#include "sim/work_model.h"

#include <algorithm>

namespace placewright::sim {
namespace {

HostPlace host_place(machine::MemoryKind kind) {
  return kind == machine::MemoryKind::ZcMem ? HostPlace::ZeroCopy : HostPlace::System;
}

Work over_links(const Transfer& transfer, double latency_s, double per_second,
                std::vector<Passage> links, std::vector<EngineUse> engines, StreamId stream) {
  Work work;
  work.duration_s = latency_s * transfer.calls;
  work.flows.push_back({static_cast<double>(transfer.bytes), per_second, std::move(links)});
  work.engines = std::move(engines);
  work.stream = stream;
  return work;
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

Work WorkModel::on_gpu(const GpuTime& time, int number) {
  Gpu& device = gpu(number);
  Bus& bus = bus_of(number);
  Work work;
  work.duration_s = time.launch_s;
  work.least_s = std::max(time.compute_s, time.hottest_line_s);
  work.engines = {{device.compute, time.share}};
  if (time.frame_buffer_s > 0) work.flows.push_back({time.frame_buffer_s, 1, {&device.memory}});
  // A kernel addresses no host memory but zero-copy memory.
  if (time.to_device_s > 0) {
    std::vector<Passage> links = host_.read_by_gpu(number, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_device_bytes);
    work.flows.push_back(
        {time.to_device_bytes, time.to_device_bytes / time.to_device_s, std::move(links)});
  }
  if (time.to_host_s > 0) {
    std::vector<Passage> links = host_.written_by_gpu(number, HostPlace::ZeroCopy);
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
  return to_peer(transfer, from, to);
}

Work WorkModel::to_device(const Transfer& transfer, int number, HostPlace from) {
  const MachineTable::Bus& numbers = machine_->table.bus;
  Bus& bus = bus_of(number);
  std::vector<Passage> links = host_.read_by_gpu(number, from);
  links.emplace_back(&bus.to_device_bytes);
  return over_links(transfer, numbers.latency_s, numbers.bandwidth_to_device, std::move(links),
                    {{gpu(number).from_host}, {bus.to_device}}, gpu(number).copies_in);
}

Work WorkModel::to_host(const Transfer& transfer, int number, HostPlace to) {
  const MachineTable::Bus& numbers = machine_->table.bus;
  Bus& bus = bus_of(number);
  std::vector<Passage> links = host_.written_by_gpu(number, to);
  links.emplace_back(&bus.to_host_bytes);
  return over_links(transfer, numbers.latency_s, numbers.bandwidth_to_host, std::move(links),
                    {{gpu(number).to_host}, {bus.to_host}}, gpu(number).copies_out);
}

Work WorkModel::to_peer(const Transfer& transfer, int from, int to) {
  const MachineTable::Peer& peer = machine_->table.peer;
  return over_links(transfer, peer.latency_s, peer.bandwidth, {},
                    {{gpu(from).peer_out}, {gpu(to).peer_in}},
                    gpu(from).copies_to_peer[static_cast<size_t>(to)]);
}

Work WorkModel::within(const Transfer& transfer, int number, int passes) {
  const MachineTable::Gpu& numbers = machine_->table.gpu;
  Gpu& device = gpu(number);
  Work work;
  work.duration_s = numbers.kernel_launch_s * transfer.calls;
  work.flows.push_back({passes * static_cast<double>(transfer.bytes) / numbers.memory_bandwidth,
                        1,
                        {&device.memory}});
  work.engines = {{device.compute}};
  return work;
}

}  // namespace placewright::sim
