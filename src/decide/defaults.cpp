// SPDX-License-Identifier: Apache-2.0
#include "decide/defaults.h"

#include <algorithm>

namespace placewright::decide {

std::array<machine::ProcessorKind, machine::kProcessorKindCount> default_processor_order(
    bool prefers_cpu) {
  auto order = kDefaultProcessorOrder;
  if (!prefers_cpu) return order;
  const auto gpu = std::find(order.begin(), order.end(), machine::ProcessorKind::Gpu);
  std::rotate(gpu, gpu + 1, order.end());
  return order;
}

const Variant* default_variant(const TaskFacts& task, machine::ProcessorKind kind) {
  const Variant* last = nullptr;
  for (const Variant& variant : task.variants) {
    if (variant.kind == kind && (last == nullptr || variant.id > last->id)) last = &variant;
  }
  return last;
}

bool default_runs_anywhere_on_node(const LaunchInfo& launch, const ProcessorPlace& target,
                                   const Machine& machine) {
  if (launch.concurrent || launch.must_epoch) return false;
  switch (target.kind) {
    case machine::ProcessorKind::Gpu:
    case machine::ProcessorKind::Proc:
      return false;
    case machine::ProcessorKind::Cpu:
    case machine::ProcessorKind::Omp:
      return !machine.has_numa_domains(target.node);
    case machine::ProcessorKind::Io:
    case machine::ProcessorKind::Py:
      return true;
  }
  return false;
}

Memory default_memory(const Machine& machine, const ProcessorPlace& processor, bool prefers_rdma,
                      std::optional<RawMemoryKind> demanded) {
  const VisibleMemory* best = nullptr;
  const VisibleMemory* best_registered = nullptr;
  const auto improve = [](const VisibleMemory*& known, const VisibleMemory& other) {
    if (known == nullptr || other.bandwidth > known->bandwidth) known = &other;
  };
  for (const VisibleMemory& each : machine.visible(processor)) {
    if (demanded && each.memory.raw_kind != *demanded) continue;
    improve(best, each);
    const bool is_registered = each.memory.kind == machine::MemoryKind::RdMem ||
                               each.memory.kind == machine::MemoryKind::ZcMem;
    if (is_registered) improve(best_registered, each);
  }
  const VisibleMemory* chosen = prefers_rdma && best_registered != nullptr ? best_registered : best;
  return chosen == nullptr ? Memory() : chosen->memory;
}

std::optional<machine::ProcessorKind> default_processor_kind(
    std::span<const machine::ProcessorKind> variants, const machine::MachineShape& machine) {
  for (const machine::ProcessorKind kind : kDefaultProcessorOrder) {
    if (std::ranges::find(variants, kind) != variants.end() && machine.has(kind)) return kind;
  }
  return std::nullopt;
}

machine::MemoryKind default_memory(machine::ProcessorKind kind,
                                   const machine::MachineShape& machine) {
  if (kind == machine::ProcessorKind::Gpu) return machine::MemoryKind::FbMem;
  if (kind == machine::ProcessorKind::Omp && machine.has(kind, machine::MemoryKind::SockMem))
    return machine::MemoryKind::SockMem;
  return machine::MemoryKind::SysMem;
}

size_t default_instance_region(const InstanceRegionFacts& facts, std::span<const uint64_t> volumes,
                               int nodes) {
  const bool is_small =
      facts.memory == machine::MemoryKind::FbMem || facts.memory == machine::MemoryKind::ZcMem;
  if (facts.reduction || facts.exact || facts.padded || is_small || volumes.size() < 2) return 0;
  const size_t root = volumes.size() - 1;
  if (nodes == 1) return root;
  // The first level, from the root down, that gives every node a part of its own.
  double parts = 1;
  for (size_t level = root; level-- > 0;) {
    parts *= static_cast<double>(volumes[level + 1]) / static_cast<double>(volumes[level]);
    if (parts >= static_cast<double>(nodes)) return level;
  }
  return 0;
}

}  // namespace placewright::decide
