// SPDX-License-Identifier: Apache-2.0
// The machine as decisions see it: numbered processors, and the memories that each can address.
// Memories carry the ids of whoever describes the machine. Immutable once described.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "machine/shape.h"

namespace placewright::decide {

/// A processor as a mapping refers to it.
struct ProcessorPlace {
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int node = 0;
  int ordinal = 0;
  friend auto operator<=>(const ProcessorPlace&, const ProcessorPlace&) = default;
};
/// "CPU 1 of node 0".
[[nodiscard]] std::string to_string(const ProcessorPlace& place);

/// The runtime's own number of a kind of memory; there are kinds that no mapping can name.
using RawMemoryKind = uint32_t;

struct Memory {
  uint64_t id = 0;  ///< 0 means none.
  std::optional<machine::MemoryKind> kind = std::nullopt;
  RawMemoryKind raw_kind = 0;
  uint64_t capacity = 0;  ///< In bytes.
  [[nodiscard]] bool exists() const { return id != 0; }
};

/// A memory that a processor can address.
struct VisibleMemory {
  Memory memory;
  unsigned bandwidth = 0;  ///< Only compared.
  int node = 0;
};

class Machine {
 public:
  explicit Machine(machine::MachineShape shape);
  /// Describes the memories that one processor of the shape can address, in the runtime's order.
  void describe(const ProcessorPlace& processor, std::vector<VisibleMemory> memories);

  [[nodiscard]] const machine::MachineShape& shape() const { return shape_; }
  [[nodiscard]] int node_count() const { return shape_.node_count(); }
  /// The memory of this kind on the processor's node that the processor reaches fastest; no memory
  /// if there is none or its capacity is 0.
  [[nodiscard]] Memory memory(const ProcessorPlace& processor, machine::MemoryKind kind) const;
  [[nodiscard]] std::span<const VisibleMemory> visible(const ProcessorPlace& processor) const;
  /// Whether the node has several socket memories.
  [[nodiscard]] bool has_numa_domains(int node) const;

 private:
  struct Processor {
    std::vector<VisibleMemory> visible;
    std::array<Memory, machine::kMemoryKindCount> nearest;
  };
  struct Node {
    /// By kind and ordinal.
    std::array<std::vector<Processor>, machine::kProcessorKindCount> processors;
    uint64_t socket = 0;  ///< The first socket memory described; 0 if there is none.
    bool has_numa_domains = false;
  };
  [[nodiscard]] const Processor* find(const ProcessorPlace& processor) const;

  machine::MachineShape shape_;
  std::vector<Node> nodes_;
};

}  // namespace placewright::decide
