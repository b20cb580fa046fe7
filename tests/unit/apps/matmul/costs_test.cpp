// SPDX-License-Identifier: Apache-2.0
#include "matmul/costs.h"

#include <gtest/gtest.h>

namespace matmul {
namespace {

TEST(Costs, LeafReadsOperandsOncePerTileOfTheSums) {
  // Sums of 300 x 129 in tiles of 128 x 128: three rows of tiles, two columns.
  const placewright::TaskCost cost = cost_of_leaf(300, 129, 50);
  EXPECT_EQ(cost.fp64_flops, 2.0 * 300 * 129 * 50);
  EXPECT_EQ(cost.parallelism, 300 * 129);
  ASSERT_EQ(cost.arguments.size(), 3u);
  EXPECT_EQ(cost.arguments[0].elements, 300 * 129);
  EXPECT_EQ(cost.arguments[1].elements, 300 * 50 * 2);
  EXPECT_EQ(cost.arguments[2].elements, 50 * 129 * 3);
}

TEST(Costs, FillWritesEachEntryOnce) {
  const placewright::TaskCost cost = cost_of_fill({{10, 19}, {5, 9}});
  ASSERT_EQ(cost.arguments.size(), 1u);
  EXPECT_EQ(cost.arguments[0].elements, 50);
  EXPECT_EQ(cost.fp64_flops, 0);
}

TEST(Costs, PlacementComputesNothing) {
  EXPECT_EQ(cost_of_placement().fp64_flops, 0);
  EXPECT_TRUE(cost_of_placement().arguments.empty());
}

}  // namespace
}  // namespace matmul
