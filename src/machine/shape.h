// SPDX-License-Identifier: Apache-2.0
// How many processors and which memories a machine has. Speeds are in description.h.
#pragma once

#include <array>
#include <cstdint>
#include <span>
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

/// Tables with an entry for each processor must fit.
inline constexpr int64_t kMostProcessorsOfAKind = int64_t{1} << 22;
/// Errors: more processors of one kind.
[[nodiscard]] Result<void> check_size(std::span<const NodeShape> nodes);

/// Immutable. At least one node, and no more than check_size() allows.
class MachineShape {
 public:
  explicit MachineShape(std::vector<NodeShape> nodes);

  /// Reads `nodes=2,GPU=4,CPU=1,OMP=1`, optionally with memories `FBMEM=16GiB,ZCMEM=0`. A value is
  /// that of every node, or a list with one for each: `nodes=2,GPU=4|2`. Of the memories not named, SYSMEM and (if there are GPUs) FBMEM and ZCMEM exist
  /// with unlimited capacity. A size is a number of bytes followed by B, kB, MB, GB, TB, KiB, MiB,
  /// GiB or TiB, or is `unlimited`. Errors: an unknown key (with the nearest known one), a key
  /// given twice, a negative or huge number, a list of another length than the number of nodes, no
  /// processor at all.
  [[nodiscard]] static Result<MachineShape> parse(std::string_view text);

  [[nodiscard]] int node_count() const { return static_cast<int>(nodes_.size()); }
  [[nodiscard]] const NodeShape& node(int index) const { return nodes_[index]; }
  /// Machine(K).size[1]: the smallest count over the nodes that have the kind; 0 if none has.
  [[nodiscard]] int processors_per_node(ProcessorKind kind) const;
  /// The largest count over all nodes.
  [[nodiscard]] int most_processors_per_node(ProcessorKind kind) const;
  /// The nodes that have the kind: Machine(K).size[0] of them.
  [[nodiscard]] std::vector<int> nodes_with(ProcessorKind kind) const;
  /// On all nodes together.
  [[nodiscard]] int64_t processors(ProcessorKind kind) const;
  [[nodiscard]] int processors(ProcessorKind kind, int node) const;
  /// Whether a processor of this kind has access to a memory of this kind on the node.
  [[nodiscard]] bool has_memory(ProcessorKind processor, MemoryKind memory, int node) const;
  /// Whether some node has a processor of this kind.
  [[nodiscard]] bool has(ProcessorKind kind) const;
  /// Whether some node has processors of this kind, and each that does has such a memory for them.
  [[nodiscard]] bool has(ProcessorKind kind, MemoryKind memory) const;
  /// The form that parse() reads.
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<NodeShape> nodes_;
};

}  // namespace placewright::machine
