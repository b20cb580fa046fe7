// SPDX-License-Identifier: Apache-2.0
// How many processors and which memories a machine has. Speeds are in description.h.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "machine/kinds.h"
#include "support/result.h"

namespace placewright::machine {

inline constexpr uint64_t kMiB = 1024 * 1024;
inline constexpr uint64_t kUnlimitedBytes = UINT64_MAX;

/// One node: one address space, that is, one process of a Legion run.
struct NodeShape {
  std::array<int, kProcessorKindCount> processors{};
  /// Capacity in bytes of one memory of each kind; 0 if the node has none, kUnlimitedBytes if the
  /// capacity is unknown. A frame buffer belongs to one GPU.
  std::array<uint64_t, kMemoryKindCount> memory_bytes{};
};

/// The capacity of a memory that the text form of a shape leaves out.
[[nodiscard]] uint64_t default_memory_bytes(const NodeShape& node, MemoryKind kind);

/// Immutable. At least one node.
class MachineShape {
 public:
  explicit MachineShape(std::vector<NodeShape> nodes);

  /// Reads `nodes=2,GPU=4,CPU=1,OMP=1`, optionally with memories `FBMEM=16GiB,ZCMEM=0`. All nodes
  /// are alike. Of the memories not named, SYSMEM and (if there are GPUs) FBMEM and ZCMEM exist
  /// with unlimited capacity. A size is a number of bytes followed by B, kB, MB, GB, TB, KiB, MiB,
  /// GiB or TiB, or is `unlimited`. Errors: an unknown key (with the nearest known one), a key
  /// given twice, a negative or huge number, no processor at all.
  [[nodiscard]] static Result<MachineShape> parse(std::string_view text);

  [[nodiscard]] int node_count() const { return static_cast<int>(nodes_.size()); }
  [[nodiscard]] const NodeShape& node(int index) const { return nodes_[index]; }
  /// Machine(K).size[1]: the smallest count over all nodes, so that every node computes the same
  /// space.
  [[nodiscard]] int processors_per_node(ProcessorKind kind) const;
  [[nodiscard]] int processors(ProcessorKind kind, int node) const;
  /// Whether a processor of this kind has access to a memory of this kind on the node.
  [[nodiscard]] bool has_memory(ProcessorKind processor, MemoryKind memory, int node) const;
  /// Whether some node has a processor of this kind.
  [[nodiscard]] bool has(ProcessorKind kind) const;
  /// Whether some node has processors of this kind, and each that does has such a memory for them.
  [[nodiscard]] bool has(ProcessorKind kind, MemoryKind memory) const;
  /// The form that parse() reads. If nodes differ, what all of them have.
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<NodeShape> nodes_;
};

}  // namespace placewright::machine
