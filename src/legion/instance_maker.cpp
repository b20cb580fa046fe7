// SPDX-License-Identifier: Apache-2.0
#include "legion/instance_maker.h"

#include "decide/defaults.h"
#include "legion/convert.h"
#include "legion/instance_region.h"

namespace placewright::legion {

using decide::Making;
using Legion::LogicalRegion;

InstanceMaker::Made InstanceMaker::make(Mapping& mapping, const Wanted& wanted,
                                        const decide::UsableMemory& where,
                                        std::vector<LogicalRegion> regions, Making making) {
  if (regions.empty()) regions.push_back(region_of(mapping, wanted, where));
  const Legion::LayoutConstraintSet& layout = layouts_->of(*where.choice);
  const Legion::Memory memory = to_legion(where.memory);
  const bool tight = where.choice->request.tight;
  const bool reduces = wanted.argument.privilege == machine::Privilege::Reduce;
  const Legion::LayoutConstraint* unsatisfied = nullptr;
  Instance result;
  size_t bytes = 0;
  bool created = false;
  bool made = false;
  switch (making) {
    case Making::FindOrMake:
      // What a task gets must not depend on what was made for others before, so a larger one that
      // exists will do only where there is no room for its own.
      made = runtime_->find_or_create_physical_instance(
                 mapping.ctx, memory, layout, regions, result, created, /*acquire=*/true,
                 LEGION_GC_DEFAULT_PRIORITY, /*tight_region_bounds=*/true, &bytes, &unsatisfied) ||
             (!tight && runtime_->find_physical_instance(mapping.ctx, memory, layout, regions,
                                                         result, /*acquire=*/true, tight));
      break;
    case Making::MakeOwn:
      made = created = runtime_->create_physical_instance(
          mapping.ctx, memory, layout, regions, result, /*acquire=*/true,
          reduces ? LEGION_GC_FIRST_PRIORITY : LEGION_GC_DEFAULT_PRIORITY, tight, &bytes,
          &unsatisfied);
      break;
    case Making::Find:
      made = runtime_->find_physical_instance(mapping.ctx, memory, layout, regions, result,
                                              /*acquire=*/true, tight);
      break;
    case Making::Nothing:
      break;
  }
  if (made && created) {
    host_->memory_wait().made(result, mapping.task.task_id, wanted.index());
    mapping.made.push_back(result);
  }
  if (made) return {result};
  // A known size means that the layout was computed, so the cause is lack of room.
  return {std::nullopt, bytes, unsatisfied != nullptr && bytes == 0};
}

LogicalRegion InstanceMaker::region_of(const Mapping& mapping, const Wanted& wanted,
                                       const decide::UsableMemory& where) const {
  const decide::LayoutRequest& request = where.choice->request;
  const LogicalRegion region = wanted.view.requirement().region;
  if (request.tight) return region;
  const decide::InstanceRegionFacts facts{
      where.memory.kind, wanted.argument.privilege == machine::Privilege::Reduce,
      exact_regions_ || request.layout.specialization.exact || wanted.argument.wishes.exact_region,
      request.layout.padding.has_value()};
  return instance_region(runtime_, mapping.ctx, region, facts, host_->machine().node_count());
}

}  // namespace placewright::legion
