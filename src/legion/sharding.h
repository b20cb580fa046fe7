// SPDX-License-Identifier: Apache-2.0
// Sharding functors: which process owns a point of a launch whose parent is control-replicated.
// They query the same placement as slicing and mapping. Shard i is node i, which the mapper's
// replicate_task ensures; if there are fewer shards than nodes, slicing corrects the placement.
#pragma once

#include <memory>

#include "legion.h"
#include "policy/policy.h"

namespace placewright::legion {

class PlacementSharding final : public Legion::ShardingFunctor {
 public:
  PlacementSharding(std::shared_ptr<const policy::Policy> policy, policy::FunctionId function,
                    machine::ProcessorKind kind)
      : policy_(std::move(policy)), function_(function), kind_(kind) {}

  Legion::ShardID shard(const Legion::DomainPoint& point, const Legion::Domain& domain,
                        size_t total_shards) override;

 private:
  std::shared_ptr<const policy::Policy> policy_;
  policy::FunctionId function_;
  machine::ProcessorKind kind_;
};

/// Puts everything on one shard: for single launches that a SingleTaskMap rule places.
class FixedSharding final : public Legion::ShardingFunctor {
 public:
  explicit FixedSharding(int shard) : shard_(static_cast<Legion::ShardID>(shard)) {}

  Legion::ShardID shard(const Legion::DomainPoint&, const Legion::Domain&,
                        size_t total_shards) override {
    return shard_ % static_cast<Legion::ShardID>(total_shards);
  }

 private:
  Legion::ShardID shard_;
};

}  // namespace placewright::legion
