// SPDX-License-Identifier: Apache-2.0
#include "legion/sharding.h"

#include "legion/convert.h"

namespace placewright::legion {

Legion::ShardID PlacementSharding::shard(const Legion::DomainPoint& point,
                                         const Legion::Domain& domain, size_t total_shards) {
  const auto placement = policy_->placement(function_, from_legion(domain), kind_);
  // The mapper chose this functor after the same query succeeded.
  if (!placement) return 0;
  const int node = (*placement)->at(from_legion(point)).node;
  return static_cast<Legion::ShardID>(static_cast<size_t>(node) % total_shards);
}

}  // namespace placewright::legion
