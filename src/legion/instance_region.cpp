// SPDX-License-Identifier: Apache-2.0
#include "legion/instance_region.h"

#include <vector>

namespace placewright::legion {

Legion::LogicalRegion instance_region(Legion::Mapping::MapperRuntime* runtime,
                                      Legion::Mapping::MapperContext ctx,
                                      Legion::LogicalRegion region,
                                      const decide::InstanceRegionFacts& facts, int nodes) {
  std::vector<Legion::LogicalRegion> path = {region};
  const auto volume = [&](Legion::LogicalRegion each) -> uint64_t {
    // One node needs no volumes.
    if (nodes == 1) return 0;
    return runtime->get_index_space_domain(ctx, each.get_index_space()).get_volume();
  };
  std::vector<uint64_t> volumes = {volume(path.front())};
  while (runtime->has_parent_logical_partition(ctx, path.back())) {
    const auto partition = runtime->get_parent_logical_partition(ctx, path.back());
    path.push_back(runtime->get_parent_logical_region(ctx, partition));
    volumes.push_back(volume(path.back()));
  }
  return path[decide::default_instance_region(facts, volumes, nodes)];
}

}  // namespace placewright::legion
