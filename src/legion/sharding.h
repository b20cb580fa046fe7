// SPDX-License-Identifier: Apache-2.0
// Sharding functors: which process owns a point of a launch whose parent is control-replicated.
// They query the same placement as slicing and mapping. Points on a node without a shard belong to
// another shard, whose slicing sends them to that node.
#pragma once

#include <functional>
#include <memory>

#include "decide/task_rules.h"
#include "legion.h"

namespace placewright::legion {

/// The functors and their ids, which are the same on every process: for each list of nodes that
/// shards can be on, one for each mapping function and kind of processor; then one for each shard,
/// which puts everything on it.
class Sharding {
 public:
  Sharding() = default;
  /// The first of so many ids in a row that nobody else uses, the same on every process.
  using TakeIds = std::function<Legion::ShardingID(size_t count)>;

  /// Registers the functors. Legion owns them and keeps them, and so the rules, until it ends.
  Sharding(Legion::Runtime* runtime, const decide::Setting& setting,
           const std::shared_ptr<const policy::Rules>& rules, const TakeIds& take_ids);

  /// Whether there are any. The others need them.
  [[nodiscard]] bool exists() const { return rules_ != nullptr; }
  /// nullopt if the placement depends on facts that a functor does not know: then any functor will
  /// do, because slicing decides.
  [[nodiscard]] std::optional<Legion::ShardingID> of(
      policy::FunctionId function, machine::ProcessorKind kind,
      const std::vector<Legion::Processor>& shards) const;
  /// Everything on a node, or on any shard if it has none.
  [[nodiscard]] Legion::ShardingID on(int node, const std::vector<Legion::Processor>& shards) const;

 private:
  [[nodiscard]] Legion::ShardingID id(size_t list, policy::FunctionId function,
                                      machine::ProcessorKind kind) const;

  Legion::ShardingID first_ = 0;
  std::shared_ptr<const policy::Rules> rules_;
  std::vector<std::vector<int>> lists_;
};

}  // namespace placewright::legion
