// SPDX-License-Identifier: Apache-2.0
// Legion's machine as nodes with numbered processors. Translates the numbers returned by a mapping
// function to Legion's processors, and memory kinds to the memories near a processor. Immutable
// after construction.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "legion/convert.h"
#include "machine/shape.h"

namespace placewright::legion {

/// A processor as a mapping refers to it.
struct ProcessorPlace {
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int node = 0;
  int ordinal = 0;
};

class MachineView {
 public:
  explicit MachineView(Legion::Machine machine);

  [[nodiscard]] const machine::MachineShape& shape() const { return shape_; }
  [[nodiscard]] int node_count() const { return shape_.node_count(); }
  /// In ascending order of Legion's ids, which is the order of ordinals.
  [[nodiscard]] std::span<const Legion::Processor> processors(machine::ProcessorKind kind,
                                                              int node) const;
  /// nullopt for utility processors.
  [[nodiscard]] std::optional<ProcessorPlace> place(Legion::Processor processor) const;
  /// The memory of this kind on the processor's node that the processor reaches fastest; NO_MEMORY
  /// if there is none or its capacity is 0.
  [[nodiscard]] Legion::Memory memory(Legion::Processor processor, machine::MemoryKind kind) const;
  /// "cpu 1 of node 0" for messages.
  [[nodiscard]] std::string describe(Legion::Processor processor) const;

 private:
  using Node = std::array<std::vector<Legion::Processor>, machine::kProcessorKindCount>;
  using Memories = std::array<Legion::Memory, machine::kMemoryKindCount>;

  void find_processors(Legion::Machine machine);
  void find_memories(Legion::Machine machine);
  [[nodiscard]] machine::MachineShape make_shape(Legion::Machine machine) const;

  std::vector<Node> nodes_;
  std::map<Legion::Processor, ProcessorPlace> places_;
  std::map<Legion::Processor, Memories> memories_;
  machine::MachineShape shape_;
};

}  // namespace placewright::legion
