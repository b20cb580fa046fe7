// Layouts: what a mapping's rule asks for, merged with what a task variant demands. A variant's
// demand wins, because its accessors rely on it.
#pragma once

#include <optional>
#include <vector>

#include "legion.h"
#include "policy/policy.h"

namespace placewright {

/// Field layout and dimension order of one instance, as constraints.
struct LayoutRequest {
  Legion::LayoutConstraintSet constraints;
  bool tight = false;        ///< Exactly the bounds of the region.
  bool rule_yields = false;  ///< The variant demands another order than the rule.
};

/// `fields` are all fields that the instance shall have. `demands` are the variant's constraints
/// for this argument, usually none.
[[nodiscard]] LayoutRequest make_layout(const std::optional<LayoutRule>& rule, int dim,
                                        const std::vector<Legion::FieldID>& fields,
                                        const std::vector<Legion::LayoutConstraintSet>& demands);

/// The layout of a reduction instance.
[[nodiscard]] LayoutRequest make_reduction_layout(
    const std::optional<LayoutRule>& rule, int dim, const std::vector<Legion::FieldID>& fields,
    Legion::ReductionOpID operation, const std::vector<Legion::LayoutConstraintSet>& demands);

}  // namespace placewright
