// SPDX-License-Identifier: Apache-2.0
#include "common/regions.h"

#include <map>

namespace apps {

using namespace Legion;

FieldSpace create_fields(Context ctx, Runtime* runtime, const std::vector<FieldName>& fields) {
  const FieldSpace space = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, space);
  for (const FieldName& field : fields) {
    allocator.allocate_field(field.bytes, field.id);
    runtime->attach_name(space, field.id, field.name.c_str());
  }
  return space;
}

LogicalRegion create_region(Context ctx, Runtime* runtime, Domain domain,
                            const std::vector<FieldName>& fields, const char* name) {
  const IndexSpace space = runtime->create_index_space(ctx, domain);
  const LogicalRegion region =
      runtime->create_logical_region(ctx, space, create_fields(ctx, runtime, fields));
  runtime->attach_name(region, name);
  return region;
}

LogicalPartition create_partition(Context ctx, Runtime* runtime, LogicalRegion region,
                                  const std::vector<Domain>& subsets, IndexSpace colors,
                                  PartitionKind kind, const char* name, Color color) {
  std::map<DomainPoint, Domain> domains;
  size_t next = 0;
  for (Domain::DomainPointIterator point(runtime->get_index_space_domain(colors)); point; ++point) {
    domains[point.p] = subsets[next++];
  }
  const IndexPartition index = runtime->create_partition_by_domain(
      ctx, region.get_index_space(), domains, colors, /*perform_intersections=*/false, kind, color);
  const LogicalPartition result = runtime->get_logical_partition(ctx, region, index);
  runtime->attach_name(result, name);
  return result;
}

}  // namespace apps
