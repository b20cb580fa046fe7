// SPDX-License-Identifier: Apache-2.0
#include "tune/metric.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::tune {
namespace {

using testing::HasSubstr;

std::optional<Reading> read_default(const std::string& output) {
  return last_match(output, *compile_pattern(kDefaultMetric));
}

TEST(Metric, IsTheLastMatch) {
  EXPECT_EQ(read_default("ELAPSED TIME = 1.0 s\nELAPSED TIME = 2e-3 s\nbye\n")->value, "2e-3");
  EXPECT_FALSE(read_default("elapsed\n"));
}

TEST(DefaultMetric, TakesTheFormsThatLegionProgramsPrint) {
  struct Form {
    const char* output;
    const char* value;
    const char* unit;
  };
  for (const Form& form : {
           Form{"ELAPSED TIME = 2.101 s\n", "2.101", "s"},
           Form{"ELAPSED TIME =   2.101 s\n", "2.101", "s"},
           Form{"ELAPSED TIME\t=\t2.101\ts\r\n", "2.101", "s"},
           Form{"[0 - 7f] ELAPSED TIME = 0.1234s, THROUGHPUT = 518.6 samples/s\n", "0.1234", "s"},
           Form{"Elapsed time = 1.500000e+00\n", "1.500000e+00", ""},
           Form{"Elapsed Time: 12.5 ms\n", "12.5", "ms"},
           Form{"Elapsed Time 3.4e-01 seconds\n", "3.4e-01", "seconds"},
       }) {
    const auto reading = read_default(form.output);
    ASSERT_TRUE(reading) << form.output;
    EXPECT_EQ(reading->value, form.value) << form.output;
    EXPECT_EQ(reading->unit, form.unit) << form.output;
    EXPECT_FALSE(looks_like_rate(*reading)) << form.output;
  }
}

TEST(DefaultMetric, DoesNotTakeHalfOfAnotherForm) {
  EXPECT_FALSE(read_default("Elapsed time: 1:23:45\n")) << "hours, minutes and seconds";
  EXPECT_FALSE(read_default("ELAPSED TIME = 5 steps\n"));
}

TEST(Metric, APatternNeedsOneGroup) {
  EXPECT_THAT(compile_pattern("TIME = .*").error().message, HasSubstr("0 groups"));
  EXPECT_THAT(compile_pattern("TIME = (").error().message,
              HasSubstr("is not a regular expression"));
}

TEST(Metric, ALongLineOfDigitsIsRead) {
  const std::string digits(40000, '1');
  EXPECT_EQ(read_default("ELAPSED TIME = " + digits + " s\n")->value, digits);
}

TEST(Metric, LinesLongerThan64KibAreSkipped) {
  const std::string blanks(70000, ' ');
  EXPECT_EQ(read_default("ELAPSED TIME = 1 s\nELAPSED TIME = 2 s" + blanks + "\n")->value, "1");
}

TEST(Metric, TheSearchForItEndsWhenItIsCancelled) {
  int asked = 0;
  const auto cancelled = [&] { return ++asked > 2; };
  EXPECT_FALSE(last_match("TIME = 1\nx\nx\nx\n", *compile_pattern("TIME = (.)"), cancelled));
  EXPECT_EQ(asked, 3);
}

TEST(Metric, OfTwoRatesTheLargerCostsLess) {
  const Metric rate{"RATE = (.*)", Direction::Maximize, std::nullopt};
  EXPECT_LT(rate.cost(120), rate.cost(12));
  EXPECT_DOUBLE_EQ(rate.cost(12) / rate.cost(120), 10);
  const Metric time;
  EXPECT_LT(time.cost(12), time.cost(120));
}

TEST(Metric, ItsValuesAreShownAsPrinted) {
  EXPECT_EQ((Metric{"R(.*)", Direction::Maximize, "samples/s"}).text(518.6), "518.6 samples/s");
  EXPECT_EQ((Metric{"R(.*)", Direction::Maximize, std::nullopt}).text(518.6), "518.6");
  EXPECT_EQ(Metric().text(0.912), "0.912 s");
}

TEST(Metric, TheUnitIsTheOneWordAfterTheValue) {
  const Pattern pattern = *compile_pattern("THROUGHPUT = ([0-9.]+)");
  EXPECT_EQ(last_match("THROUGHPUT = 12.5 samples/s\n", pattern)->unit, "samples/s");
  EXPECT_EQ(last_match("THROUGHPUT = 12.5 on average\n", pattern)->unit, "");
  EXPECT_EQ(last_match("THROUGHPUT = 12.5\n", pattern)->unit, "");
}

TEST(Metric, ARateIsRecognised) {
  const Pattern pattern = *compile_pattern("= ([0-9.]+)");
  for (const char* rate : {"THROUGHPUT = 12", "x = 12 samples/s", "x = 12 GFLOPS", "x = 3 GB/sec",
                           "memory bandwidth = 12", "GFLOP/s = 7", "x = 5 MHz"})
    EXPECT_TRUE(looks_like_rate(*last_match(rate, pattern))) << rate;
  for (const char* other : {"TIME = 12 s", "x = 12 ms", "latency = 12 us", "x = 12 s/step"})
    EXPECT_FALSE(looks_like_rate(*last_match(other, pattern))) << other;
}

TEST(NothingFound, ShowsTheLinesWithNumbersAndAnOptionThatReadsOne) {
  const std::string said =
      nothing_found(Metric(), "hello\nSolver took 3.25 sec\nused 12 processors\n");
  EXPECT_THAT(said, HasSubstr("lines that hold numbers:\n  Solver took 3.25 sec\n  used 12"));
  const std::string option = R"(--metric 'Solver took\s*([-+0-9.eE]+)')";
  EXPECT_THAT(said, HasSubstr(option));
  const Pattern read = *compile_pattern(R"(Solver took\s*([-+0-9.eE]+))");
  EXPECT_EQ(last_match("Solver took 3.25 sec\n", read)->value, "3.25");
}

TEST(NothingFound, SaysWhenNoLineHoldsANumber) {
  EXPECT_THAT(nothing_found(Metric(), "hello\n"), HasSubstr("no line of it holds a number"));
}

}  // namespace
}  // namespace placewright::tune
