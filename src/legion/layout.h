// SPDX-License-Identifier: Apache-2.0
// Layouts of the decision core as Legion's constraints, and back.
#pragma once

#include "decide/layout.h"
#include "legion.h"

namespace placewright::legion {

/// `dim`: of the data; Legion's orders may name more dimensions.
[[nodiscard]] decide::Ordering from_legion(const Legion::OrderingConstraint& ordering);

/// What a variant demands with a set of constraints.
[[nodiscard]] decide::Demand demand_of(const Legion::LayoutConstraintSet& constraints);

[[nodiscard]] Legion::LayoutConstraintSet to_legion(const decide::Layout& layout);

}  // namespace placewright::legion
