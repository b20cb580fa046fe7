// SPDX-License-Identifier: Apache-2.0
#include "pennant/reference.h"

#include <gtest/gtest.h>

#include "pennant/physics.h"

namespace pennant {
namespace {

/// 50 cycles of the test input's mesh.
Problem long_run() { return {.nzx = 8, .nzy = 24, .pieces = 4, .loops = 50, .warmup = 0}; }

TEST(Reference, BeginsWithTheMassAndTheEnergyOfTheTwoGases) {
  const Totals start = sequential_totals(long_run()).front();
  // One unit of area of density 1, two of density 1e-3.
  EXPECT_NEAR(start.zone_mass, 1.002, 1e-13);
  // Energies 0.1 * (1 + x / 4), whose mean over x in 0..1 is 0.1125, and 1e-7.
  EXPECT_NEAR(start.energy, 0.1125 + 2e-10, 1e-14);
  EXPECT_EQ(start.fastest, 0);
}

TEST(Reference, MassAndEnergyAreConservedInEveryCycle) {
  const std::vector<Totals> cycles = sequential_totals(long_run());
  ASSERT_EQ(cycles.size(), 51u);
  const Totals& start = cycles.front();
  for (size_t i = 1; i < cycles.size(); ++i) {
    EXPECT_EQ(cycles[i].zone_mass, start.zone_mass);
    EXPECT_NEAR(cycles[i].point_mass, start.zone_mass, 1e-12);
    EXPECT_NEAR(cycles[i].energy, start.energy, 1e-12);
  }
}

TEST(Reference, GasMovesAndZonesLimitTheTimeStep) {
  const std::vector<Totals> cycles = sequential_totals(long_run());
  EXPECT_GT(cycles.back().fastest, 0.5);
  EXPECT_EQ(cycles[1].dt, 0.125);
  EXPECT_EQ(cycles[2].dt, 1.2 * 0.125);
  // Then the zones' limits.
  EXPECT_LT(cycles[3].dt, cycles[2].dt);
}

TEST(Reference, DependsOnTheMeshAndTheLengthButNotOnPieces) {
  const Problem problem;
  Problem longer = problem, wider = problem, cut = problem;
  longer.warmup += 1;
  wider.nzx += 1;
  cut.pieces = 7;
  EXPECT_NE(sequential_checksum(problem), sequential_checksum(longer));
  EXPECT_NE(sequential_checksum(problem), sequential_checksum(wider));
  EXPECT_EQ(sequential_checksum(problem), sequential_checksum(cut));
}

}  // namespace
}  // namespace pennant
