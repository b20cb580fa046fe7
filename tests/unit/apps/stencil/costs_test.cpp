// SPDX-License-Identifier: Apache-2.0
#include "stencil/costs.h"

#include <gtest/gtest.h>

namespace stencil {
namespace {

double bytes_of(const placewright::TaskCost& cost) {
  double bytes = 0;
  for (const placewright::ArgumentCost& argument : cost.arguments) {
    bytes += argument.elements * (argument.bytes_read + argument.bytes_written);
  }
  return bytes;
}

TEST(Costs, InnerTileMovesTwentyFourBytesPerCellAndItsHalo) {
  // 3 x 3 tiles of 100 x 50: the middle one has four neighbours.
  const Problem problem{.nx = 300, .ny = 150, .ntx = 3, .nty = 3};
  const Tile middle = describe_tile(problem, 4);
  const double strips = 2.0 * (2 * 50 + 2 * 100);
  EXPECT_EQ(bytes_of(cost_of_stencil(middle)), 24.0 * 5000 + 16.0 * strips);
  EXPECT_EQ(bytes_of(cost_of_increment(middle)), 16.0 * 5000 + 16.0 * strips);
  EXPECT_EQ(cost_of_stencil(middle).fp64_flops, 10.0 * 5000);
}

TEST(Costs, TileWithoutNeighboursReadsNoStrips) {
  const Problem problem{.nx = 100, .ny = 50, .ntx = 1, .nty = 1};
  EXPECT_EQ(bytes_of(cost_of_stencil(describe_tile(problem, 0))), 24.0 * 5000);
}

}  // namespace
}  // namespace stencil
