// SPDX-License-Identifier: Apache-2.0
// From the arguments of pennant's tasks to what the arithmetic works on.
#pragma once

#include "common/field_access.h"
#include "regions.h"
#include "zones.h"

namespace pennant {

/// The piece of a point task.
[[nodiscard]] const Piece& piece_of(const Legion::Task* task);

/// The time step passed to a task as its first future.
[[nodiscard]] inline Step step_of(const Legion::Task* task) {
  return task->futures[0].get_result<Step>(/*silence_warnings=*/true);
}

template <class T>
[[nodiscard]] VecColumn<T> vectors(const Legion::PhysicalRegion& region, Legion::FieldID first) {
  return {apps::column<T>(region, first), apps::column<T>(region, first + 1)};
}

/// A vector field over the private and the ghost points of a piece.
[[nodiscard]] inline PointField<VecColumn<const double>> point_vectors(
    const Piece& piece, const Legion::PhysicalRegion& in_private,
    const Legion::PhysicalRegion& in_ghost, Legion::FieldID first) {
  return {piece.private_points, vectors<const double>(in_private, first),
          vectors<const double>(in_ghost, first)};
}

[[nodiscard]] inline PointSums sums_of(const Legion::PhysicalRegion& points) {
  return {apps::column<int64_t>(points, kPointMass), apps::column<int64_t>(points, kPointForceX),
          apps::column<int64_t>(points, kPointForceX + 1)};
}

[[nodiscard]] inline SideForce force_of(const Legion::PhysicalRegion& sides) {
  return {vectors<const double>(sides, kSidePressureForceX),
          vectors<const double>(sides, kSideSubzoneForceX),
          vectors<const double>(sides, kSideViscosityForceX)};
}

}  // namespace pennant
