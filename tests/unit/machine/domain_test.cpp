// SPDX-License-Identifier: Apache-2.0
#include "machine/domain.h"

#include <gtest/gtest.h>

namespace placewright::machine {
namespace {

TEST(LaunchDomain, CountsAndNumbersPointsWithTheFirstCoordinateFastest) {
  const auto domain = parse_launch_domain("-1,2..1,3");
  ASSERT_TRUE(domain);
  EXPECT_EQ(domain->volume(), 6);
  EXPECT_EQ(domain->extent(0), 3);
  EXPECT_EQ(to_string(domain->point(0)), "-1,2");
  EXPECT_EQ(to_string(domain->point(1)), "0,2");
  EXPECT_EQ(to_string(domain->point(3)), "-1,3");
  for (int64_t i = 0; i < domain->volume(); ++i) EXPECT_EQ(domain->linear(domain->point(i)), i);
}

TEST(LaunchDomain, ContainsBothBoundsAndNothingOfAnotherDimension) {
  const auto domain = parse_launch_domain("0,0..7,3");
  ASSERT_TRUE(domain);
  EXPECT_TRUE(domain->contains(domain->hi));
  EXPECT_TRUE(domain->contains(domain->lo));
  EXPECT_FALSE(domain->contains({2, {8, 0}}));
  EXPECT_FALSE(domain->contains({2, {0, -1}}));
  EXPECT_FALSE(domain->contains({1, {0}}));
}

TEST(LaunchDomain, VolumeIsZeroWhenEmptyAndSaturatesWhenHuge) {
  EXPECT_EQ((LaunchDomain{{1, {0}}, {1, {-1}}}).volume(), 0);
  EXPECT_EQ(LaunchDomain{}.volume(), 0);
  const int64_t far = int64_t{1} << 40;
  EXPECT_EQ((LaunchDomain{{2, {0, 0}}, {2, {far, far}}}).volume(), INT64_MAX);
}

TEST(LaunchDomain, PrintsTheTextItWasReadFrom) {
  for (const char* text : {"0..7", "0,0..7,3", "-3,1,0..3,1,0", "0,0,0,0,0,0..1,1,1,1,1,1"}) {
    const auto domain = parse_launch_domain(text);
    ASSERT_TRUE(domain) << text;
    EXPECT_EQ(domain->to_string(), text);
  }
}

TEST(LaunchDomain, RefusesTextsThatAreNotABox) {
  for (const char* text : {"", "5", "0..", "..5", "0,0..7", "a..b", "0..7x", "0,..7,3", "3..1",
                           "0,0,0,0,0,0,0..1,1,1,1,1,1,1", "0..99999999999999999999"}) {
    EXPECT_FALSE(parse_launch_domain(text)) << text;
  }
  EXPECT_EQ(parse_launch_domain("0,0..7").error().message,
            "launch domain `0,0..7` has 2 lower and 1 upper bounds");
}

}  // namespace
}  // namespace placewright::machine
