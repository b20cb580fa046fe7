// SPDX-License-Identifier: Apache-2.0
// Which instances hold valid data, what must be copied before a task runs, and what it waits for: the
// runtime's physical analysis, cell by cell. Copies become activities of the timeline.
//
// A reader adds its instance to the valid ones, a writer's becomes the only one. Folds stay pending
// until somebody uses the data: then the instance first gets valid data, then all folds.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "machine/privilege.h"
#include "sim/instances.h"
#include "sim/labels.h"
#include "sim/work_model.h"

namespace placewright::sim {

/// What a task does with an instance.
struct InstanceUse {
  uint32_t task = 0;  ///< Its number in the workload.
  int argument = 0;
  InstanceNumber instance = 0;
  std::span<const uint32_t> cells;
  machine::Privilege privilege = machine::Privilege::None;
  bool is_collected = false;  ///< Its data is not valid after the task.
};

/// What was moved, by source and target memory; 0 is a fill.
struct Moved {
  uint64_t bytes = 0;
  uint64_t count = 0;
};
using Moves = std::map<std::pair<uint64_t, uint64_t>, Moved>;

class Coherence {
 public:
  Coherence(const Data& data, const ModelledMachine& machine, Instances& instances,
            WorkModel& model, Timeline& timeline, Labels& labels)
      : data_(&data),
        machine_(&machine),
        instances_(&instances),
        model_(&model),
        timeline_(&timeline),
        labels_(&labels),
        states_(data.cells().size()) {}

  /// The instances that hold valid data of any of these cells, ascending.
  [[nodiscard]] std::vector<InstanceNumber> valid(std::span<const uint32_t> cells) const;

  /// Adds the copies that a use needs. `start`: they come after it. Returns what the task waits for.
  [[nodiscard]] std::vector<ActivityId> prepare(const InstanceUse& use, ActivityId start);
  /// Cells get one value: no instance holds valid data, and a reader's is filled, not copied to.
  void fill(std::span<const uint32_t> cells);
  /// The task that uses the instance was added.
  void use(const InstanceUse& use, ActivityId task);

  [[nodiscard]] const Moves& moves() const { return moves_; }
  /// Bytes that CPUs copy, in no modelled time.
  [[nodiscard]] uint64_t unmodelled_bytes() const { return unmodelled_bytes_; }

 private:
  struct CellState {
    std::vector<InstanceNumber> valid;
    std::vector<InstanceNumber> folds;  ///< Pending, in the order in which they began.
    bool is_filled = false;             ///< And nobody has written since.
  };
  /// Cells to be moved from one instance.
  using Sources = std::map<InstanceNumber, std::vector<uint32_t>>;

  /// Writes one value into these cells of the use's instance, none of which is empty.
  void add_fill(const InstanceUse& use, const std::vector<uint32_t>& cells, ActivityId start);
  void bring_data(const InstanceUse& use, ActivityId start);
  void apply_folds(const InstanceUse& use, ActivityId start);
  void begin_folds(const InstanceUse& use, ActivityId start);
  [[nodiscard]] InstanceNumber best_source(uint32_t cell, InstanceNumber target) const;
  void copy(InstanceNumber from, const InstanceUse& use, const std::vector<uint32_t>& cells,
            bool folds, ActivityId start);
  void add_report(const InstanceUse& use, int node, ActivityId copy);
  void note(const Transfer& transfer);
  void set_valid(uint32_t cell, InstanceNumber instance, bool only);
  void drop_all(std::vector<InstanceNumber>& list);

  const Data* data_;
  const ModelledMachine* machine_;
  Instances* instances_;
  WorkModel* model_;
  Timeline* timeline_;
  Labels* labels_;
  std::vector<CellState> states_;
  Moves moves_;
  uint64_t unmodelled_bytes_ = 0;
};

}  // namespace placewright::sim
