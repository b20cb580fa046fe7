// SPDX-License-Identifier: Apache-2.0
#include "legion/sharding.h"

#include <algorithm>

#include "legion/convert.h"

namespace placewright::legion {
namespace {

/// The shard on a node; if there is none, any.
Legion::ShardID shard_of(const std::vector<int>& nodes, int node, size_t total_shards) {
  const auto found = std::find(nodes.begin(), nodes.end(), node);
  const auto shard =
      found == nodes.end() ? static_cast<size_t>(node) : static_cast<size_t>(found - nodes.begin());
  return static_cast<Legion::ShardID>(shard % total_shards);
}

class PlacementSharding final : public Legion::ShardingFunctor {
 public:
  PlacementSharding(std::shared_ptr<const policy::Rules> rules, policy::FunctionId function,
                    machine::ProcessorKind kind, std::vector<int> nodes)
      : rules_(std::move(rules)), function_(function), kind_(kind), nodes_(std::move(nodes)) {}

  Legion::ShardID shard(const Legion::DomainPoint& point, const Legion::Domain& domain,
                        size_t total_shards) override {
    // The parent is replicated: it counts as being where its first shard is.
    machine::LaunchFacts launch{from_legion(domain)};
    launch.parent.node = nodes_.front();
    const auto placement = rules_->launch_placement(function_, launch, kind_);
    // The mapper chose this functor after the same query succeeded.
    if (!placement) return 0;
    return shard_of(nodes_, (*placement)->at(from_legion(point)).node, total_shards);
  }

 private:
  std::shared_ptr<const policy::Rules> rules_;
  policy::FunctionId function_;
  machine::ProcessorKind kind_;
  std::vector<int> nodes_;  ///< By shard.
};

/// For single launches that a SingleTaskMap rule places.
class FixedSharding final : public Legion::ShardingFunctor {
 public:
  explicit FixedSharding(size_t shard) : shard_(static_cast<Legion::ShardID>(shard)) {}

  Legion::ShardID shard(const Legion::DomainPoint&, const Legion::Domain&,
                        size_t total_shards) override {
    return shard_ % static_cast<Legion::ShardID>(total_shards);
  }

 private:
  Legion::ShardID shard_;
};

std::vector<int> nodes_of(const std::vector<Legion::Processor>& shards) {
  std::vector<int> nodes;
  for (const Legion::Processor shard : shards)
    nodes.push_back(static_cast<int>(shard.address_space()));
  return nodes;
}

}  // namespace

Sharding::Sharding(Legion::Runtime* runtime, const decide::Setting& setting,
                   const std::shared_ptr<const policy::Rules>& rules, const TakeIds& take_ids)
    : rules_(rules), lists_(decide::shard_lists(setting)) {
  const size_t shards = lists_.front().size();
  const size_t placed = lists_.size() * rules->functions().size() * machine::kProcessorKindCount;
  first_ = take_ids(placed + shards);
  for (size_t list = 0; list < lists_.size(); ++list) {
    for (const policy::FunctionId function : rules->functions()) {
      for (const machine::ProcessorKind kind : machine::kProcessorKinds)
        runtime->register_sharding_functor(
            id(list, function, kind), new PlacementSharding(rules, function, kind, lists_[list]),
            true);
    }
  }
  for (size_t shard = 0; shard < shards; ++shard)
    runtime->register_sharding_functor(first_ + static_cast<Legion::ShardingID>(placed + shard),
                                       new FixedSharding(shard), true);
}

Legion::ShardingID Sharding::id(size_t list, policy::FunctionId function,
                                machine::ProcessorKind kind) const {
  const size_t row = list * rules_->functions().size() + static_cast<size_t>(function.value);
  return first_ + static_cast<Legion::ShardingID>(row * machine::kProcessorKindCount +
                                                  static_cast<size_t>(kind));
}

std::optional<Legion::ShardingID> Sharding::of(policy::FunctionId function,
                                               machine::ProcessorKind kind,
                                               const std::vector<Legion::Processor>& shards) const {
  const machine::FactsUsed used = rules_->facts_used(function);
  if (used.tag || used.depth || used.mapper) return std::nullopt;
  const std::vector<int> nodes = nodes_of(shards);
  const auto found = std::find(lists_.begin(), lists_.end(), nodes);
  if (found == lists_.end() && used.parent) return std::nullopt;
  const auto list = found == lists_.end() ? size_t{0} : static_cast<size_t>(found - lists_.begin());
  return id(list, function, kind);
}

Legion::ShardingID Sharding::on(int node, const std::vector<Legion::Processor>& shards) const {
  const size_t placed = lists_.size() * rules_->functions().size() * machine::kProcessorKindCount;
  const Legion::ShardID shard =
      shard_of(nodes_of(shards), node, std::max<size_t>(1, shards.size()));
  return first_ + static_cast<Legion::ShardingID>(placed + shard);
}

}  // namespace placewright::legion
