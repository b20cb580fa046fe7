// SPDX-License-Identifier: Apache-2.0
#include "decide/launch.h"

#include <algorithm>

namespace placewright::decide {

bool TaskFacts::has_variant(machine::ProcessorKind kind) const {
  return std::any_of(variants.begin(), variants.end(),
                     [&](const Variant& variant) { return variant.kind == kind; });
}

bool TaskFacts::any_inner() const {
  return std::any_of(variants.begin(), variants.end(),
                     [](const Variant& variant) { return variant.inner; });
}

bool TaskFacts::all_leaves() const {
  return std::all_of(variants.begin(), variants.end(),
                     [](const Variant& variant) { return variant.leaf; });
}

machine::LaunchFacts LaunchInfo::facts_with_parent() const {
  machine::LaunchFacts result = facts;
  if (!parent) return result;
  if (parent->place)
    result.parent = {parent->place->kind, parent->place->node, parent->place->ordinal};
  if (parent->is_sharded) {
    result.parent.node = parent->first_shard;
    result.parent.ordinal = 0;
  }
  return result;
}

}  // namespace placewright::decide
