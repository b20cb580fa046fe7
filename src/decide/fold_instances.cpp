// SPDX-License-Identifier: Apache-2.0
#include "decide/fold_instances.h"

#include <algorithm>

namespace placewright::decide {
namespace {

/// Programs that make ever new regions must not fill the table.
constexpr size_t kMostFolds = 4096;

bool is_same(const FoldInstances::Fold& one, const FoldInstances::Fold& other) {
  return one.space == other.space && one.reduction == other.reduction && one.fields == other.fields;
}

bool may_overlap(const FoldInstances::Fold& one, const FoldInstances::Fold& other) {
  const bool share_a_field =
      std::find_first_of(one.fields.begin(), one.fields.end(), other.fields.begin(),
                         other.fields.end()) != one.fields.end();
  if (!share_a_field) return false;
  for (int d = 0; d < one.bounds.dim() && d < other.bounds.dim(); ++d) {
    if (one.bounds.hi.at[d] < other.bounds.lo.at[d] || other.bounds.hi.at[d] < one.bounds.lo.at[d])
      return false;
  }
  return true;
}

}  // namespace

std::vector<uint64_t> FoldInstances::usable(const Fold& fold) {
  const auto tree = trees_.find(fold.tree);
  if (tree == trees_.end()) return {};
  std::erase_if(tree->second, [&](const Known& known) {
    return known.fold.reduction != fold.reduction && may_overlap(known.fold, fold);
  });
  for (const Known& known : tree->second) {
    if (is_same(known.fold, fold)) return known.instances;
  }
  return {};
}

void FoldInstances::made(const Fold& fold, uint64_t instance) {
  if (trees_.size() >= kMostFolds) trees_.clear();
  std::vector<Known>& list = trees_[fold.tree];
  if (list.size() >= kMostFolds) list.clear();
  const auto known = std::find_if(list.begin(), list.end(),
                                  [&](const Known& each) { return is_same(each.fold, fold); });
  if (known == list.end()) {
    list.push_back({fold, {instance}});
  } else {
    known->instances.push_back(instance);
  }
}

void FoldInstances::gone(const Fold& fold, uint64_t instance) {
  const auto tree = trees_.find(fold.tree);
  if (tree == trees_.end()) return;
  for (Known& known : tree->second) std::erase(known.instances, instance);
}

}  // namespace placewright::decide
