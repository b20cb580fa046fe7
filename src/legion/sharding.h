// SPDX-License-Identifier: Apache-2.0
// Sharding functors: which process owns a point of a launch whose parent is control-replicated.
// They query the same placement as slicing and mapping. Shard i is node i, which the mapper's
// replicate_task ensures; if there are fewer shards than nodes, slicing corrects the placement.
#pragma once

#include <memory>

#include "decide/task_rules.h"
#include "legion.h"

namespace placewright::legion {

/// The ids of the functors, the same on every process: one for each mapping function and kind of
/// processor, then one for each shard, which puts everything on it.
class ShardingIds {
 public:
  ShardingIds(Legion::ShardingID first, size_t functions, int shards)
      : first_(first), functions_(functions), shards_(shards) {}
  [[nodiscard]] size_t count() const;
  [[nodiscard]] Legion::ShardingID of(policy::FunctionId function,
                                      machine::ProcessorKind kind) const;
  [[nodiscard]] Legion::ShardingID on(int shard) const;

 private:
  Legion::ShardingID first_;
  size_t functions_;
  int shards_;
};

/// Registers the functors of all functions and returns the first id. Call it once, in Legion's
/// registration callback. Legion owns the functors and keeps them, and so the rules, until it ends.
[[nodiscard]] Legion::ShardingID register_sharding(
    Legion::Runtime* runtime, const std::shared_ptr<const policy::Rules>& rules, int shards,
    const char* library);

}  // namespace placewright::legion
