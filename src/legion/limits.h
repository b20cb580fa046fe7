// SPDX-License-Identifier: Apache-2.0
// InstanceLimit: at most n instances of a task mapped and not yet finished per processor. One
// object per mapper object, that is per processor. Launches of limited tasks are sliced point by
// point, and are kept out of traces, because replays ask no mapper.
#pragma once

#include <map>
#include <vector>

#include "legion.h"
#include "legion/waiting.h"

namespace placewright {

class InstanceLimits {
 public:
  /// `waiting` ends whenever a limited task finishes.
  explicit InstanceLimits(Waiting& waiting) : waiting_(&waiting) {}

  /// Counts the task and says true, or says false because the processor is full.
  [[nodiscard]] bool admit(Legion::TaskID task, int limit);
  /// Does nothing for a task that was not counted.
  void finished(Legion::Mapping::MapperContext ctx, Legion::TaskID task);

 private:
  Waiting* waiting_;
  std::map<Legion::TaskID, int> in_flight_;
};

/// Whether an ancestor of the task is the same task: limiting it could wait for ever, since the
/// ancestor only finishes after it.
[[nodiscard]] bool is_nested_in_itself(const Legion::Task& task);

/// Whether the application asks Legion to map the points of an index launch together
/// (LEGION_COLLECTIVE_EXCLUSIVE and its like): none runs before all are mapped, so holding some
/// back would wait for ever.
[[nodiscard]] bool maps_collectively(const Legion::Task& task);

}  // namespace placewright
