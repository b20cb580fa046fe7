// SPDX-License-Identifier: Apache-2.0
#include "legion/machine_view.h"

#include <algorithm>

namespace placewright::legion {

using Legion::Machine;
using Legion::Memory;
using Legion::Processor;

MachineView::MachineView(Machine machine) {
  find_processors(machine);
  machine_.emplace(make_shape(machine));
  describe_memories(machine);
}

void MachineView::find_processors(Machine machine) {
  nodes_.resize(machine.get_address_space_count());
  Machine::ProcessorQuery all(machine);
  for (const Processor processor : all) {
    if (const auto kind = from_legion(processor.kind()))
      nodes_[processor.address_space()][static_cast<size_t>(*kind)].push_back(processor);
  }
  for (size_t node = 0; node < nodes_.size(); ++node) {
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      auto& processors = nodes_[node][static_cast<size_t>(kind)];
      std::ranges::sort(processors, {}, &Processor::id);
      for (size_t i = 0; i < processors.size(); ++i)
        places_[processors[i]] = {kind, static_cast<int>(node), static_cast<int>(i)};
    }
  }
}

void MachineView::describe_memories(Machine machine) {
  for (const auto& [processor, place] : places_) {
    std::vector<Machine::ProcessorMemoryAffinity> affinities;
    machine.get_proc_mem_affinity(affinities, processor, Memory::NO_MEMORY,
                                  /*local_only=*/false);
    std::vector<decide::VisibleMemory> visible;
    for (const auto& affinity : affinities)
      visible.push_back({legion::describe(affinity.m), affinity.bandwidth,
                         static_cast<int>(affinity.m.address_space())});
    machine_->describe(place, std::move(visible));
  }
}

machine::MachineShape MachineView::make_shape(Machine machine) const {
  std::vector<machine::NodeShape> shapes(nodes_.size());
  for (size_t node = 0; node < nodes_.size(); ++node) {
    for (size_t kind = 0; kind < machine::kProcessorKindCount; ++kind)
      shapes[node].processors[kind] = static_cast<int>(nodes_[node][kind].size());
  }
  Machine::MemoryQuery all(machine);
  for (const Memory memory : all) {
    for (const machine::MemoryKind kind : machine::kMemoryKinds) {
      if (kind == machine::MemoryKind::Virtual || to_legion(kind) != memory.kind()) continue;
      uint64_t& bytes = shapes[memory.address_space()].memory_bytes[static_cast<size_t>(kind)];
      bytes = std::max<uint64_t>(bytes, memory.capacity());
    }
  }
  return machine::MachineShape(std::move(shapes));
}

std::span<const Processor> MachineView::processors(machine::ProcessorKind kind, int node) const {
  return nodes_[node][static_cast<size_t>(kind)];
}

std::vector<Processor> MachineView::processors(machine::ProcessorKind kind) const {
  std::vector<Processor> all;
  for (const Node& node : nodes_) {
    const auto& some = node[static_cast<size_t>(kind)];
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

std::optional<decide::ProcessorPlace> MachineView::place(Processor processor) const {
  const auto found = places_.find(processor);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

}  // namespace placewright::legion
