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

namespace placewright {

inline constexpr uint64_t kMiB = 1024 * 1024;
inline constexpr uint64_t kUnlimitedBytes = UINT64_MAX;

/// One node: one address space, that is one process of a Legion run.
struct NodeShape {
  std::array<int, kProcessorKindCount> processors{};
  /// Capacity in bytes of one memory of each kind; 0 where the node has none, kUnlimitedBytes where
  /// nothing is known. A frame buffer belongs to one GPU.
  std::array<uint64_t, kMemoryKindCount> memory_bytes{};
};

/// Immutable. At least one node.
class MachineShape {
 public:
  explicit MachineShape(std::vector<NodeShape> nodes);

  /// Reads `nodes=2,GPU=4,CPU=1,OMP=1`, optionally with memories `FBMEM=16GiB,ZCMEM=0`. Every node
  /// is alike. Memories not named: SYSMEM, and where there are GPUs FBMEM and ZCMEM, are there with
  /// unlimited capacity. Sizes are bytes, with B, kB, MB, GB, TB, KiB, MiB, GiB or TiB behind the
  /// number, or `unlimited`. Errors: an unknown key (with the nearest known one), a key given
  /// twice, a number that is negative or huge, no processor at all.
  [[nodiscard]] static Result<MachineShape> parse(std::string_view text);

  [[nodiscard]] int node_count() const { return static_cast<int>(nodes_.size()); }
  [[nodiscard]] const NodeShape& node(int index) const { return nodes_[index]; }
  /// Machine(K).size[1]: the smallest count over all nodes, so that every node computes the same
  /// space.
  [[nodiscard]] int processors_per_node(ProcessorKind kind) const;
  [[nodiscard]] int processors(ProcessorKind kind, int node) const;
  /// Whether a processor of this kind finds a memory of this kind on the node.
  [[nodiscard]] bool has_memory(ProcessorKind processor, MemoryKind memory, int node) const;
  /// The form that parse() reads. Where nodes differ: what all of them have.
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<NodeShape> nodes_;
};

}  // namespace placewright
