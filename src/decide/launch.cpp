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

}  // namespace placewright::decide
