// SPDX-License-Identifier: Apache-2.0
#include "decide/machine.h"

#include <fmt/core.h>

#include "support/check.h"

namespace placewright::decide {
namespace {

/// A mapping's two names for socket memory mean the same memories.
bool is_of_kind(const Memory& memory, machine::MemoryKind kind) {
  if (kind == machine::MemoryKind::RegSockMem) kind = machine::MemoryKind::SockMem;
  return memory.kind == kind;
}

}  // namespace

std::string to_string(const ProcessorPlace& place) {
  return fmt::format("{} {} of node {}", to_string(place.kind), place.ordinal, place.node);
}

Machine::Machine(machine::MachineShape shape) : shape_(std::move(shape)) {
  nodes_.resize(static_cast<size_t>(shape_.node_count()));
  for (int node = 0; node < shape_.node_count(); ++node) {
    for (const machine::ProcessorKind kind : machine::kProcessorKinds)
      nodes_[static_cast<size_t>(node)].processors[static_cast<size_t>(kind)].resize(
          static_cast<size_t>(shape_.processors(kind, node)));
  }
}

void Machine::describe(const ProcessorPlace& place, std::vector<VisibleMemory> memories) {
  Node& node = nodes_[static_cast<size_t>(place.node)];
  auto& of_kind = node.processors[static_cast<size_t>(place.kind)];
  PLACEWRIGHT_CHECK(static_cast<size_t>(place.ordinal) < of_kind.size());
  Processor& processor = of_kind[static_cast<size_t>(place.ordinal)];
  for (const machine::MemoryKind kind : machine::kMemoryKinds) {
    const VisibleMemory* best = nullptr;
    for (const VisibleMemory& each : memories) {
      if (!is_of_kind(each.memory, kind) || each.memory.capacity == 0 || each.node != place.node)
        continue;
      if (best == nullptr || each.bandwidth > best->bandwidth) best = &each;
    }
    if (best != nullptr) processor.nearest[static_cast<size_t>(kind)] = best->memory;
  }
  for (const VisibleMemory& each : memories) {
    if (each.memory.kind != machine::MemoryKind::SockMem || each.node != place.node) continue;
    if (node.socket == 0) node.socket = each.memory.id;
    node.has_numa_domains |= each.memory.id != node.socket;
  }
  processor.visible = std::move(memories);
}

const Machine::Processor* Machine::find(const ProcessorPlace& place) const {
  const auto& of_kind =
      nodes_[static_cast<size_t>(place.node)].processors[static_cast<size_t>(place.kind)];
  const auto ordinal = static_cast<size_t>(place.ordinal);
  return ordinal < of_kind.size() ? &of_kind[ordinal] : nullptr;
}

Memory Machine::memory(const ProcessorPlace& place, machine::MemoryKind kind) const {
  const Processor* processor = find(place);
  return processor == nullptr ? Memory() : processor->nearest[static_cast<size_t>(kind)];
}

std::span<const VisibleMemory> Machine::visible(const ProcessorPlace& place) const {
  const Processor* processor = find(place);
  if (processor == nullptr) return {};
  return processor->visible;
}

bool Machine::has_numa_domains(int node) const {
  return nodes_[static_cast<size_t>(node)].has_numa_domains;
}

}  // namespace placewright::decide
