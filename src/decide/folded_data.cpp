// SPDX-License-Identifier: Apache-2.0
#include "decide/folded_data.h"

#include <algorithm>

namespace placewright::decide {

void FoldedData::launched(const DataRef& data, machine::Privilege privilege, bool nests) {
  if (may_leave_folds(privilege, nests)) note(data);
}

void FoldedData::mapped_virtually(const DataRef& data, bool from_elsewhere) {
  if (from_elsewhere) note(data);
}

bool FoldedData::may_hold_folds(const DataRef& data, bool from_elsewhere) const {
  if (from_elsewhere) return true;
  return std::any_of(data.fields.begin(), data.fields.end(), [&](FieldId field) {
    return folded_.contains({data.tree, field});
  });
}

void FoldedData::note(const DataRef& data) {
  for (const FieldId field : data.fields) folded_.emplace(data.tree, field);
}

Collection decide_collection(machine::Privilege privilege, bool rule, bool is_in_the_way,
                             bool may_hold_folds, bool as_published) {
  if (privilege != machine::Privilege::ReadOnly) return Collection::Keep;
  if (as_published) return rule ? Collection::Collect : Collection::Keep;
  if (!rule && !is_in_the_way) return Collection::Keep;
  if (!may_hold_folds) return Collection::Collect;
  return rule ? Collection::CannotCollect : Collection::Keep;
}

}  // namespace placewright::decide
