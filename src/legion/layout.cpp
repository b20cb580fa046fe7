// SPDX-License-Identifier: Apache-2.0
#include "legion/layout.h"

#include <algorithm>
#include <array>

#include "legion/convert.h"

namespace placewright::legion {
namespace {

using decide::FieldAlignment;
using decide::Storage;
using Legion::DimensionKind;
using Legion::LayoutConstraintSet;

DimensionKind to_dimension(int8_t axis) {
  if (axis == decide::Ordering::kFields) return LEGION_DIM_F;
  return static_cast<DimensionKind>(static_cast<int>(LEGION_DIM_X) + axis);
}

int8_t axis_of(DimensionKind dimension) {
  if (dimension == LEGION_DIM_F) return decide::Ordering::kFields;
  return static_cast<int8_t>(static_cast<int>(dimension) - static_cast<int>(LEGION_DIM_X));
}

struct RelationPair {
  policy::Relation ours;
  Legion::EqualityKind theirs;
};
constexpr std::array<RelationPair, 6> kRelationPairs = {{
    {policy::Relation::Less, LEGION_LT_EK},
    {policy::Relation::LessEqual, LEGION_LE_EK},
    {policy::Relation::Greater, LEGION_GT_EK},
    {policy::Relation::GreaterEqual, LEGION_GE_EK},
    {policy::Relation::Equal, LEGION_EQ_EK},
    {policy::Relation::NotEqual, LEGION_NE_EK},
}};

Legion::EqualityKind equality_of(policy::Relation relation) {
  return std::find_if(kRelationPairs.begin(), kRelationPairs.end(),
                      [&](const RelationPair& pair) { return pair.ours == relation; })
      ->theirs;
}

policy::Relation relation_of(Legion::EqualityKind kind) {
  return std::find_if(kRelationPairs.begin(), kRelationPairs.end(),
                      [&](const RelationPair& pair) { return pair.theirs == kind; })
      ->ours;
}

decide::Specialization specialization_of(const Legion::SpecializedConstraint& constraint) {
  decide::Specialization result;
  switch (constraint.get_kind()) {
    case LEGION_NO_SPECIALIZE:
      result.storage = Storage::Any;
      break;
    case LEGION_AFFINE_SPECIALIZE:
      result.storage = Storage::Affine;
      break;
    case LEGION_COMPACT_SPECIALIZE:
      result.storage = Storage::Compact;
      break;
    case LEGION_AFFINE_REDUCTION_SPECIALIZE:
      result.storage = Storage::Reduction;
      break;
    case LEGION_COMPACT_REDUCTION_SPECIALIZE:
      result.storage = Storage::CompactReduction;
      break;
    default:
      result.storage = Storage::Raw;
      result.raw = static_cast<int>(constraint.get_kind());
  }
  result.reduction = static_cast<decide::ReductionId>(constraint.get_reduction_op());
  result.no_access = constraint.is_no_access();
  result.exact = constraint.is_exact();
  result.most_pieces = constraint.max_pieces;
  result.most_overhead = constraint.max_overhead;
  return result;
}

Legion::SpecializedConstraint constraint_of(const decide::Specialization& special) {
  Legion::SpecializedKind kind = LEGION_AFFINE_SPECIALIZE;
  switch (special.storage) {
    case Storage::Affine:
    case Storage::Any:
      break;
    case Storage::Compact:
      kind = LEGION_COMPACT_SPECIALIZE;
      break;
    case Storage::Reduction:
      kind = LEGION_AFFINE_REDUCTION_SPECIALIZE;
      break;
    case Storage::CompactReduction:
      kind = LEGION_COMPACT_REDUCTION_SPECIALIZE;
      break;
    case Storage::Raw:
      kind = static_cast<Legion::SpecializedKind>(special.raw);
      break;
  }
  return {kind,
          special.reduction,
          special.no_access,
          special.exact,
          static_cast<size_t>(special.most_pieces),
          special.most_overhead};
}

}  // namespace

decide::Ordering from_legion(const Legion::OrderingConstraint& ordering) {
  decide::Ordering result;
  for (const DimensionKind dimension : ordering.ordering) result.axes.push_back(axis_of(dimension));
  result.contiguous = ordering.contiguous;
  return result;
}

decide::Demand demand_of(const LayoutConstraintSet& constraints) {
  decide::Demand demand;
  decide::Layout& layout = demand.layout;
  layout.specialization = specialization_of(constraints.specialized_constraint);
  layout.ordering = from_legion(constraints.ordering_constraint);
  const Legion::FieldConstraint& fields = constraints.field_constraint;
  layout.fields = {fields.get_field_set(), fields.is_contiguous(), fields.is_inorder()};
  for (const auto& each : constraints.alignment_constraints)
    layout.alignments.push_back({each.fid, relation_of(each.eqk), each.alignment});
  for (const auto& each : constraints.offset_constraints)
    layout.offsets.push_back({each.fid, static_cast<int64_t>(each.offset)});
  for (const auto& each : constraints.tiling_constraints)
    layout.tilings.push_back({axis_of(each.dim), static_cast<int64_t>(each.value), each.tiles});
  for (const auto& each : constraints.dimension_constraints)
    layout.bounds.push_back(
        {axis_of(each.kind), relation_of(each.eqk), static_cast<int64_t>(each.value)});
  if (constraints.padding_constraint.delta.get_dim() > 0)
    layout.padding = from_legion(constraints.padding_constraint.delta);
  if (constraints.memory_constraint.is_valid())
    demand.memory = static_cast<decide::RawMemoryKind>(constraints.memory_constraint.get_kind());
  return demand;
}

LayoutConstraintSet to_legion(const decide::Layout& layout) {
  LayoutConstraintSet result;
  result.add_constraint(constraint_of(layout.specialization));
  result.add_constraint(
      Legion::FieldConstraint(layout.fields.ids, layout.fields.contiguous, layout.fields.in_order));
  std::vector<DimensionKind> order;
  for (const int8_t axis : layout.ordering.axes) order.push_back(to_dimension(axis));
  result.add_constraint(Legion::OrderingConstraint(order, layout.ordering.contiguous));
  for (const FieldAlignment& each : layout.alignments)
    result.add_constraint(
        Legion::AlignmentConstraint(each.field, equality_of(each.relation), each.bytes));
  for (const auto& each : layout.offsets)
    result.add_constraint(Legion::OffsetConstraint(each.field, static_cast<size_t>(each.bytes)));
  for (const auto& each : layout.tilings)
    result.add_constraint(Legion::TilingConstraint(
        to_dimension(each.axis), static_cast<size_t>(each.value), each.counts_tiles));
  for (const auto& each : layout.bounds)
    result.add_constraint(Legion::DimensionConstraint(
        to_dimension(each.axis), equality_of(each.relation), static_cast<size_t>(each.value)));
  if (layout.padding)
    result.add_constraint(Legion::PaddingConstraint(
        Legion::Domain(to_legion(layout.padding->lo), to_legion(layout.padding->hi))));
  return result;
}

}  // namespace placewright::legion
