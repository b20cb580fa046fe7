// SPDX-License-Identifier: Apache-2.0
// Memories of limited size and the instances in them, as a runtime keeps them. Decides nothing.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "decide/argument.h"

namespace placewright::decide {

/// An instance for some fields and points of a region tree. One point of one field is one byte.
struct SimulatedInstance {
  uint64_t memory = 0;
  uint32_t tree = 0;
  std::vector<FieldId> fields = {};  ///< Ascending.
  machine::LaunchDomain bounds = {};
  bool is_reduction = false;
  int layout = 0;
  int users = 0;            ///< Attempts and tasks that have acquired it.
  bool holds_data = false;  ///< It cannot be deleted, whoever uses it.

  [[nodiscard]] uint64_t bytes() const {
    return static_cast<uint64_t>(bounds.volume()) * fields.size();
  }
  [[nodiscard]] bool is_needed() const { return users > 0 || holds_data; }
  [[nodiscard]] bool has_fields(std::span<const FieldId> wanted) const;
  [[nodiscard]] bool has_points(const machine::LaunchDomain& wanted, bool tight) const;
};

class SimulatedMemories {
 public:
  explicit SimulatedMemories(std::vector<Memory> memories) : memories_(std::move(memories)) {}

  [[nodiscard]] const std::vector<Memory>& memories() const { return memories_; }
  [[nodiscard]] uint64_t used(uint64_t memory) const;
  /// Whether so many bytes fit after everything that is not needed has been deleted.
  [[nodiscard]] bool has_room(uint64_t memory, uint64_t bytes) const;
  /// Deletes what is in the way and is not needed. The result is acquired; nullopt without room.
  [[nodiscard]] std::optional<uint64_t> make(SimulatedInstance instance);
  /// An instance that would do as well as the new one; it is acquired.
  [[nodiscard]] std::optional<uint64_t> find(const SimulatedInstance& wanted, bool tight);

  /// False if the instance has gone.
  [[nodiscard]] bool acquire(uint64_t id);
  void release(uint64_t id);
  void delete_if_unneeded(uint64_t id);
  [[nodiscard]] bool exists(uint64_t id) const { return instances_.contains(id); }
  [[nodiscard]] SimulatedInstance& at(uint64_t id) { return instances_.at(id); }
  [[nodiscard]] std::vector<uint64_t> of_tree(uint32_t tree) const;

 private:
  [[nodiscard]] uint64_t capacity(uint64_t memory) const;

  std::vector<Memory> memories_;
  std::map<uint64_t, SimulatedInstance> instances_;
  uint64_t next_ = 1;
};

}  // namespace placewright::decide
