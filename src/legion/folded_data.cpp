// SPDX-License-Identifier: Apache-2.0
#include "legion/folded_data.h"

#include <algorithm>

namespace placewright::legion {
namespace {

bool comes_from_elsewhere(const Legion::Task& task) {
  return task.orig_proc.address_space() != task.current_proc.address_space();
}

}  // namespace

void FoldedData::launched(const Legion::Task& task, bool nests) {
  for (const Legion::RegionRequirement& requirement : task.regions) {
    const bool folds = requirement.privilege == LEGION_REDUCE;
    if (folds || (nests && (requirement.privilege & LEGION_WRITE_PRIV) != 0)) note(requirement);
  }
}

void FoldedData::copied(const Legion::Copy& copy) {
  for (const Legion::RegionRequirement& requirement : copy.dst_requirements) {
    if (requirement.privilege == LEGION_REDUCE) note(requirement);
  }
}

void FoldedData::mapped_virtually(const Legion::Task& task, unsigned index) {
  if (comes_from_elsewhere(task)) note(task.regions[index]);
}

bool FoldedData::may_hold_folds(const Legion::Task& task, unsigned index) const {
  if (comes_from_elsewhere(task)) return true;
  if (!any_.load(std::memory_order_relaxed)) return false;
  const Legion::RegionRequirement& requirement = task.regions[index];
  const Legion::RegionTreeID tree = requirement.parent.get_tree_id();
  const std::lock_guard lock(mutex_);
  return std::ranges::any_of(requirement.privilege_fields, [&](Legion::FieldID field) {
    return folded_.contains({tree, field});
  });
}

void FoldedData::note(const Legion::RegionRequirement& requirement) {
  const std::lock_guard lock(mutex_);
  for (const Legion::FieldID field : requirement.privilege_fields)
    folded_.emplace(requirement.parent.get_tree_id(), field);
  any_.store(true, std::memory_order_relaxed);
}

}  // namespace placewright::legion
