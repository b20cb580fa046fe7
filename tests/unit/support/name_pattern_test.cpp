// SPDX-License-Identifier: Apache-2.0
#include "support/name_pattern.h"

#include <gtest/gtest.h>

#include <string>

namespace placewright {
namespace {

TEST(NamePattern, AStarIsAnyNumberOfCharacters) {
  EXPECT_TRUE(matches_pattern("Update*", "UpdateUsingFlux"));
  EXPECT_TRUE(matches_pattern("Update*", "Update"));
  EXPECT_FALSE(matches_pattern("Update*", "NoUpdate"));
  EXPECT_TRUE(matches_pattern("*Flux*", "GetFluxX"));
  EXPECT_TRUE(matches_pattern("*Flux*", "Flux"));
  EXPECT_FALSE(matches_pattern("*Flux*", "flux"));
  EXPECT_TRUE(matches_pattern("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(matches_pattern("a*b*c", "acb"));
  EXPECT_TRUE(matches_pattern("*", ""));
  EXPECT_TRUE(matches_pattern("**", "anything"));
}

TEST(NamePattern, BeginningAndEndDoNotShareCharacters) {
  EXPECT_FALSE(matches_pattern("ab*ba", "aba"));
  EXPECT_TRUE(matches_pattern("ab*ba", "abba"));
  EXPECT_FALSE(matches_pattern("a*b*b", "ab"));
}

TEST(NamePattern, ANameWithoutAStarIsOnlyItself) {
  EXPECT_FALSE(is_name_pattern("step"));
  EXPECT_TRUE(speaks_of("step", "step"));
  EXPECT_FALSE(speaks_of("step", "steps"));
  EXPECT_TRUE(speaks_of("sort<int*>", "sort<int*>"));
}

TEST(NamePattern, MoreWrittenCharactersAreNarrower) {
  EXPECT_TRUE(is_narrower("UpdateUsing*", "Update*"));
  EXPECT_FALSE(is_narrower("Update*", "UpdateUsing*"));
  EXPECT_TRUE(is_narrower("*ab", "*cd"));
}

TEST(NamePattern, ManyStarsTakeNoMoreThanTheirLengths) {
  std::string pattern, name(100'000, 'a');
  for (int i = 0; i < 1'000; ++i) pattern += "*a";
  EXPECT_FALSE(matches_pattern(pattern + "*b", name));
  EXPECT_TRUE(matches_pattern(pattern, name));
}

}  // namespace
}  // namespace placewright
