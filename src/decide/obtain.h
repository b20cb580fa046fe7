// SPDX-License-Identifier: Apache-2.0
// How one argument gets its instance: what to try, in order, until one action succeeds. A memory
// that is full sends the argument to the next memory of its list.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "decide/memories.h"

namespace placewright::decide {

struct Action {
  enum class Kind : uint8_t {
    Reuse,  ///< Acquire `instance`; it may have gone.
    Make    ///< An instance in `where`; how_to_make() tells how.
  } kind = Kind::Make;
  const UsableMemory* where = nullptr;
  InstanceId instance = 0;
};

/// An instance that did not fit.
struct Shortage {
  const MemoryChoice* choice = nullptr;
  Memory memory;
  uint64_t bytes = 0;  ///< 0 if the task only yielded to an older one.
};

enum class Making : uint8_t {
  FindOrMake,
  MakeOwn,  ///< Never shared with another task.
  Find,     ///< An older task waits for the memory: take what exists, make nothing.
  Nothing   ///< The same, but an existing instance would not do.
};
[[nodiscard]] Making how_to_make(const Argument& argument, bool yields);

/// Whether one box has all points of another.
[[nodiscard]] bool covers(const machine::LaunchDomain& outer, const machine::LaunchDomain& inner);
/// Whether a valid instance can serve an argument that needs the points of `needed`.
[[nodiscard]] bool can_reuse(const Store& store, InstanceId instance, const Argument& argument,
                             const UsableMemory& where, const machine::LaunchDomain& needed);

/// How tasks of one reduction share instances, launch after launch: folds stay pending until somebody
/// reads the data, so new instances would fill the memory.
struct Folding {
  /// By usable memory: this many are made before one is shared; at least 1.
  std::vector<size_t> most = {};
  size_t turn = 0;  ///< The instances are used in turn.
};
/// `processors`: on which tasks can fold at the same time. `leaves_half`: another instance leaves half
/// of the memory free, so that whoever reads the data, and applies the folds, finds room.
[[nodiscard]] inline size_t most_fold_instances(size_t processors, bool leaves_half) {
  return leaves_half && processors > 0 ? processors : 1;
}

/// The actions for one argument. Does not allocate.
class Obtaining {
 public:
  /// Instances 0 to `valid` - 1 of the store hold valid data of the argument. `needed` is the
  /// bounding box of its region. Everything must outlive the object.
  Obtaining(const Argument& argument, std::span<const UsableMemory> usable, const Store& store,
            InstanceId valid, const machine::LaunchDomain& needed);
  /// The same for a fold (shares_folds).
  Obtaining(const Argument& argument, std::span<const UsableMemory> usable, const Store& store,
            InstanceId valid, const machine::LaunchDomain& needed, Folding folding);
  /// For arguments that share one instance: valid instances of a single one are not considered.
  Obtaining(const Argument& leader, std::span<const UsableMemory> usable);

  /// The next action; nullopt if there is nothing left to try.
  [[nodiscard]] std::optional<Action> next();
  /// The last action was to make an instance, and it did not fit.
  void no_room(uint64_t bytes);

  /// The first memory that was full: why a later one was used, or why the task waits.
  [[nodiscard]] const std::optional<Shortage>& shortage() const { return shortage_; }
  /// Whether a full memory could hold the instance if it were empty.
  [[nodiscard]] bool is_worth_waiting() const { return is_worth_waiting_; }

 private:
  [[nodiscard]] std::optional<Action> next_fold();
  [[nodiscard]] std::optional<InstanceId> next_valid(const UsableMemory& where);

  const Argument* argument_;
  std::span<const UsableMemory> usable_;
  const Store* store_ = nullptr;
  InstanceId valid_ = 0;
  const machine::LaunchDomain* needed_ = nullptr;
  std::optional<Folding> folding_;
  std::vector<Action>
      folds_;  ///< What is left to try for a fold in the current memory, last first.
  size_t memory_ = 0;
  std::optional<std::pair<int64_t, InstanceId>>
      last_;  ///< Volume and number of the valid instance that was named last.
  std::optional<Shortage> shortage_;
  bool is_worth_waiting_ = false;
};

}  // namespace placewright::decide
