// SPDX-License-Identifier: Apache-2.0
// Instances of reductions, which the tasks of one process share.
#include <algorithm>

#include "legion/instances.h"

namespace placewright::legion {

using decide::UsableMemory;
using Legion::LogicalRegion;

SharedFolds::Fold Instances::fold_of(const Wanted& wanted, const machine::LaunchDomain& bounds) {
  const LogicalRegion region = wanted.view.requirement().region;
  return {region.get_tree_id(),
          region.get_index_space().get_id(),
          wanted.argument.reduction,
          {wanted.argument.fields.begin(), wanted.argument.fields.end()},
          bounds};
}

std::vector<Instances::Instance> Instances::shared_folds(
    const Wanted& wanted, const machine::LaunchDomain& bounds) const {
  if (!shares_folds()) return {};
  return host_->shared_folds().usable(fold_of(wanted, bounds));
}

void Instances::share(const Wanted& wanted, const machine::LaunchDomain& bounds,
                      const std::vector<Instance>& known, const Instance& used) const {
  if (shares_folds() && std::find(known.begin(), known.end(), used) == known.end())
    host_->shared_folds().made(fold_of(wanted, bounds), used);
}

decide::Folding Instances::folding(const Mapping& mapping, const std::vector<UsableMemory>& usable,
                                   const std::vector<Instance>& known) {
  decide::Folding result{{}, fold_turn_++};
  // All have the size of the data, as far as their layouts allow.
  const uint64_t bytes = known.empty() ? 0 : known.front().get_instance_size();
  const auto processors = static_cast<size_t>(
      host_->machine().shape().processors(mapping.target.kind, mapping.target.node));
  for (const UsableMemory& each : usable)
    result.most.push_back(decide::most_fold_instances(
        processors, host_->memory_wait().leaves_half(each.memory, bytes)));
  return result;
}

}  // namespace placewright::legion
