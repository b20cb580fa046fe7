// SPDX-License-Identifier: Apache-2.0
#include "legion/sharding.h"

#include "legion/convert.h"

namespace placewright::legion {
namespace {

class PlacementSharding final : public Legion::ShardingFunctor {
 public:
  PlacementSharding(std::shared_ptr<const policy::Rules> rules, policy::FunctionId function,
                    machine::ProcessorKind kind)
      : rules_(std::move(rules)), function_(function), kind_(kind) {}

  Legion::ShardID shard(const Legion::DomainPoint& point, const Legion::Domain& domain,
                        size_t total_shards) override {
    const auto placement = rules_->launch_placement(function_, from_legion(domain), kind_);
    // The mapper chose this functor after the same query succeeded.
    if (!placement) return 0;
    const int node = (*placement)->at(from_legion(point)).node;
    return static_cast<Legion::ShardID>(static_cast<size_t>(node) % total_shards);
  }

 private:
  std::shared_ptr<const policy::Rules> rules_;
  policy::FunctionId function_;
  machine::ProcessorKind kind_;
};

/// For single launches that a SingleTaskMap rule places.
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

}  // namespace

size_t ShardingIds::count() const {
  return functions_ * machine::kProcessorKindCount + static_cast<size_t>(shards_);
}

Legion::ShardingID ShardingIds::of(policy::FunctionId function, machine::ProcessorKind kind) const {
  return first_ + static_cast<Legion::ShardingID>(static_cast<size_t>(function.value) *
                                                      machine::kProcessorKindCount +
                                                  static_cast<size_t>(kind));
}

Legion::ShardingID ShardingIds::on(int shard) const {
  return first_ + static_cast<Legion::ShardingID>(functions_ * machine::kProcessorKindCount) +
         static_cast<Legion::ShardingID>(shard);
}

Legion::ShardingID register_sharding(Legion::Runtime* runtime,
                                     const std::shared_ptr<const policy::Rules>& rules, int shards,
                                     const char* library) {
  const size_t functions = rules->functions().size();
  const Legion::ShardingID first =
      runtime->generate_library_sharding_ids(library, ShardingIds(0, functions, shards).count());
  const ShardingIds ids(first, functions, shards);
  for (const policy::FunctionId function : rules->functions()) {
    for (const machine::ProcessorKind kind : machine::kProcessorKinds) {
      runtime->register_sharding_functor(ids.of(function, kind),
                                         new PlacementSharding(rules, function, kind), true);
    }
  }
  for (int shard = 0; shard < shards; ++shard)
    runtime->register_sharding_functor(ids.on(shard), new FixedSharding(shard), true);
  return first;
}

}  // namespace placewright::legion
