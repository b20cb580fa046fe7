// SPDX-License-Identifier: Apache-2.0
// InstanceLimit: at most n instances of a task that are mapped but not finished, per processor. One
// object per mapper object, that is, per processor. Launches of limited tasks are sliced point by
// point and kept out of traces, because trace replays do not call the mapper.
#pragma once

#include <map>
#include <vector>

#include "legion.h"
#include "legion/waiting.h"

namespace placewright::legion {

class InstanceLimits {
 public:
  /// `waiting` ends each time a limited task finishes.
  explicit InstanceLimits(Waiting& waiting) : waiting_(&waiting) {}

  /// Counts the task and returns true, or returns false because the processor is full.
  [[nodiscard]] bool admit(Legion::TaskID task, int limit);
  /// Does nothing for a task that was not counted.
  void finished(Legion::Mapping::MapperContext ctx, Legion::TaskID task);

 private:
  Waiting* waiting_;
  std::map<Legion::TaskID, int> in_flight_;
};

/// Whether an ancestor of the task is the same task. Limiting such a task could deadlock, since the
/// ancestor finishes only after it.
[[nodiscard]] bool is_nested_in_itself(const Legion::Task& task);

/// Whether the application asks Legion to map the points of an index launch together
/// (LEGION_COLLECTIVE_EXCLUSIVE and similar). No point runs before all are mapped, so holding some
/// back would deadlock.
[[nodiscard]] bool maps_collectively(const Legion::Task& task);

}  // namespace placewright::legion
