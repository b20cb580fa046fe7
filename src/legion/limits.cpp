// SPDX-License-Identifier: Apache-2.0
#include "legion/limits.h"

#include <algorithm>

namespace placewright::legion {

using Legion::Mapping::MapperContext;

bool InstanceLimits::admit(Legion::TaskID task, int limit) {
  int& count = in_flight_[task];
  if (count >= limit) return false;
  ++count;
  return true;
}

void InstanceLimits::finished(MapperContext ctx, Legion::TaskID task) {
  const auto count = in_flight_.find(task);
  if (count == in_flight_.end() || count->second == 0) return;
  --count->second;
  waiting_->end(ctx);
}

bool is_nested_in_itself(const Legion::Task& task) {
  for (const Legion::Task* parent = task.get_parent_task(); parent != nullptr;
       parent = parent->get_parent_task()) {
    if (parent->task_id == task.task_id) return true;
    if (!parent->has_parent_task()) break;
  }
  return false;
}

bool maps_collectively(const Legion::Task& task) {
  return task.is_index_space &&
         std::ranges::any_of(task.regions, [](const Legion::RegionRequirement& region) {
           return (region.prop & LEGION_COLLECTIVE_MASK) != 0;
         });
}

}  // namespace placewright::legion
