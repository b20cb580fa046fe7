// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "pennant/points.h"

namespace pennant {
namespace {

TEST(Physics, SidesOfAUnitSquareAreQuartersOfIt) {
  const Vec centre{0.5, 0.5};
  EXPECT_EQ(side_area({0, 0}, {1, 0}, centre), 0.25);
  EXPECT_EQ(side_area({0, 1}, {0, 0}, centre), 0.25);
  // Walked around clockwise it is negative.
  EXPECT_EQ(side_area({1, 0}, {0, 0}, centre), -0.25);
}

TEST(Physics, NormalPointsOutOfAZone) {
  const Vec out = normal(Vec{2, 0});
  EXPECT_EQ(out.x, 0);
  EXPECT_EQ(out.y, -2);
}

TEST(Physics, IdealGasAtRestHasItsPressureAndNoViscosity) {
  // Pressure (5/3 - 1) * 3 * 0.6 = 1.2, square of the speed of sound 5/3 * 2/3 * 0.6 = 2/3.
  const HalfState state = half_state(6, 3, 0.6, 2, 2, 1, 0);
  EXPECT_DOUBLE_EQ(state.density, 3);
  EXPECT_DOUBLE_EQ(state.pressure, 1.2);
  EXPECT_DOUBLE_EQ(state.sound_speed, std::sqrt(2.0 / 3));
  EXPECT_EQ(state.viscosity, 0);
  EXPECT_EQ(state.signal_speed, 0);
}

TEST(Physics, SqueezingRaisesPressureAndAddsViscosity) {
  const HalfState rest = half_state(6, 3, 0.6, 2, 2, 1, 0);
  const HalfState squeezed = half_state(6, 3, 0.6, 2, 1.9, 1, -0.19);
  // -(5/3) p dV/V = 5/3 * 1.2 * 0.05 more, to first order.
  EXPECT_NEAR(squeezed.pressure - rest.pressure, 0.1, 1e-12);
  // Jump 1 * 0.19 / 1.9 = 0.1, density 6 / 1.9: 6 / 1.9 * (2/3 * 0.01 + 0.3 * c * 0.1).
  EXPECT_NEAR(squeezed.viscosity, 6 / 1.9 * (2.0 / 3 * 0.01 + 0.03 * std::sqrt(2.0 / 3)), 1e-12);
  EXPECT_EQ(half_state(6, 3, 0.6, 2, 2.1, 1, 0.2).viscosity, 0);
}

TEST(Physics, SideWithItsShareOfTheMassHasNoExtraPressure) {
  EXPECT_EQ(subzone_pressure(8, 0.25, 0.5, 4, 3), 0);
  // Twice the density of the zone: 0.5 * 9 * (8 - 4).
  EXPECT_EQ(subzone_pressure(8, 0.25, 0.25, 4, 3), 18);
}

TEST(Physics, SoundAndChangeOfVolumeLimitTheTimeStep) {
  EXPECT_EQ(zone_time_step(0.5, 0, 0, 1, 1, 0.1), kLongestStep);
  EXPECT_DOUBLE_EQ(zone_time_step(0.5, 3, 2, 1, 1, 0.1), 0.6 * 0.5 / 3);
  EXPECT_DOUBLE_EQ(zone_time_step(0.5, 3, 4, 1, 1, 0.1), 0.6 * 0.5 / 4);
  // A tenth may change: of 0.1 only half when a fifth did.
  EXPECT_NEAR(zone_time_step(0.5, 0, 0, 1, 0.8, 0.1), 0.05, 1e-15);
}

TEST(Physics, TimeStepGrowsByAFifthAndEndsAtTheEnd) {
  const Step first = next_step({}, 1, 0.25);
  EXPECT_EQ(first.dt, 0.25);
  EXPECT_EQ(first.cycle, 1);
  const Step second = next_step(first, 1, 0.25);
  EXPECT_EQ(second.time, 0.25);
  EXPECT_DOUBLE_EQ(second.dt, 0.3);
  EXPECT_EQ(next_step(first, 0.125, 0.25).dt, 0.125);
  EXPECT_DOUBLE_EQ(next_step({5.5, 0.4, 9}, 1, 0.25).dt, 6 - 5.9);
  EXPECT_EQ(next_step({5.5, 0.5, 9}, 1, 0.25).dt, 0);
  EXPECT_EQ(next_step({6, 0x1p-50, 9}, 1, 0.25).dt, 0);
}

TEST(Physics, ZoneTurnedInsideOutEndsTheSimulation) {
  EXPECT_LT(zone_time_step(-0.5, 3, 2, 1, 1, 0.1), 0);
  const Step broken = next_step({1, 0.1, 9}, -0.1, 0.25);
  EXPECT_TRUE(std::isnan(broken.dt));
  EXPECT_TRUE(std::isnan(next_step(broken, 1, 0.25).dt));
}

TEST(Physics, MassIsExactInItsUnit) {
  const FixedPoint scale = fixed_point(0.5);
  EXPECT_EQ(fixed(0.25, scale.mass), int64_t{1} << 50);
  EXPECT_EQ(fixed(-0.25, scale.mass), -(int64_t{1} << 50));
}

TEST(Physics, ForceThatDoesNotFitShowsInEverySum) {
  const double scale = fixed_point(1).force;
  const int64_t largest = fixed(std::nextafter(32, 0), scale);
  EXPECT_EQ(largest, (int64_t{1} << 58) - 32);
  EXPECT_LT(4 * largest, kForceTooLarge);
  for (const double too_large : {32.0, -32.0, 1e300, double{NAN}, -double{INFINITY}}) {
    const int64_t number = fixed(too_large, scale);
    EXPECT_GE(number - 3 * largest, kForceTooLarge);
    EXPECT_GT(4 * static_cast<__int128>(number), kForceTooLarge);
    EXPECT_LE(4 * static_cast<__int128>(number), INT64_MAX);
  }
  AdvanceFull work;
  work.scale = fixed_point(1);
  EXPECT_TRUE(std::isnan(work.component(kForceTooLarge)));
  EXPECT_EQ(work.component(fixed(-0.75, scale)), -0.75);
}

}  // namespace
}  // namespace pennant
