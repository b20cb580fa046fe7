// SPDX-License-Identifier: Apache-2.0
#include "sim/work_model.h"

#include <fmt/format.h>

#include <algorithm>

namespace placewright::sim {
namespace {

HostPlace host_place(const MemoryPlace& place) {
  return place.kind == machine::MemoryKind::ZcMem ? HostPlace::ZeroCopy : HostPlace::System;
}

void append(std::vector<Passage>& links, std::vector<Passage> more) {
  links.insert(links.end(), more.begin(), more.end());
}

Work over_links(const Transfer& transfer, double latency_s, double per_second,
                std::vector<Passage> links) {
  Work work;
  work.duration_s = latency_s;
  work.flows.push_back({static_cast<double>(transfer.bytes), per_second, std::move(links)});
  return work;
}

}  // namespace

WorkModel::Node::Node(const ModelledMachine& machine)
    : host(machine.table),
      cores{static_cast<double>(std::max(machine.cores, 1))},
      sends{machine.table.network ? machine.table.network->bandwidth : 1},
      receives{machine.table.network ? machine.table.network->bandwidth : 1} {}

WorkModel::WorkModel(const ModelledMachine& machine, Level level, Timeline& timeline, Loads* loads)
    : machine_(&machine), level_(level), loads_(loads) {
  const MachineTable& table = machine.table;
  for (int number = 0; number < machine.machine.node_count(); ++number) {
    Node& node = *nodes_.emplace_back(std::make_unique<Node>(machine));
    // Links are referred to by their addresses.
    node.gpus.reserve(static_cast<size_t>(table.gpu.count));
    for (int gpu = 0; gpu < table.gpu.count; ++gpu) add_gpu(node, gpu, timeline);
    for (int cpu = 0; cpu < table.cpu.count; ++cpu) node.cpus.push_back(timeline.add_engine());
    for (int i = 0; table.runtime && i < table.runtime->utility_processors; ++i)
      node.utilities.push_back(timeline.add_engine());
    if (loads_ != nullptr) name_loads(number);
  }
}

void WorkModel::name_loads(int number) {
  Node& node = *nodes_[static_cast<size_t>(number)];
  const auto name = [&](const auto& load, const std::string& what) {
    loads_->name(load, fmt::format("{} of node {}", what, number));
  };
  for (size_t i = 0; i < node.cpus.size(); ++i) name(node.cpus[i], fmt::format("CPU {}", i));
  for (size_t i = 0; i < node.utilities.size(); ++i)
    name(node.utilities[i], fmt::format("utility processor {}", i));
  if (machine_->cores > 0) name(node.cores, "the cores");
  for (size_t i = 0; i < node.gpus.size(); ++i) {
    const Gpu& gpu = node.gpus[i];
    name(gpu.compute, fmt::format("GPU {}", i));
    name(gpu.memory, fmt::format("the memory of GPU {}", i));
    name(gpu.sends, fmt::format("copies to other GPUs from GPU {}", i));
    name(gpu.receives, fmt::format("copies from other GPUs to GPU {}", i));
  }
  for (const auto& [group, bus] : node.buses) {
    name(bus.to_device_bytes, fmt::format("bus {} to its GPUs", group));
    name(bus.to_host_bytes, fmt::format("bus {} to the host", group));
  }
  name(node.sends, "the network out");
  name(node.receives, "the network in");
}

void WorkModel::add_gpu(Node& node, int gpu, Timeline& timeline) {
  const MachineTable& table = machine_->table;
  const auto engine = [&] { return timeline.add_engine(); };
  const auto stream = [&] { return timeline.add_stream(); };
  std::vector<StreamId> to_peer;
  for (int other = 0; other < table.gpu.count; ++other) to_peer.push_back(stream());
  node.gpus.push_back({engine(), engine(), engine(), engine(), engine(), stream(), stream(),
                       std::move(to_peer), Link{1.0}, Link{table.peer.bandwidth},
                       Link{table.peer.bandwidth}});
  const int group = table.bus.group[static_cast<size_t>(gpu)];
  if (node.buses.contains(group)) return;
  node.buses.emplace(group, Bus{engine(), engine(), Link{table.bus.bandwidth_to_device},
                                Link{table.bus.bandwidth_to_host}});
}

Work WorkModel::task(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                     const decide::ProcessorPlace& place, std::span<const int32_t> processors) {
  Work work = task_work(cost, places, place, processors);
  if (loads_ != nullptr) loads_->add(work);
  return work;
}

Work WorkModel::measured_task(double seconds, const decide::ProcessorPlace& place,
                              std::span<const int32_t> processors) {
  Node& node = *nodes_[static_cast<size_t>(place.node)];
  Work work;
  if (place.kind == machine::ProcessorKind::Gpu) {
    work.duration_s = seconds;
    work.engines = {{node.gpus[static_cast<size_t>(processors.front())].compute}};
  } else {
    occupy_core(node, seconds, work);
    for (const int32_t processor : processors)
      work.any_of.push_back(node.cpus[static_cast<size_t>(processor)]);
  }
  if (loads_ != nullptr) loads_->add(work);
  return work;
}

Work WorkModel::task_work(const TaskCost& cost, const std::vector<ArgumentPlace>& places,
                          const decide::ProcessorPlace& place,
                          std::span<const int32_t> processors) {
  if (place.kind == machine::ProcessorKind::Gpu)
    return on_gpu(modelled_gpu_time(cost, places, machine_->table),
                  {place.kind, place.node, processors.front()});
  Node& node = *nodes_[static_cast<size_t>(place.node)];
  CpuTime time = modelled_cpu_time(cost, places, machine_->table);
  time.processor = processors.front();
  Work work;
  work.duration_s = time.launch_s;
  occupy_core(node, std::max(time.compute_s, time.memory_s), work);
  if (time.memory_s > 0)
    work.flows.push_back(
        {time.memory_bytes(), time.memory_bytes() / time.memory_s, node.host.of_task(time)});
  for (const int32_t processor : processors)
    work.any_of.push_back(node.cpus[static_cast<size_t>(processor)]);
  return work;
}

/// So many seconds of one core, or longer while others share it.
void WorkModel::occupy_core(Node& node, double seconds, Work& work) const {
  if (machine_->cores == 0) {
    work.least_s = seconds;
  } else if (seconds > 0) {
    work.flows.push_back({seconds, 1, {&node.cores}});
  }
}

const MachineTable::Runtime::Work& WorkModel::runtime_work() const {
  const MachineTable::Runtime& runtime = *machine_->table.runtime;
  switch (tracing_) {
    case Tracing::Captured:
      return runtime.captured;
    case Tracing::Replayed:
      return runtime.replayed;
    case Tracing::None:
      break;
  }
  return runtime.untraced;
}

Work WorkModel::of_runtime(int number, double seconds) {
  Node& node = *nodes_[static_cast<size_t>(number)];
  Work work;
  work.any_of = node.utilities;
  occupy_core(node, seconds, work);
  if (loads_ != nullptr) loads_->add(work);
  return work;
}

std::optional<Work> WorkModel::mapping(int node, size_t arguments, size_t new_instances) {
  const auto& runtime = machine_->table.runtime;
  if (!runtime) return std::nullopt;
  const MachineTable::Runtime::Work& work = runtime_work();
  return of_runtime(node, work.task_s + static_cast<double>(arguments) * work.argument_s +
                              static_cast<double>(new_instances) * runtime->instance_s);
}

std::optional<Work> WorkModel::after_copy(int node) {
  if (!machine_->table.runtime) return std::nullopt;
  return of_runtime(node, runtime_work().copy_s);
}

Work WorkModel::on_gpu(const GpuTime& time, const decide::ProcessorPlace& place) {
  Node& node = *nodes_[static_cast<size_t>(place.node)];
  Gpu& device = node.gpus[static_cast<size_t>(place.ordinal)];
  Bus& bus = bus_of(node, place.ordinal);
  Work work;
  work.duration_s = time.launch_s;
  work.least_s = std::max(time.compute_s, time.hottest_line_s);
  work.engines = {{device.compute, time.share}};
  if (time.frame_buffer_s > 0) work.flows.push_back({time.frame_buffer_s, 1, {&device.memory}});
  // A kernel addresses no host memory but zero-copy memory.
  if (time.to_device_s > 0) {
    std::vector<Passage> links = node.host.read_by_gpu(place.ordinal, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_device_bytes);
    work.flows.push_back(
        {time.to_device_bytes, time.to_device_bytes / time.to_device_s, std::move(links)});
  }
  if (time.to_host_s > 0) {
    std::vector<Passage> links = node.host.written_by_gpu(place.ordinal, HostPlace::ZeroCopy);
    links.emplace_back(&bus.to_host_bytes);
    work.flows.push_back(
        {time.to_host_bytes, time.to_host_bytes / time.to_host_s, std::move(links)});
  }
  return work;
}

bool WorkModel::is_by_cpu(const Transfer& transfer) const {
  const MemoryPlace& to = machine_->place(transfer.to);
  if (transfer.from == 0) return to.gpu < 0;
  const MemoryPlace& from = machine_->place(transfer.from);
  return from.gpu < 0 && to.gpu < 0 && from.node == to.node;
}

int WorkModel::cpu_of(int node, EngineId engine) const {
  const std::vector<EngineId>& cpus = nodes_[static_cast<size_t>(node)]->cpus;
  return static_cast<int>(std::ranges::find(cpus, engine) - cpus.begin());
}

Work WorkModel::transfer(const Transfer& transfer) {
  Work work = transfer_work(transfer);
  if (loads_ != nullptr) loads_->add(work);
  return work;
}

Work WorkModel::transfer_work(const Transfer& transfer) {
  if (transfer.bytes == 0 || is_unmodelled(transfer)) return {};
  if (is_by_cpu(transfer)) return by_cpu(transfer);
  const MemoryPlace& to = machine_->place(transfer.to);
  if (transfer.from == 0) return within(transfer, to, 1);
  const MemoryPlace& from = machine_->place(transfer.from);
  if (from.node != to.node) return to_node(transfer, from, to);
  if (from.gpu < 0) return to_device(transfer, from, to);
  if (to.gpu < 0) return to_host(transfer, from, to);
  if (from.gpu == to.gpu) return within(transfer, from, transfer.folds ? 3 : 2);
  return to_peer(transfer, from, to);
}

Work WorkModel::to_device(const Transfer& transfer, const MemoryPlace& from,
                          const MemoryPlace& to) {
  const MachineTable::Bus& numbers = machine_->table.bus;
  Node& node = node_of(to);
  Bus& bus = bus_of(node, to.gpu);
  std::vector<Passage> links = node.host.read_by_gpu(to.gpu, host_place(from));
  links.emplace_back(&bus.to_device_bytes);
  Work work = over_links(transfer, numbers.latency_s * transfer.calls, numbers.bandwidth_to_device,
                         std::move(links));
  if (!takes_turns()) return work;
  work.engines = {{gpu_of(to).from_host}, {bus.to_device}};
  work.stream = gpu_of(to).copies_in;
  return work;
}

Work WorkModel::to_host(const Transfer& transfer, const MemoryPlace& from, const MemoryPlace& to) {
  const MachineTable::Bus& numbers = machine_->table.bus;
  Node& node = node_of(from);
  Bus& bus = bus_of(node, from.gpu);
  std::vector<Passage> links = node.host.written_by_gpu(from.gpu, host_place(to));
  links.emplace_back(&bus.to_host_bytes);
  Work work = over_links(transfer, numbers.latency_s * transfer.calls, numbers.bandwidth_to_host,
                         std::move(links));
  if (!takes_turns()) return work;
  work.engines = {{gpu_of(from).to_host}, {bus.to_host}};
  work.stream = gpu_of(from).copies_out;
  return work;
}

Work WorkModel::to_peer(const Transfer& transfer, const MemoryPlace& from, const MemoryPlace& to) {
  const MachineTable::Peer& peer = machine_->table.peer;
  Gpu& source = gpu_of(from);
  Gpu& target = gpu_of(to);
  Work work = over_links(transfer, peer.latency_s * transfer.calls, peer.bandwidth,
                         {&source.sends, &target.receives});
  if (!takes_turns()) return work;
  work.engines = {{source.peer_out}, {target.peer_in}};
  work.stream = source.copies_to_peer[static_cast<size_t>(to.gpu)];
  return work;
}

/// Block after block through buffers in both hosts: all links at once, so the slowest one decides, and
/// the latencies add up. Source: Realm's multi-hop copies.
Work WorkModel::to_node(const Transfer& transfer, const MemoryPlace& from, const MemoryPlace& to) {
  const MachineTable::Bus& bus = machine_->table.bus;
  Node& source = node_of(from);
  Node& target = node_of(to);
  double latency_s = machine_->table.network->latency_s;
  double per_second = machine_->table.network->bandwidth;
  std::vector<Passage> links = {&source.sends, &target.receives};
  if (from.gpu >= 0) {
    append(links, source.host.written_by_gpu(from.gpu, HostPlace::System));
    links.emplace_back(&bus_of(source, from.gpu).to_host_bytes);
    latency_s += bus.latency_s * transfer.calls;
    per_second = std::min(per_second, bus.bandwidth_to_host);
  }
  if (to.gpu >= 0) {
    append(links, target.host.read_by_gpu(to.gpu, HostPlace::System));
    links.emplace_back(&bus_of(target, to.gpu).to_device_bytes);
    latency_s += bus.latency_s * transfer.calls;
    per_second = std::min(per_second, bus.bandwidth_to_device);
  }
  return over_links(transfer, latency_s, per_second, std::move(links));
}

/// A thread of the runtime's reads and writes: once for a fill, else from source to target, of which a
/// reduction also reads the old values.
Work WorkModel::by_cpu(const Transfer& transfer) {
  const MemoryPlace& to = machine_->place(transfer.to);
  const MemoryPlace& from = transfer.from == 0 ? to : machine_->place(transfer.from);
  const int passes = transfer.from == 0 ? 1 : transfer.folds ? 3 : 2;
  const double bytes = passes * static_cast<double>(transfer.bytes);
  const double per_second = machine_->table.cpu.memory_bandwidth;
  Node& node = node_of(to);
  Work work;
  work.flows.push_back(
      {bytes, per_second, node.host.of_copy(host_place(from), host_place(to), passes)});
  occupy_core(node, bytes / per_second, work);
  return work;
}

Work WorkModel::within(const Transfer& transfer, const MemoryPlace& place, int passes) {
  const MachineTable::Gpu& numbers = machine_->table.gpu;
  Gpu& device = gpu_of(place);
  Work work;
  work.duration_s = numbers.kernel_launch_s * transfer.calls;
  work.flows.push_back({passes * static_cast<double>(transfer.bytes) / numbers.memory_bandwidth,
                        1,
                        {&device.memory}});
  if (takes_turns()) work.engines = {{device.compute}};
  return work;
}

}  // namespace placewright::sim
