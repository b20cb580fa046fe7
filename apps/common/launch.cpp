// SPDX-License-Identifier: Apache-2.0
#include "common/launch.h"

namespace apps {

using namespace Legion;

Fields operator+(Fields a, const Fields& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Fields field_range(FieldID first, int count) {
  Fields fields;
  for (int k = 0; k < count; ++k) fields.push_back(first + static_cast<FieldID>(k));
  return fields;
}

Launch::Launch(TaskID task, IndexSpace space, UntypedBuffer arguments)
    : launcher_(task, space, arguments, ArgumentMap()) {}

Launch& Launch::project(ProjectionID projection) {
  projection_ = projection;
  return *this;
}

Launch& Launch::use(LogicalPartition partition, LogicalRegion parent, PrivilegeMode privilege,
                    const Fields& fields) {
  return add(RegionRequirement(partition, projection_, privilege, LEGION_EXCLUSIVE, parent),
             fields);
}

Launch& Launch::use(LogicalRegion region, PrivilegeMode privilege, const Fields& fields) {
  return add(RegionRequirement(region, privilege, LEGION_EXCLUSIVE, region), fields);
}

Launch& Launch::reduce(LogicalPartition partition, LogicalRegion parent, ReductionOpID operation,
                       const Fields& fields) {
  return add(RegionRequirement(partition, projection_, operation, LEGION_EXCLUSIVE, parent),
             fields);
}

Launch& Launch::tag(MappingTagID tag) {
  launcher_.tag = tag;
  return *this;
}

Launch& Launch::wait_for(const Future& future) {
  launcher_.add_future(future);
  return *this;
}

FutureMap Launch::run(Context ctx, Runtime* runtime) {
  return runtime->execute_index_space(ctx, launcher_);
}

Future Launch::combine(Context ctx, Runtime* runtime, ReductionOpID operation) {
  return runtime->execute_index_space(ctx, launcher_, operation);
}

Launch& Launch::add(RegionRequirement requirement, const Fields& fields) {
  requirement.add_fields(fields);
  launcher_.add_region_requirement(requirement);
  return *this;
}

}  // namespace apps
