// SPDX-License-Identifier: Apache-2.0
#include "legion/layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

namespace placewright::legion {
namespace {

using Legion::AlignmentConstraint;
using Legion::DimensionKind;
using Legion::FieldConstraint;
using Legion::FieldID;
using Legion::LayoutConstraintSet;
using Legion::OrderingConstraint;
using Legion::SpecializedConstraint;

DimensionKind dimension(int d) {
  return static_cast<DimensionKind>(static_cast<int>(LEGION_DIM_X) + d);
}

/// Fastest-varying first. SOA keeps the values of a field together, AOS the fields of an element. F
/// order is X, Y, ..; C order is the reverse.
OrderingConstraint ordering(const policy::LayoutRule& rule, int dim) {
  std::vector<DimensionKind> order;
  for (int d = 0; d < dim; ++d) order.push_back(dimension(rule.c_order ? dim - 1 - d : d));
  order.insert(rule.aos ? order.begin() : order.end(), LEGION_DIM_F);
  return {order, /*contiguous=*/false};
}

Legion::EqualityKind equality(policy::Relation relation) {
  switch (relation) {
    case policy::Relation::Less:
      return LEGION_LT_EK;
    case policy::Relation::LessEqual:
      return LEGION_LE_EK;
    case policy::Relation::Greater:
      return LEGION_GT_EK;
    case policy::Relation::GreaterEqual:
      return LEGION_GE_EK;
    case policy::Relation::NotEqual:
      return LEGION_NE_EK;
    case policy::Relation::Equal:
      break;
  }
  return LEGION_EQ_EK;
}

std::string order_text(const OrderingConstraint& ordering, int dim) {
  const OrderWords words = describe(ordering, dim);
  return fmt::format("{} {}_order", words.fields, words.dimensions);
}

/// Overrides the request with a variant's demands.
void merge_demand(LayoutRequest& request, const LayoutConstraintSet& demand, int dim,
                  bool has_rule) {
  LayoutConstraintSet& into = request.constraints;
  if (!demand.ordering_constraint.ordering.empty()) {
    if (has_rule && into.ordering_constraint.ordering != demand.ordering_constraint.ordering) {
      request.conflict = {order_text(into.ordering_constraint, dim),
                          order_text(demand.ordering_constraint, dim)};
    }
    into.ordering_constraint = demand.ordering_constraint;
  }
  if (demand.specialized_constraint.get_kind() != LEGION_AFFINE_SPECIALIZE ||
      demand.specialized_constraint.is_exact()) {
    into.specialized_constraint = demand.specialized_constraint;
  }
  if (!demand.field_constraint.field_set.empty() &&
      (demand.field_constraint.is_contiguous() || demand.field_constraint.is_inorder())) {
    into.field_constraint = demand.field_constraint;
  }
  for (const auto& alignment : demand.alignment_constraints) {
    std::erase_if(into.alignment_constraints,
                  [&](const AlignmentConstraint& other) { return other.fid == alignment.fid; });
    into.add_constraint(alignment);
  }
  for (const auto& offset : demand.offset_constraints) into.add_constraint(offset);
  for (const auto& tiling : demand.tiling_constraints) into.add_constraint(tiling);
  for (const auto& bound : demand.dimension_constraints) into.add_constraint(bound);
  if (demand.padding_constraint.delta.get_dim() > 0)
    into.padding_constraint = demand.padding_constraint;
}

void add_alignment(LayoutRequest& request, const policy::LayoutRule& rule,
                   const std::vector<FieldID>& fields) {
  if (!rule.alignment) return;
  for (const FieldID field : fields) {
    request.constraints.add_constraint(AlignmentConstraint(
        field, equality(rule.alignment->relation), static_cast<size_t>(rule.alignment->bytes)));
  }
}

}  // namespace

OrderWords describe(const OrderingConstraint& ordering, int dim) {
  std::vector<int> dimensions;
  bool fields_first = false;
  for (const DimensionKind kind : ordering.ordering) {
    if (kind == LEGION_DIM_F) {
      fields_first = dimensions.empty();
    } else if (static_cast<int>(kind) - static_cast<int>(LEGION_DIM_X) < dim) {
      dimensions.push_back(static_cast<int>(kind));
    }
  }
  const bool ascending = std::ranges::is_sorted(dimensions);
  const bool descending = std::ranges::is_sorted(dimensions, std::greater<>());
  return {fields_first ? "AOS" : "SOA", ascending ? "F" : descending ? "C" : "mixed"};
}

LayoutRequest make_layout(const std::optional<policy::LayoutRule>& rule, int dim,
                          const std::vector<FieldID>& fields,
                          const std::vector<LayoutConstraintSet>& demands) {
  const policy::LayoutRule wanted = rule.value_or(policy::LayoutRule{});
  LayoutRequest request;
  request.tight = wanted.exact;
  request.constraints.add_constraint(
      SpecializedConstraint(wanted.compact ? LEGION_COMPACT_SPECIALIZE : LEGION_AFFINE_SPECIALIZE,
                            0, false, wanted.exact));
  request.constraints.add_constraint(FieldConstraint(fields, false, false));
  request.constraints.add_constraint(ordering(wanted, dim));
  add_alignment(request, wanted, fields);
  for (const LayoutConstraintSet& demand : demands)
    merge_demand(request, demand, dim, rule.has_value());
  return request;
}

LayoutRequest make_reduction_layout(const std::optional<policy::LayoutRule>& rule, int dim,
                                    const std::vector<FieldID>& fields,
                                    Legion::ReductionOpID operation,
                                    const std::vector<LayoutConstraintSet>& demands) {
  policy::LayoutRule wanted = rule.value_or(policy::LayoutRule{});
  wanted.compact = false;  // The language forbids it on a reduction; the checker reports that.
  LayoutRequest request = make_layout(wanted, dim, fields, demands);
  if (!rule) request.conflict.reset();
  request.constraints.specialized_constraint =
      SpecializedConstraint(LEGION_AFFINE_REDUCTION_SPECIALIZE, operation, false, wanted.exact);
  return request;
}

}  // namespace placewright::legion
