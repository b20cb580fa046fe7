// SPDX-License-Identifier: Apache-2.0
#include "legion/folds.h"

#include <vector>

#include "legion/convert.h"

namespace placewright::legion {
namespace {

using Legion::RegionRequirement;

bool comes_from_elsewhere(const Legion::Task& task) {
  return task.orig_proc.address_space() != task.current_proc.address_space();
}

/// The data of a requirement, with the memory for its list of fields.
struct Data {
  explicit Data(const RegionRequirement& requirement)
      : fields(requirement.privilege_fields.begin(), requirement.privilege_fields.end()),
        ref{requirement.parent.get_tree_id(), fields} {}
  std::vector<decide::FieldId> fields;
  decide::DataRef ref;
};

}  // namespace

void Folds::launched(const Legion::Task& task, bool nests) {
  for (const RegionRequirement& requirement : task.regions) {
    const machine::Privilege privilege = privilege_of(requirement.privilege);
    if (!decide::may_leave_folds(privilege, nests)) continue;
    const Data data(requirement);
    const std::lock_guard lock(mutex_);
    data_.launched(data.ref, privilege, nests);
    any_.store(!data_.empty(), std::memory_order_relaxed);
  }
}

void Folds::copied(const Legion::Copy& copy) {
  for (const RegionRequirement& requirement : copy.dst_requirements) {
    if (requirement.privilege != LEGION_REDUCE) continue;
    const Data data(requirement);
    const std::lock_guard lock(mutex_);
    data_.copied(data.ref);
    any_.store(true, std::memory_order_relaxed);
  }
}

void Folds::mapped_virtually(const Legion::Task& task, unsigned index) {
  if (!comes_from_elsewhere(task)) return;
  const Data data(task.regions[index]);
  const std::lock_guard lock(mutex_);
  data_.mapped_virtually(data.ref, true);
  any_.store(true, std::memory_order_relaxed);
}

bool Folds::may_hold_folds(const Legion::Task& task, unsigned index) const {
  const bool from_elsewhere = comes_from_elsewhere(task);
  if (!from_elsewhere && !any_.load(std::memory_order_relaxed)) return false;
  const Data data(task.regions[index]);
  const std::lock_guard lock(mutex_);
  return data_.may_hold_folds(data.ref, from_elsewhere);
}

}  // namespace placewright::legion
