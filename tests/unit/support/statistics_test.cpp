// SPDX-License-Identifier: Apache-2.0
#include "support/statistics.h"

#include <gtest/gtest.h>

namespace placewright {
namespace {

using Samples = std::vector<double>;

TEST(Median, IsTheMiddleOrTheMeanOfTheTwoMiddleOnes) {
  EXPECT_DOUBLE_EQ(median(Samples{3, 1, 2}), 2);
  EXPECT_DOUBLE_EQ(median(Samples{4, 1, 2, 3}), 2.5);
}

TEST(FairBinomial, MatchesPascalsTriangle) {
  // Row 7: 1 7 21 35 35 21 7 1, sum 128.
  EXPECT_DOUBLE_EQ(fair_binomial_cdf(0, 7), 1.0 / 128);
  EXPECT_DOUBLE_EQ(fair_binomial_cdf(1, 7), 8.0 / 128);
  EXPECT_DOUBLE_EQ(fair_binomial_cdf(2, 7), 29.0 / 128);
  EXPECT_DOUBLE_EQ(fair_binomial_cdf(7, 7), 1);
}

TEST(FairBinomial, ContinuesBeyondADouble) {
  // Half of the sums are below the middle, and P(B <= n/2 - sqrt(n)) tends to the normal
  // distribution's 2.275 % below two deviations.
  EXPECT_NEAR(fair_binomial_cdf(5000, 10001), 0.5, 1e-9);
  EXPECT_NEAR(fair_binomial_cdf(1'000'000 / 2 - 1000, 1'000'000), 0.02275, 1e-4);
  EXPECT_NEAR(fair_binomial_cdf(490, 1001), fair_binomial_cdf(490, 1000), 0.02);
}

TEST(MedianInterval, OfManySamplesIsNarrow) {
  Samples samples;
  for (int i = 0; i < 5001; ++i) samples.push_back(i);
  const MedianInterval interval = median_interval(samples);
  EXPECT_DOUBLE_EQ(interval.median, 2500);
  EXPECT_NEAR(interval.low, 2430, 2);  // 1.96 * sqrt(5001) / 2 = 69.3 below
  EXPECT_GE(interval.coverage, 0.95);
}

TEST(MedianInterval, OfOneSampleCoversNothing) {
  const MedianInterval interval = median_interval(Samples{5});
  EXPECT_DOUBLE_EQ(interval.median, 5);
  EXPECT_DOUBLE_EQ(interval.low, 5);
  EXPECT_DOUBLE_EQ(interval.high, 5);
  EXPECT_DOUBLE_EQ(interval.coverage, 0);
}

TEST(MedianInterval, OfThreeSamplesIsTheirRangeAndSaysHowLittleThatCovers) {
  const MedianInterval interval = median_interval(Samples{3, 1, 2});
  EXPECT_DOUBLE_EQ(interval.low, 1);
  EXPECT_DOUBLE_EQ(interval.high, 3);
  EXPECT_DOUBLE_EQ(interval.coverage, 0.75);  // 1 - 2 / 2^3
}

TEST(MedianInterval, OfSevenSamplesIsTheirRange) {
  const MedianInterval interval = median_interval(Samples{7, 6, 5, 4, 3, 2, 1});
  // k = 2 would cover 1 - 2 * 8/128 = 0.875 only.
  EXPECT_DOUBLE_EQ(interval.low, 1);
  EXPECT_DOUBLE_EQ(interval.high, 7);
  EXPECT_DOUBLE_EQ(interval.coverage, 1 - 2.0 / 128);
}

TEST(MedianInterval, OfNineSamplesLeavesOutTheExtremes) {
  const MedianInterval interval = median_interval(Samples{9, 8, 7, 6, 5, 4, 3, 2, 1});
  // k = 2: 1 - 2 * (1 + 9) / 512 = 0.9609; k = 3: 1 - 2 * 46 / 512 = 0.82.
  EXPECT_DOUBLE_EQ(interval.low, 2);
  EXPECT_DOUBLE_EQ(interval.high, 8);
  EXPECT_DOUBLE_EQ(interval.coverage, 1 - 20.0 / 512);
}

TEST(PairedRatio, CancelsADriftThatHitsBothSides) {
  const Samples challenger{0.8, 1.6, 2.4};
  const Samples incumbent{1, 2, 3};
  const MedianInterval ratio = paired_ratio(challenger, incumbent);
  EXPECT_NEAR(ratio.low, 0.8, 1e-12);
  EXPECT_NEAR(ratio.high, 0.8, 1e-12);
}

TEST(KendallTau, CountsPairsInTheSameOrder) {
  EXPECT_DOUBLE_EQ(*kendall_tau(Samples{1, 2, 3, 4}, Samples{10, 20, 30, 40}), 1);
  EXPECT_DOUBLE_EQ(*kendall_tau(Samples{1, 2, 3, 4}, Samples{4, 3, 2, 1}), -1);
  // One of six pairs is in the other order.
  EXPECT_DOUBLE_EQ(*kendall_tau(Samples{1, 2, 3, 4}, Samples{1, 2, 4, 3}), 4.0 / 6);
}

TEST(KendallTau, CountsTiesLess) {
  // Five pairs are apart in the first list, six in the other: 5 / sqrt(5 * 6).
  EXPECT_DOUBLE_EQ(*kendall_tau(Samples{1, 1, 3, 4}, Samples{1, 2, 3, 4}), 5 / std::sqrt(30.0));
  EXPECT_FALSE(kendall_tau(Samples{1, 1}, Samples{1, 2}));
}

TEST(RelativeSpread, IsTheRangeOverTheMedian) {
  EXPECT_NEAR(relative_spread(Samples{1, 1.1, 1.2}), 0.2 / 1.1, 1e-12);
}

TEST(Percentile90, IsASampleThatNineTenthsAreNotAbove) {
  const std::vector<double> ten = {10, 9, 8, 7, 6, 5, 4, 3, 2, 1};
  EXPECT_EQ(percentile_90(ten), 9);
  const std::vector<double> eleven = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  EXPECT_EQ(percentile_90(eleven), 10);
  const std::vector<double> one = {3};
  EXPECT_EQ(percentile_90(one), 3);
}

}  // namespace
}  // namespace placewright
