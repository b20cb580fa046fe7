// SPDX-License-Identifier: Apache-2.0
// What pennant's tasks compute for points, on plain memory (common/work.h), and how zones look up
// points. Knows nothing of Legion.
#pragma once

#include "common/column.h"
#include "physics.h"
#include "problem.h"

namespace pennant {

using apps::Column;

/// A field of vectors, which regions hold as two fields.
template <class T>
struct VecColumn {
  Column<T> x, y;
  [[nodiscard]] APPS_HOST_DEVICE Vec operator[](int64_t i) const { return {x[i], y[i]}; }
  APPS_HOST_DEVICE void set(int64_t i, Vec value) const {
    x[i] = value.x;
    y[i] = value.y;
  }
};

/// A point field as a piece sees it: private points in one region, ghost points in another.
template <class Field>
struct PointField {
  Interval private_points;
  Field in_private, in_ghost;
  [[nodiscard]] APPS_HOST_DEVICE const Field& of(int64_t point) const {
    return private_points.contains(point) ? in_private : in_ghost;
  }
};

/// Positions of the first mesh, velocities of zero, and which walls hold a point.
struct InitPoints {
  Interval points;
  int64_t first_row = 0;
  int64_t nzx = 0, nzy = 0;
  double spacing = 0;
  VecColumn<double> position, velocity;
  Column<uint8_t> holds_x, holds_y;

  [[nodiscard]] int64_t count() const { return points.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t point = points.first + i;
    const int64_t row = first_row + i / (nzx + 1), column = i % (nzx + 1);
    position.set(point,
                 {static_cast<double>(column) * spacing, static_cast<double>(row) * spacing});
    velocity.set(point, {});
    holds_x[point] = column == 0 || column == nzx;
    holds_y[point] = row == 0 || row == nzy;
  }
};

/// To the middle of the time step, with the old velocity; clears what zones will add up.
struct AdvanceHalf {
  Interval points;
  double dt = 0;
  VecColumn<const double> position, velocity;
  VecColumn<double> old_position, half_position, old_velocity;
  Column<int64_t> mass, force_x, force_y;

  [[nodiscard]] int64_t count() const { return points.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t point = points.first + i;
    const Vec at = position[point], speed = velocity[point];
    old_position.set(point, at);
    old_velocity.set(point, speed);
    half_position.set(point, at + (0.5 * dt) * speed);
    mass[point] = 0;
    force_x[point] = 0;
    force_y[point] = 0;
  }
};

/// To the end of the time step, with the forces of its middle. Walls only hold a point back across
/// them. A force that does not fit its whole number becomes NaN.
struct AdvanceFull {
  Interval points;
  double dt = 0;
  FixedPoint scale;
  VecColumn<const double> old_position, old_velocity;
  Column<const int64_t> mass, force_x, force_y;
  Column<const uint8_t> holds_x, holds_y;
  VecColumn<double> position, velocity;

  [[nodiscard]] APPS_HOST_DEVICE double component(int64_t sum) const {
    const bool fits = -kForceTooLarge < sum && sum < kForceTooLarge;
    return fits ? static_cast<double>(sum) / scale.force : NAN;
  }
  [[nodiscard]] int64_t count() const { return points.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t point = points.first + i;
    const double m = static_cast<double>(mass[point]) / scale.mass;
    Vec force = {component(force_x[point]), component(force_y[point])};
    if (holds_x[point] != 0) force.x = 0;
    if (holds_y[point] != 0) force.y = 0;
    const Vec before = old_velocity[point];
    const Vec after = before + dt * Vec{force.x / m, force.y / m};
    velocity.set(point, after);
    position.set(point, old_position[point] + (0.5 * dt) * (before + after));
  }
};

}  // namespace pennant
