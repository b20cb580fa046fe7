// SPDX-License-Identifier: Apache-2.0
// Instances, who used them last, and what they occupy: what the plug-in asks Legion for.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "decide/argument.h"
#include "decide/memories.h"
#include "sim/data.h"
#include "sim/labels.h"
#include "sim/machine.h"
#include "sim/timeline.h"

namespace placewright::sim {

/// Activities that used a cell of an instance since it was last written.
struct CellUsers {
  ActivityId writer = kNoActivity;
  std::vector<ActivityId> readers = {};
};

struct Instance {
  uint64_t memory = 0;
  uint32_t tree = 0;
  uint32_t points = 0;  ///< The point set that it was made for.
  machine::LaunchDomain bounds;
  decide::Layout layout;
  std::vector<decide::FieldId> fields;  ///< Ascending.
  uint64_t bytes = 0;
  double element_bytes = 0;       ///< All fields of one element.
  std::vector<uint32_t> cells;    ///< Ascending.
  std::vector<CellUsers> users;   ///< By the position of the cell.
  std::vector<ActivityId> after;  ///< Used the room before; whoever uses it first waits for them.
  size_t valid_cells = 0;         ///< In so many it holds valid data or pending folds.
  ArgumentId made_for;
  bool is_gone = false;
  [[nodiscard]] bool folds() const { return layout.specialization.reduction != 0; }
  [[nodiscard]] CellUsers& users_of(uint32_t cell);
};

/// What to make.
struct Wanted {
  uint32_t tree = 0;
  uint32_t points = 0;
  std::vector<decide::FieldId> fields;
  uint64_t element_bytes = 0;
  const decide::MemoryChoice* choice = nullptr;
  decide::Memory memory;
  ArgumentId made_for = {};
};

using InstanceNumber = uint32_t;

class Instances {
 public:
  Instances(const workload::Recording& recording, const Data& data, const ModelledMachine& machine)
      : recording_(&recording), data_(&data), used_(machine.memories.size() + 1) {}

  [[nodiscard]] const std::vector<Instance>& all() const { return all_; }
  [[nodiscard]] Instance& at(InstanceNumber number) { return all_[number]; }
  [[nodiscard]] const Instance& at(InstanceNumber number) const { return all_[number]; }

  /// An instance that exists, valid or not, and would do; `is_exact`: not a larger one.
  [[nodiscard]] std::optional<InstanceNumber> find(const Wanted& wanted, bool is_exact) const;
  /// Frees instances without valid data if there is no room. Nullopt: there still is none.
  [[nodiscard]] std::optional<InstanceNumber> make(const Wanted& wanted);
  /// The size that make() would ask for.
  [[nodiscard]] uint64_t bytes_of(const Wanted& wanted) const;
  /// The instance is not found any more, and its room is free once its users have ended.
  void free(InstanceNumber number);

  [[nodiscard]] uint64_t used(uint64_t memory) const { return used_[memory].bytes; }
  [[nodiscard]] uint64_t peak(uint64_t memory) const { return used_[memory].peak; }

 private:
  /// Room that is free once these have ended.
  struct Freed {
    uint64_t bytes = 0;
    std::vector<ActivityId> users;
  };
  struct Used {
    uint64_t bytes = 0;
    uint64_t peak = 0;
    std::vector<InstanceNumber> instances;  ///< That are not gone.
    std::deque<Freed> freed;                ///< Room that nobody took since, the oldest first.
    uint64_t freed_bytes = 0;
  };
  void make_room(uint64_t memory, uint64_t bytes, uint64_t capacity);
  /// Takes room: what was never used first. Returns whom the new instance waits for.
  [[nodiscard]] std::vector<ActivityId> take(Used& used, uint64_t bytes, uint64_t capacity);

  const workload::Recording* recording_;
  const Data* data_;
  std::vector<Instance> all_;
  std::vector<Used> used_;  ///< By memory.
};

/// Whether an instance with one layout satisfies another.
[[nodiscard]] bool satisfies(const decide::Layout& has, const decide::Layout& wanted);

/// Some of the instances, numbered from 0, as the decision core sees them.
class NumberedInstances final : public decide::Store {
 public:
  NumberedInstances(const Instances& all, std::span<const InstanceNumber> some,
                    std::span<const decide::UsableMemory> usable)
      : all_(&all), some_(some), usable_(usable) {}

  [[nodiscard]] uint64_t memory(decide::InstanceId id) const override { return of(id).memory; }
  [[nodiscard]] bool is_normal(decide::InstanceId id) const override { return !of(id).folds(); }
  [[nodiscard]] bool has_fields(decide::InstanceId id,
                                std::span<const decide::FieldId> fields) const override;
  [[nodiscard]] machine::LaunchDomain bounds(decide::InstanceId id) const override {
    return of(id).bounds;
  }
  [[nodiscard]] bool entails(decide::InstanceId id, int choice) const override;

 private:
  [[nodiscard]] const Instance& of(decide::InstanceId id) const { return all_->at(some_[id]); }

  const Instances* all_;
  std::span<const InstanceNumber> some_;
  std::span<const decide::UsableMemory> usable_;
};

}  // namespace placewright::sim
