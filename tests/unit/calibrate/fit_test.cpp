// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include <algorithm>

#include "calibrate/calibrate.h"

namespace placewright::calibrate {
namespace {

/// What each run takes of compute, memory and launch on the machine as it is filed.
using Parts = std::vector<std::array<double, kScaleCount>>;

Predict model(const Parts& parts) {
  return [parts](size_t run, const Factors& factors) {
    const auto& [compute, memory, launch] = parts[run];
    return compute / factors[0] + memory / factors[1] + launch * factors[2];
  };
}

std::vector<MeasuredRun> measured(const Predict& predict, size_t count, const Factors& truth) {
  std::vector<MeasuredRun> runs(count);
  for (size_t i = 0; i < count; ++i) runs[i].seconds = predict(i, truth);
  return runs;
}

constexpr Factors kNoLimit = {1e9, 1e9, 1e9};
const Parts kParts = {{1, 0.1, 0.1}, {0.1, 1, 0.1}, {0.2, 0.1, 1}, {1, 1, 1}, {3, 1, 0.5}};

TEST(Fit, FactorsAreFoundAndForetellTheOtherRuns) {
  const Factors truth = {0.5, 2, 3};
  const Predict predict = model(kParts);
  const Calibration found = fit(measured(predict, kParts.size(), truth), kNoLimit, predict);
  for (size_t i = 0; i < kScaleCount; ++i) {
    EXPECT_TRUE(found.is_fitted[i]);
    EXPECT_NEAR(found.factors[i] / truth[i], 1, 0.03) << scales()[i].name;
  }
  ASSERT_EQ(found.runs.size(), kParts.size());
  for (const HeldOut& run : found.runs) EXPECT_NEAR(run.predicted_s / run.measured_s, 1, 0.05);
  EXPECT_NEAR(found.runs[0].unscaled_s, 1.2, 1e-12);
}

TEST(Fit, WhatNoRunDependsOnStaysAsItIs) {
  const Parts parts = {{1, 0, 0}, {2, 0, 0}, {3, 0, 0}};
  const Predict predict = model(parts);
  const Calibration found = fit(measured(predict, 3, {0.25, 1, 1}), kNoLimit, predict);
  EXPECT_TRUE(found.is_fitted[0]);
  EXPECT_NEAR(found.factors[0], 0.25, 1e-3);
  EXPECT_FALSE(found.is_fitted[1]);
  EXPECT_FALSE(found.is_fitted[2]);
  EXPECT_EQ(found.factors[1], 1);
}

TEST(Fit, OneFactorIsEnoughWhereItExplainsEverything) {
  // Compute and memory are nearly in proportion, so many pairs of factors would do.
  const Parts parts = {{1, 0.5, 0}, {2, 1.02, 0}, {4, 2.01, 0}, {8, 4, 0}};
  const Predict predict = model(parts);
  const Calibration found = fit(measured(predict, 4, {0.5, 1, 1}), kNoLimit, predict);
  EXPECT_EQ(std::ranges::count(found.is_fitted, true), 1);
  for (const HeldOut& run : found.runs) EXPECT_NEAR(run.predicted_s / run.measured_s, 1, 0.02);
}

TEST(Fit, ThereAreFewerFactorsThanRuns) {
  const Predict predict = model(kParts);
  const Calibration found = fit(measured(predict, 2, {0.5, 2, 3}), kNoLimit, predict);
  EXPECT_LE(std::ranges::count(found.is_fitted, true), 1);
}

TEST(Fit, AFactorStaysBelowItsLimit) {
  const Predict predict = model(kParts);
  const Calibration found =
      fit(measured(predict, kParts.size(), {4, 1, 1}), {2, 1e9, 1e9}, predict);
  EXPECT_LE(found.factors[0], 2.0 + 1e-9);
  EXPECT_GT(found.factors[0], 1.9);
}

TEST(Calibrate, OneRunIsNotEnough) {
  const auto found = calibrate({}, {MeasuredRun{}}, {});
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message, testing::HasSubstr("two runs"));
}

}  // namespace
}  // namespace placewright::calibrate
