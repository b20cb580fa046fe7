// SPDX-License-Identifier: Apache-2.0
#include "machine/shape.h"

#include <fmt/core.h>

#include <algorithm>

#include "support/check.h"

namespace placewright::machine {
namespace {

std::string bytes_to_string(uint64_t bytes) {
  if (bytes == kUnlimitedBytes) return "unlimited";
  constexpr std::string_view kBinaryUnits[] = {"TiB", "GiB", "MiB", "KiB"};
  int shift = 40;
  for (std::string_view unit : kBinaryUnits) {
    if (bytes != 0 && bytes % (uint64_t{1} << shift) == 0) {
      return fmt::format("{}{}", bytes >> shift, unit);
    }
    shift -= 10;
  }
  return std::to_string(bytes);
}

}  // namespace

uint64_t default_memory_bytes(const NodeShape& node, MemoryKind kind) {
  const bool has_gpus = node.processors[static_cast<size_t>(ProcessorKind::Gpu)] > 0;
  if (kind == MemoryKind::SysMem) return kUnlimitedBytes;
  const bool for_gpus = kind == MemoryKind::FbMem || kind == MemoryKind::ZcMem;
  return for_gpus && has_gpus ? kUnlimitedBytes : 0;
}

MachineShape::MachineShape(std::vector<NodeShape> nodes) : nodes_(std::move(nodes)) {
  PLACEWRIGHT_CHECK(!nodes_.empty());
}

int MachineShape::processors_per_node(ProcessorKind kind) const {
  int least = processors(kind, 0);
  for (int node = 1; node < node_count(); ++node) least = std::min(least, processors(kind, node));
  return least;
}

int MachineShape::processors(ProcessorKind kind, int node) const {
  return nodes_[static_cast<size_t>(node)].processors[static_cast<size_t>(kind)];
}

bool MachineShape::has_memory(ProcessorKind processor, MemoryKind memory, int node) const {
  if (processors(processor, node) == 0 || !can_address(processor, memory)) return false;
  return memory == MemoryKind::Virtual ||
         nodes_[static_cast<size_t>(node)].memory_bytes[static_cast<size_t>(memory)] > 0;
}

bool MachineShape::has(ProcessorKind kind) const {
  for (int node = 0; node < node_count(); ++node) {
    if (processors(kind, node) > 0) return true;
  }
  return false;
}

bool MachineShape::has(ProcessorKind kind, MemoryKind memory) const {
  for (int node = 0; node < node_count(); ++node) {
    if (processors(kind, node) > 0 && !has_memory(kind, memory, node)) return false;
  }
  return has(kind);
}

std::string MachineShape::to_string() const {
  NodeShape common = nodes_.front();
  for (const NodeShape& node : nodes_) {
    for (size_t i = 0; i < kProcessorKindCount; ++i) {
      common.processors[i] = std::min(common.processors[i], node.processors[i]);
    }
    for (size_t i = 0; i < kMemoryKindCount; ++i) {
      common.memory_bytes[i] = std::min(common.memory_bytes[i], node.memory_bytes[i]);
    }
  }
  std::string text = fmt::format("nodes={}", nodes_.size());
  for (ProcessorKind kind : kProcessorKinds) {
    const int count = common.processors[static_cast<size_t>(kind)];
    if (count > 0) text += fmt::format(",{}={}", machine::to_string(kind), count);
  }
  for (MemoryKind kind : kMemoryKinds) {
    const uint64_t bytes = common.memory_bytes[static_cast<size_t>(kind)];
    if (kind == MemoryKind::Virtual || bytes == default_memory_bytes(common, kind)) continue;
    text += fmt::format(",{}={}", machine::to_string(kind), bytes_to_string(bytes));
  }
  return text;
}

}  // namespace placewright::machine
