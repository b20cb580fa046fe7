// SPDX-License-Identifier: Apache-2.0
// Legion's machine as the decision core sees it, and the numbers of Legion's processors. Immutable
// after construction.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "decide/machine.h"
#include "legion/convert.h"

namespace placewright::legion {

class MachineView {
 public:
  explicit MachineView(Legion::Machine machine);

  [[nodiscard]] const decide::Machine& machine() const { return *machine_; }
  [[nodiscard]] const machine::MachineShape& shape() const { return machine_->shape(); }
  [[nodiscard]] int node_count() const { return machine_->node_count(); }
  /// In ascending order of Legion's ids, which is the order of ordinals.
  [[nodiscard]] std::span<const Legion::Processor> processors(machine::ProcessorKind kind,
                                                              int node) const;
  /// On all nodes, in order.
  [[nodiscard]] std::vector<Legion::Processor> processors(machine::ProcessorKind kind) const;
  [[nodiscard]] Legion::Processor processor(const decide::ProcessorPlace& place) const {
    return processors(place.kind, place.node)[static_cast<size_t>(place.ordinal)];
  }
  /// nullopt for utility processors.
  [[nodiscard]] std::optional<decide::ProcessorPlace> place(Legion::Processor processor) const;

 private:
  using Node = std::array<std::vector<Legion::Processor>, machine::kProcessorKindCount>;

  void find_processors(Legion::Machine machine);
  void describe_memories(Legion::Machine machine);
  [[nodiscard]] machine::MachineShape make_shape(Legion::Machine machine) const;

  std::vector<Node> nodes_;
  std::map<Legion::Processor, decide::ProcessorPlace> places_;
  std::optional<decide::Machine> machine_;
};

}  // namespace placewright::legion
