// SPDX-License-Identifier: Apache-2.0
#include "pennant/costs.h"

#include <gtest/gtest.h>

namespace pennant {
namespace {

using placewright::AccessPattern;
using placewright::TaskCost;

double bytes_of(const TaskCost& cost, AccessPattern pattern) {
  double bytes = 0;
  for (const placewright::ArgumentCost& argument : cost.arguments) {
    if (argument.pattern != pattern) continue;
    bytes += argument.elements * (argument.bytes_read + argument.bytes_written);
  }
  return bytes;
}

/// 10 x 10 zones in the middle of three pieces: 11 x 9 private points, 2 x 11 ghost points.
Piece middle() { return describe_piece({.nzx = 10, .nzy = 30, .pieces = 3}, 1); }

TEST(Costs, PointsMoveTheirFields) {
  // Read px and pu, write px0, pxp, pu0, pf and pmaswt.
  EXPECT_EQ(bytes_of(cost_of_half(middle().private_points), AccessPattern::Stream),
            99.0 * (2 * 16 + 3 * 16 + 16 + 8));
  EXPECT_EQ(cost_of_half(middle().private_points).fp64_flops, 99.0 * kHalfFlops);
  // Read px0, pu0, pf, pmaswt and two flags, write px and pu.
  EXPECT_EQ(bytes_of(cost_of_full(middle().shared_points), AccessPattern::Stream),
            11.0 * (3 * 16 + 8 + 2 + 2 * 16));
}

TEST(Costs, EachCornerAddsMassAndTwoComponentsOfForce) {
  // 400 corners, 3 sums of 8 bytes each, given as read and as written.
  EXPECT_EQ(bytes_of(cost_of_everything(middle()), AccessPattern::Atomic), 400.0 * 3 * 16);
  EXPECT_EQ(cost_of_everything(middle()).fp64_flops, 100.0 * kEverythingFlops);
}

TEST(Costs, TimeStepReadsFiveFieldsOfEachZone) {
  EXPECT_EQ(bytes_of(cost_of_time_step(middle()), AccessPattern::Stream), 100.0 * 5 * 8);
}

TEST(Costs, FlopsOfACycleAreThoseOfItsTasks) {
  const Problem problem{.nzx = 10, .nzy = 30, .pieces = 3};
  double flops = 0;
  for (const Piece& piece : describe_pieces(problem)) {
    for (const Interval& points : {piece.private_points, piece.shared_points}) {
      flops += cost_of_half(points).fp64_flops + cost_of_full(points).fp64_flops;
    }
    flops += cost_of_everything(piece).fp64_flops + cost_of_everything_full(piece).fp64_flops +
             cost_of_time_step(piece).fp64_flops;
  }
  EXPECT_EQ(flops_per_cycle(problem), flops);
}

}  // namespace
}  // namespace pennant
