// SPDX-License-Identifier: Apache-2.0
// Layouts: what a mapping's rule asks for, merged with what a task variant demands. The variant's
// demand wins, because its accessors rely on it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "legion.h"
#include "policy/rule_types.h"

namespace placewright::legion {

/// An order of fields and dimensions in the words of the language.
struct OrderWords {
  std::string fields;      ///< "SOA" or "AOS".
  std::string dimensions;  ///< "F", "C" or "mixed"; "F" for a single dimension.
};
[[nodiscard]] OrderWords describe(const Legion::OrderingConstraint& ordering, int dim);

/// A rule and a variant that want different orders, "AOS F_order". The variant wins.
struct LayoutConflict {
  std::string wanted;
  std::string demanded;
};

/// Field layout and dimension order of one instance, as constraints.
struct LayoutRequest {
  Legion::LayoutConstraintSet constraints;
  bool tight = false;  ///< Exactly the bounds of the region.
  std::optional<LayoutConflict> conflict;
};

/// `fields` are all fields that the instance must have. `demands` are the variant's constraints for
/// this argument, usually none.
[[nodiscard]] LayoutRequest make_layout(const std::optional<policy::LayoutRule>& rule, int dim,
                                        const std::vector<Legion::FieldID>& fields,
                                        const std::vector<Legion::LayoutConstraintSet>& demands);

/// The layout of a reduction instance.
[[nodiscard]] LayoutRequest make_reduction_layout(
    const std::optional<policy::LayoutRule>& rule, int dim,
    const std::vector<Legion::FieldID>& fields, Legion::ReductionOpID operation,
    const std::vector<Legion::LayoutConstraintSet>& demands);

}  // namespace placewright::legion
