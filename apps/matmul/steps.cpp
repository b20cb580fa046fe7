// SPDX-License-Identifier: Apache-2.0
#include "matmul/steps.h"

namespace matmul {

using namespace Legion;

void launch_steps(const Task* task, Context ctx, Runtime* runtime, TaskId child, int64_t row,
                  int64_t column, const std::vector<int64_t>& order) {
  // What the task may do to A, its children may: change it or reduce into it.
  RegionRequirement a = task->regions[0];
  a.handle_type = LEGION_SINGULAR_PROJECTION;
  a.parent = a.region;
  const LogicalRegion b = task->regions[1].region;
  const LogicalRegion c = task->regions[2].region;
  for (const int64_t k : order) {
    TaskLauncher launcher(child, UntypedBuffer());
    launcher.tag = kSameNode;
    launcher.add_region_requirement(a);
    launcher.add_region_requirement(RegionRequirement(inner_block(ctx, runtime, b, row, k),
                                                      LEGION_READ_ONLY, LEGION_EXCLUSIVE, b));
    launcher.add_region_requirement(RegionRequirement(inner_block(ctx, runtime, c, k, column),
                                                      LEGION_READ_ONLY, LEGION_EXCLUSIVE, c));
    launcher.region_requirements[1].add_field(kEntry);
    launcher.region_requirements[2].add_field(kEntry);
    runtime->execute_task(ctx, launcher);
  }
}

}  // namespace matmul
