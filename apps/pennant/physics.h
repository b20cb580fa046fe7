// SPDX-License-Identifier: Apache-2.0
// The equations of pennant's gas for one zone, side or point: planar compatible Lagrangian
// hydrodynamics (Caramana, Burton, Shashkov, Whalen 1998), with forces at the middle of the time
// step. Every side of a zone pushes its two points in opposite directions, and the zone loses as
// internal energy just what those pushes do as work: mass is constant, total energy up to rounding.
//
// Shorter than the published program: plane instead of axis symmetry, one viscosity per zone in
// place of a tensor (von Neumann, Richtmyer 1950; Landshoff 1955).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "common/host_device.h"

namespace pennant {

inline constexpr double kGamma = 5.0 / 3.0;  ///< Ratio of specific heats.
inline constexpr double kLinearViscosity = 0.3;
inline constexpr double kQuadraticViscosity = (kGamma + 1) / 4;
inline constexpr double kSubzoneStiffness = 0.5;  ///< Factor of the force against hourglass motion.
inline constexpr double kCourant = 0.6;           ///< Part of a zone that a sound may cross.
inline constexpr double kVolumeChange = 0.1;      ///< Part by which a volume may change.
inline constexpr double kGrowth = 1.2;            ///< A time step over the one before, at most.
inline constexpr double kLongestStep = 1.0;
inline constexpr double kEndTime = 6.0;
inline constexpr double kFirstStepPerSpacing = 1;

struct Vec {
  double x = 0, y = 0;
};
APPS_HOST_DEVICE inline Vec operator+(Vec a, Vec b) { return {a.x + b.x, a.y + b.y}; }
APPS_HOST_DEVICE inline Vec operator-(Vec a, Vec b) { return {a.x - b.x, a.y - b.y}; }
APPS_HOST_DEVICE inline Vec operator*(double s, Vec a) { return {s * a.x, s * a.y}; }
APPS_HOST_DEVICE inline double dot(Vec a, Vec b) { return a.x * b.x + a.y * b.y; }
/// A vector turned clockwise: the outward normal of an edge of a zone that is walked around
/// counter-clockwise, as long as the edge.
APPS_HOST_DEVICE inline Vec normal(Vec a) { return {a.y, -a.x}; }

/// The area of a side: the triangle of an edge and the zone's centre.
APPS_HOST_DEVICE inline double side_area(Vec from, Vec to, Vec centre) {
  const Vec edge = to - from, inward = centre - from;
  return 0.5 * (edge.x * inward.y - inward.x * edge.y);
}

/// What a zone is at the middle of a time step.
struct HalfState {
  double density, pressure, viscosity, sound_speed, signal_speed;
};

/// `volume` is the new volume, `length` the smallest height of the zone over one of its edges,
/// `expansion` the volume's change per time. The pressure follows the isentrope through the old
/// state to first order. `signal_speed` is the speed at which viscosity acts.
APPS_HOST_DEVICE inline HalfState half_state(double mass, double old_density, double energy,
                                             double old_volume, double volume, double length,
                                             double expansion) {
  HalfState state;
  const double heat = energy > 0 ? energy : 0;
  const double square = kGamma * (kGamma - 1) * heat;
  const double change = (volume - old_volume) / old_volume;
  const double pressure = (kGamma - 1) * old_density * heat - old_density * square * change;
  state.density = mass / volume;
  state.pressure = pressure > 0 ? pressure : 0;
  state.sound_speed = std::sqrt(square);
  state.viscosity = 0;
  state.signal_speed = 0;
  if (expansion < 0) {
    const double jump = -(length * expansion / volume);
    state.viscosity = state.density * (kQuadraticViscosity * jump * jump +
                                       kLinearViscosity * state.sound_speed * jump);
    state.signal_speed = kLinearViscosity * state.sound_speed + 2 * kQuadraticViscosity * jump;
  }
  return state;
}

/// The pressure that a side has beyond its zone's because it was squeezed more than the zone.
APPS_HOST_DEVICE inline double subzone_pressure(double zone_mass, double mass_fraction,
                                                double side_area, double zone_density,
                                                double sound_speed) {
  const double density = zone_mass * mass_fraction / side_area;
  return kSubzoneStiffness * sound_speed * sound_speed * (density - zone_density);
}

/// The longest time step that one zone allows; a step of `dt` changed its volume.
APPS_HOST_DEVICE inline double zone_time_step(double length, double sound_speed,
                                              double signal_speed, double old_volume, double volume,
                                              double dt) {
  const double speed = signal_speed > sound_speed ? signal_speed : sound_speed;
  double step = kLongestStep;
  if (speed > 0 && kCourant * length / speed < step) step = kCourant * length / speed;
  const double change = std::fabs(volume - old_volume) / old_volume;
  if (change > 0 && kVolumeChange * dt / change < step) step = kVolumeChange * dt / change;
  return step;
}

/// One time step: it begins at `time` and is `dt` long.
struct Step {
  double time = 0, dt = 0;
  int64_t cycle = 0;
};

/// The step after `last`, which no zone allows to be longer than `longest`. At the end of simulated
/// time it has no length. A zone that was turned inside out makes `longest` negative: NaN then
/// spreads over the mesh, so that no later state can look sound.
[[nodiscard]] inline Step next_step(const Step& last, double longest, double spacing) {
  Step step{last.time + last.dt,
            last.cycle == 0 ? kFirstStepPerSpacing * spacing : kGrowth * last.dt, last.cycle + 1};
  const double left = step.time < kEndTime ? kEndTime - step.time : 0;
  for (const double limit : {kLongestStep, left, longest}) {
    if (limit < step.dt) step.dt = limit;
  }
  if (step.dt < 0) step.dt = std::numeric_limits<double>::quiet_NaN();
  return step;
}

/// Sums over the zones around a point are whole numbers, so they have the same bits in every order.
/// Units: `mass` of them make the mass of one zone of density 1, `force` one unit of pressure on an
/// edge of the first mesh. The corners around a point have the mass of one zone, 2^50 at most.
/// Pressure begins with 0.083 at most; a force that does not fit is noticed.
struct FixedPoint {
  double mass, force;
};
[[nodiscard]] inline FixedPoint fixed_point(double spacing) {
  return {0x1p50 / (spacing * spacing), 0x1p53 / spacing};
}
/// The sum of up to four numbers of fixed() reaches this if and only if one of them did not fit.
inline constexpr int64_t kForceTooLarge = int64_t{1} << 60;
APPS_HOST_DEVICE inline int64_t fixed(double value, double scale) {
  // Four below 2^58 stay below 2^60; with one that did not fit it is 2^61 - 1 - 3 * 2^58 at least,
  // and 2^63 - 4 at most.
  const double scaled = value * scale;
  return std::fabs(scaled) < 0x1p58 ? llround(scaled) : (int64_t{1} << 61) - 1;
}

}  // namespace pennant
