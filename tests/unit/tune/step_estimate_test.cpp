// SPDX-License-Identifier: Apache-2.0
#include "tune/step_estimate.h"

#include <gmock/gmock.h>

namespace placewright::tune {
namespace {

std::vector<explore::StepTime> steps(const std::vector<double>& seconds) {
  std::vector<explore::StepTime> result;
  for (const double each : seconds) result.push_back({each, 0});
  return result;
}

TEST(StepSeconds, NeedsAStepAfterTheFirst) {
  EXPECT_FALSE(step_seconds({}));
  EXPECT_FALSE(step_seconds(steps({1})));
  EXPECT_EQ(step_seconds(steps({9, 1})), 1);
}

TEST(StepSeconds, TheFirstStepMovesTheData) {
  EXPECT_EQ(step_seconds(steps({1, 2, 2, 2, 2})), 2);
  EXPECT_EQ(step_seconds(steps({-1, 2, 2, 2})), 2);
}

TEST(StepSeconds, CountsFromTheFirstTwoThatAgree) {
  EXPECT_EQ(step_seconds(steps({9, 8, 4, 2, 2.02, 2, 2.05})), 2.01);
}

TEST(StepSeconds, TheLaterHalfCountsWhereNoneAgree) {
  EXPECT_EQ(step_seconds(steps({9, 8, 6, 4, 3})), 3.5);
}

TEST(StepSeconds, OfStepsThatAlternateBothCount) {
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 2, 4})), 3);
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 4, 2})), 3);
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 2, 4, 2, 4})), 3);
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 2, 4, 2, 4, 2})), 3);
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 2, 4, 2, 4, 2, 8})), 3) << "an outlier";
}

TEST(StepSeconds, OneOutlierDecidesNothing) {
  EXPECT_EQ(step_seconds(steps({9, 1, 1, 7, 1, 1})), 1);
}

TEST(StepSeconds, TwoStepsThatEndTogetherShareTheirTime) {
  // The start of a real run of steps that take 15.
  EXPECT_NEAR(*step_seconds(steps({-1, 14.9, 30.1, 0.1, 17.2})), 15, 0.2);
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 4, 8, 0.5, 4, 4.1})), 4.175);
  // Data that moves for a step or two is not a burst.
  EXPECT_EQ(step_seconds(steps({90, 8, 2, 2, 2})), 2);
  EXPECT_DOUBLE_EQ(*step_seconds(steps({9, 1, 5, 1, 5})), 3);
}

TEST(StepSeconds, ManyStepsMayEndInBursts) {
  std::vector<double> times = {9, 1, 1};
  for (int i = 0; i < 10; ++i) times.insert(times.end(), {1, 1, 1, 5});
  EXPECT_DOUBLE_EQ(*step_seconds(steps(times)), 2);
  // A pause of the machine is in one group only.
  times[20] = 1000;
  EXPECT_DOUBLE_EQ(*step_seconds(steps(times)), 2);
}

TEST(StepSeconds, WhatTheProgramMeasuresItselfCounts) {
  std::vector<explore::StepTime> measured = steps({5, 5, 5, 5});
  for (explore::StepTime& step : measured) step.window = 3;
  EXPECT_EQ(step_seconds(measured), 3);
  measured[2].window = 0;
  EXPECT_EQ(step_seconds(measured), 5);
}

}  // namespace
}  // namespace placewright::tune
