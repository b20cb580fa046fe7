// SPDX-License-Identifier: Apache-2.0
#include "tune/forecast/forecasts.h"

#include <gtest/gtest.h>

namespace placewright::tune {
namespace {

class NoForecaster final : public Forecaster {
 public:
  [[nodiscard]] Result<double> step_s(const policy::Rules&) const override { return fail("none"); }
  [[nodiscard]] Result<double> varied_step_s(const policy::Rules&, uint64_t) const override {
    return fail("none");
  }
};

Forecasts forecasts() { return Forecasts(std::make_unique<NoForecaster>()); }

TEST(Forecasts, NothingIsHopelessBeforeSomethingWasMeasured) {
  EXPECT_TRUE(forecasts().may_beat(100, 1));
}

TEST(Forecasts, WhatMayBeFasterFollowsFromTheErrorSeen) {
  Forecasts exact = forecasts();
  Forecasts rough = forecasts();
  for (int i = 0; i < 20; ++i) {
    exact.measured(1, 2);                       // always twice the forecast
    rough.measured(1, i % 2 == 0 ? 2.0 : 1.2);  // or not
  }
  EXPECT_TRUE(exact.may_beat(1, 2));
  EXPECT_FALSE(exact.may_beat(1.2, 2));
  EXPECT_TRUE(rough.may_beat(1.2, 2));
  EXPECT_FALSE(rough.may_beat(2, 2));
}

TEST(Forecasts, FewMeasurementsExcludeLittle) {
  Forecasts few = forecasts();
  few.measured(1, 1);
  EXPECT_TRUE(few.may_beat(1.3, 1));
  EXPECT_FALSE(few.may_beat(1.4, 1));
}

TEST(Forecasts, OneInTenIsMeasuredAllTheSame) {
  Forecasts known = forecasts();
  for (int i = 0; i < 20; ++i) known.measured(1, 1);
  int skipped = 0;
  for (int i = 0; i < 100; ++i) skipped += known.skips(5, 1) ? 1 : 0;
  EXPECT_EQ(skipped, 90);
  EXPECT_EQ(known.summary().skipped, 90);
}

TEST(Forecasts, TheSummaryComparesBothOrders) {
  Forecasts known = forecasts();
  known.measured(1, 10);
  known.measured(2, 20);
  known.measured(3, 33);
  known.simulated({0.5, 1, 2, 3, 4}, 7, true);
  const ForecastSummary summary = known.summary();
  EXPECT_EQ(summary.simulated, 12U);
  EXPECT_EQ(summary.failed, 7U);
  EXPECT_TRUE(summary.exhausted);
  EXPECT_EQ(summary.measured, 3);
  EXPECT_DOUBLE_EQ(*summary.tau, 1);
  EXPECT_DOUBLE_EQ(*summary.error, 0);  // of 0, 0 and 10 %
  EXPECT_EQ(*summary.before_best, 1U);  // 0.5
}

}  // namespace
}  // namespace placewright::tune
