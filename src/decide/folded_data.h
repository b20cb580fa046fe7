// SPDX-License-Identifier: Apache-2.0
// Tracks data that may have pending folds (reductions that no instance has applied yet). One object
// per process; the caller locks it.
//
// When a reader's instance applies pending folds, it becomes the only valid copy; Legion 25.12
// still drops it if the mapper does not want it tracked. CollectMemory therefore has no effect on
// such data. Legion does not tell a mapper about pending folds; they are inferred from the launches
// recorded here.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <utility>

#include "decide/argument.h"

namespace placewright::decide {

/// Data as the program names it: a tree of regions and fields of it.
struct DataRef {
  uint64_t tree = 0;
  std::span<const FieldId> fields;
};

/// Whether a launched task may leave folds pending. `nests`: it may be mapped virtually, in which
/// case the folds of the tasks that it launches stay pending after it.
[[nodiscard]] inline bool may_leave_folds(machine::Privilege privilege, bool nests) {
  return privilege == machine::Privilege::Reduce || (nests && machine::writes(privilege));
}

class FoldedData {
 public:
  /// A task that uses the data was launched.
  void launched(const DataRef& data, machine::Privilege privilege, bool nests);
  /// A copy reduces into the data.
  void copied(const DataRef& data) { note(data); }
  /// A task was mapped with a virtual instance for the data. If another process launched the task,
  /// nothing is known about what came before it.
  void mapped_virtually(const DataRef& data, bool from_elsewhere);

  /// Whether the data of a read-only argument may have pending folds, as far as this process can
  /// know.
  [[nodiscard]] bool may_hold_folds(const DataRef& data, bool from_elsewhere) const;
  [[nodiscard]] bool empty() const { return folded_.empty(); }

 private:
  void note(const DataRef& data);

  std::set<std::pair<uint64_t, FieldId>> folded_;
};

/// Whether an instance of a read-only argument is left to the runtime to collect after its use.
enum class Collection : uint8_t {
  Keep,
  Collect,
  CannotCollect  ///< A rule asks for it, but the data may hold folds.
};
/// `rule`: a CollectMemory rule holds. `is_in_the_way`: the instance is in the last memory of its
/// list, which is crowded: a copy that nothing invalidates would occupy it forever.
[[nodiscard]] Collection decide_collection(machine::Privilege privilege, bool rule,
                                           bool is_in_the_way, bool may_hold_folds,
                                           bool as_published);

}  // namespace placewright::decide
