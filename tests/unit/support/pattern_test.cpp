// SPDX-License-Identifier: Apache-2.0
#include "support/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright {
namespace {

using testing::HasSubstr;

TEST(Pattern, FindsTheLeftmostMatchWithItsGroups) {
  const auto found = Pattern("([a-z]+)=([0-9]*)").find("x 7; ab=12, cd=3");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->whole, "ab=12");
  EXPECT_THAT(found->groups, testing::ElementsAre("ab", "12"));
}

TEST(Pattern, AGroupThatTookNoPartIsEmpty) {
  EXPECT_THAT(Pattern("(a)|(b)").find("b")->groups, testing::ElementsAre("", "b"));
}

TEST(Pattern, ReplacesEveryMatchByTextAsItStands) {
  EXPECT_EQ(Pattern("[0-9]+").replace_all("a1 b22 c", "\\1"), "a\\1 b\\1 c");
}

TEST(Pattern, ALongTextNeedsNoDeepStack) {
  const std::string digits(1 << 20, '1');
  EXPECT_EQ(Pattern("T = ([-+0-9.eE]+) s").find("T = " + digits + " s")->groups[0], digits);
}

// Backtracking would take 2^n steps; a million letters end the test only if the time is linear.
TEST(Pattern, NestedRepetitionTakesLinearTime) {
  EXPECT_FALSE(Pattern("(a+)+b").find(std::string(1 << 20, 'a')));
}

TEST(Pattern, OneThatWouldBeSlowIsRefused) {
  const auto slow = Pattern::compile("(a?){1000}b");
  ASSERT_FALSE(slow);
  EXPECT_THAT(slow.error().message, HasSubstr("is too large"));
}

TEST(Pattern, WhatIsNotOneIsRefusedWithTheReason) {
  EXPECT_THAT(Pattern::compile("(").error().message, HasSubstr("missing )"));
  EXPECT_THAT(Pattern::compile(R"((a)\1)").error().help, HasSubstr("no backreferences"));
}

TEST(LiteralPattern, MatchesItsText) {
  const std::string text = "a.b (c) [d]+ \\ e";
  EXPECT_TRUE(Pattern::compile(literal_pattern(text))->find_whole(text));
}

}  // namespace
}  // namespace placewright
