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

Result<void> check_size(std::span<const NodeShape> nodes) {
  for (const ProcessorKind kind : kProcessorKinds) {
    int64_t count = 0;
    for (const NodeShape& node : nodes) count += node.processors[static_cast<size_t>(kind)];
    if (count > kMostProcessorsOfAKind)
      return fail(fmt::format("the machine has {} {} processors, more than {}", count,
                              to_string(kind), kMostProcessorsOfAKind));
  }
  return {};
}

MachineShape::MachineShape(std::vector<NodeShape> nodes) : nodes_(std::move(nodes)) {
  PLACEWRIGHT_CHECK(!nodes_.empty());
}

int MachineShape::processors_per_node(ProcessorKind kind) const {
  int least = 0;
  for (int node = 0; node < node_count(); ++node) {
    const int count = processors(kind, node);
    if (count > 0 && (least == 0 || count < least)) least = count;
  }
  return least;
}

int MachineShape::most_processors_per_node(ProcessorKind kind) const {
  int most = 0;
  for (int node = 0; node < node_count(); ++node) most = std::max(most, processors(kind, node));
  return most;
}

std::vector<int> MachineShape::nodes_with(ProcessorKind kind) const {
  std::vector<int> nodes;
  for (int node = 0; node < node_count(); ++node)
    if (processors(kind, node) > 0) nodes.push_back(node);
  return nodes;
}

int64_t MachineShape::processors(ProcessorKind kind) const {
  int64_t sum = 0;
  for (int node = 0; node < node_count(); ++node) sum += processors(kind, node);
  return sum;
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
  // One value if all nodes have the same, else one for each.
  const auto values = [&](const auto& of_node) {
    std::string list = of_node(nodes_.front());
    bool is_same = true;
    for (size_t node = 1; node < nodes_.size(); ++node) {
      const std::string value = of_node(nodes_[node]);
      is_same = is_same && value == of_node(nodes_.front());
      list += "|" + value;
    }
    return is_same ? of_node(nodes_.front()) : list;
  };
  std::string text = fmt::format("nodes={}", nodes_.size());
  for (ProcessorKind kind : kProcessorKinds) {
    if (processors(kind) == 0) continue;
    text += fmt::format(",{}={}", machine::to_string(kind), values([&](const NodeShape& node) {
                          return std::to_string(node.processors[static_cast<size_t>(kind)]);
                        }));
  }
  for (MemoryKind kind : kMemoryKinds) {
    const auto bytes = [&](const NodeShape& node) {
      return node.memory_bytes[static_cast<size_t>(kind)];
    };
    const bool is_default = std::ranges::all_of(nodes_, [&](const NodeShape& node) {
      return bytes(node) == default_memory_bytes(node, kind);
    });
    if (kind == MemoryKind::Virtual || is_default) continue;
    text +=
        fmt::format(",{}={}", machine::to_string(kind),
                    values([&](const NodeShape& node) { return bytes_to_string(bytes(node)); }));
  }
  return text;
}

}  // namespace placewright::machine
