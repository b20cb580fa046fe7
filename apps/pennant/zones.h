// SPDX-License-Identifier: Apache-2.0
// What pennant's tasks compute for zones and their sides, on plain memory (common/work.h). Knows
// nothing of Legion. Zones reach their sides, and sides their points, through maps, as in a mesh
// without structure.
#pragma once

#include "points.h"

namespace pennant {

/// Which zone, points and neighbouring sides a side has.
template <class T>
struct SideMaps {
  Column<T> zone, point1, point2, previous, next;
};

/// The sides of a zone of the first mesh, and its gas.
struct InitZones {
  Interval zones;
  int64_t nzx = 0, nzy = 0;
  double spacing = 0;
  PointRows rows;
  Column<uint8_t> side_count;
  Column<double> mass, density, energy, total_energy, volume;
  SideMaps<int64_t> maps;
  Column<double> mass_fraction;

  [[nodiscard]] int64_t count() const { return zones.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t z = zones.first + i;
    const int64_t row = z / nzx, column = z % nzx;
    const int64_t right[kSidesPerZone] = {0, 1, 1, 0}, up[kSidesPerZone] = {0, 0, 1, 1};
    Vec corner[kSidesPerZone];
    Vec centre;
    for (int64_t c = 0; c < kSidesPerZone; ++c) {
      corner[c] = {static_cast<double>(column + right[c]) * spacing,
                   static_cast<double>(row + up[c]) * spacing};
      centre = centre + 0.25 * corner[c];
    }
    double area[kSidesPerZone], sum = 0;
    for (int64_t c = 0; c < kSidesPerZone; ++c) {
      area[c] = side_area(corner[c], corner[(c + 1) % kSidesPerZone], centre);
      sum += area[c];
    }
    const int64_t first = z * kSidesPerZone;
    for (int64_t c = 0; c < kSidesPerZone; ++c) {
      const int64_t n = (c + 1) % kSidesPerZone, p = (c + 3) % kSidesPerZone;
      maps.zone[first + c] = z;
      maps.point1[first + c] = rows.number(row + up[c], column + right[c]);
      maps.point2[first + c] = rows.number(row + up[n], column + right[n]);
      maps.previous[first + c] = first + p;
      maps.next[first + c] = first + n;
      mass_fraction[first + c] = area[c] / sum;
    }
    const Gas gas = initial_gas(nzy, spacing, row, column);
    side_count[z] = kSidesPerZone;
    volume[z] = sum;
    density[z] = gas.density;
    energy[z] = gas.energy;
    mass[z] = gas.density * sum;
    total_energy[z] = gas.energy * (gas.density * sum);
  }
};

/// A zone's centre: the mean of its points.
APPS_HOST_DEVICE inline Vec centre_of(int64_t first_side, int sides,
                                      const Column<const int64_t>& next,
                                      const Column<const int64_t>& point1,
                                      const PointField<VecColumn<const double>>& position) {
  Vec sum;
  int64_t side = first_side;
  for (int k = 0; k < sides; ++k, side = next[side]) {
    sum = sum + position.of(point1[side])[point1[side]];
  }
  return (1.0 / sides) * sum;
}

/// calc_everything, first pass: geometry and gas of each zone at the middle of the time step.
struct HalfZones {
  Interval zones;
  Column<const uint8_t> side_count;
  Column<const double> mass, density, energy, volume;
  VecColumn<double> centre;
  Column<double> old_volume, half_volume, length, half_density, pressure, viscosity, sound_speed,
      signal_speed;
  PointField<VecColumn<const double>> position, velocity;
  Column<const int64_t> point1, point2, next;
  Column<double> area;

  [[nodiscard]] int64_t count() const { return zones.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t z = zones.first + i;
    const int64_t first = z * kSidesPerZone;
    const int sides = side_count[z];
    const Vec middle = centre_of(first, sides, next, point1, position);
    double sum = 0, shortest = 0, expansion = 0;
    int64_t side = first;
    for (int k = 0; k < sides; ++k, side = next[side]) {
      const int64_t p1 = point1[side], p2 = point2[side];
      const Vec from = position.of(p1)[p1], to = position.of(p2)[p2];
      const Vec edge = to - from;
      const double triangle = side_area(from, to, middle);
      const double height = 4 * triangle / std::sqrt(dot(edge, edge));
      area[side] = triangle;
      sum += triangle;
      if (k == 0 || height < shortest) shortest = height;
      expansion += 0.5 * dot(velocity.of(p1)[p1] + velocity.of(p2)[p2], normal(edge));
    }
    const HalfState state =
        half_state(mass[z], density[z], energy[z], volume[z], sum, shortest, expansion);
    centre.set(z, middle);
    old_volume[z] = volume[z];
    half_volume[z] = sum;
    length[z] = shortest;
    half_density[z] = state.density;
    pressure[z] = state.pressure;
    viscosity[z] = state.viscosity;
    sound_speed[z] = state.sound_speed;
    signal_speed[z] = state.signal_speed;
  }
};

/// calc_everything, second pass: with which force each side pushes its first point outwards and its
/// second one inwards, by pressure, by subzone pressure and by viscosity.
struct SideForces {
  Interval sides;
  Column<const int64_t> zone, point1, point2;
  Column<const double> mass_fraction, area;
  VecColumn<const double> centre;
  Column<const double> half_volume, half_density, pressure, viscosity, sound_speed;
  PointField<VecColumn<const double>> position;
  VecColumn<double> by_pressure, by_subzone, by_viscosity;

  [[nodiscard]] int64_t count() const { return sides.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t side = sides.first + i;
    const int64_t z = zone[side], p1 = point1[side], p2 = point2[side];
    const Vec middle = 0.5 * (position.of(p1)[p1] + position.of(p2)[p2]);
    const Vec surface = normal(middle - centre[z]);
    by_pressure.set(side, pressure[z] * surface);
    by_viscosity.set(side, viscosity[z] * surface);
    by_subzone.set(side, subzone_pressure(half_density[z] * half_volume[z], mass_fraction[side],
                                          area[side], half_density[z], sound_speed[z]) *
                             surface);
  }
};

/// A side's whole force.
struct SideForce {
  VecColumn<const double> by_pressure, by_subzone, by_viscosity;
  [[nodiscard]] APPS_HOST_DEVICE Vec operator[](int64_t side) const {
    return by_pressure[side] + by_subzone[side] + by_viscosity[side];
  }
};

/// The sums of a point.
struct PointSums {
  Column<int64_t> mass, force_x, force_y;
};

/// calc_everything, third pass: adds the mass and the force of each corner to its point.
/// Atomically: tasks that only add may run at the same time on one instance, and so do the threads
/// of a kernel.
struct CornerSums {
  Interval sides;
  FixedPoint scale;
  Column<const int64_t> zone, point1, previous;
  Column<const double> mass_fraction, half_volume, half_density;
  SideForce force;
  PointField<PointSums> sums;

  [[nodiscard]] int64_t count() const { return sides.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t side = sides.first + i;
    const int64_t z = zone[side], point = point1[side], before = previous[side];
    const double mass =
        half_density[z] * half_volume[z] * 0.5 * (mass_fraction[side] + mass_fraction[before]);
    const Vec push = force[side] - force[before];
    const PointSums& to = sums.of(point);
    apps::add_atomically(to.mass[point], fixed(mass, scale.mass));
    apps::add_atomically(to.force_x[point], fixed(push.x, scale.force));
    apps::add_atomically(to.force_y[point], fixed(push.y, scale.force));
  }
};

/// calc_everything_full: geometry, work and gas of each zone at the end of the time step.
struct FullZones {
  Interval zones;
  double dt = 0;
  Column<const uint8_t> side_count;
  Column<const double> mass;
  Column<double> total_energy;
  VecColumn<double> centre;
  Column<double> volume, density, energy, work;
  PointField<VecColumn<const double>> position, old_velocity, velocity;
  Column<const int64_t> point1, point2, next;
  SideForce force;

  [[nodiscard]] APPS_HOST_DEVICE Vec mean_velocity(int64_t point) const {
    return 0.5 * (old_velocity.of(point)[point] + velocity.of(point)[point]);
  }
  [[nodiscard]] int64_t count() const { return zones.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t z = zones.first + i;
    const int64_t first = z * kSidesPerZone;
    const int sides = side_count[z];
    const Vec middle = centre_of(first, sides, next, point1, position);
    double sum = 0, power = 0;
    int64_t side = first;
    for (int k = 0; k < sides; ++k, side = next[side]) {
      const int64_t p1 = point1[side], p2 = point2[side];
      sum += side_area(position.of(p1)[p1], position.of(p2)[p2], middle);
      power += dot(force[side], mean_velocity(p1) - mean_velocity(p2));
    }
    centre.set(z, middle);
    volume[z] = sum;
    density[z] = mass[z] / sum;
    work[z] = -(dt * power);
    total_energy[z] += work[z];
    energy[z] = total_energy[z] / mass[z];
  }
};

/// calc_dt_hydro: the longest time step that all zones of a piece allow.
struct ZoneTimeSteps {
  Interval zones;
  double dt = 0;
  Column<const double> length, sound_speed, signal_speed, old_volume, volume;
  double* longest = nullptr;

  [[nodiscard]] int64_t count() const { return zones.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t z = zones.first + i;
    const double step =
        zone_time_step(length[z], sound_speed[z], signal_speed[z], old_volume[z], volume[z], dt);
#ifdef __CUDA_ARCH__
    // Doubles that are not negative have the order of their bits.
    atomicMin(reinterpret_cast<long long*>(longest), __double_as_longlong(step));
#else
    if (step < *longest) *longest = step;
#endif
  }
};

}  // namespace pennant
