// SPDX-License-Identifier: Apache-2.0
#include "support/text.h"

#include <gtest/gtest.h>

#include <array>

namespace placewright {
namespace {

TEST(EditDistance, CountsSwapsOfNeighboursOnceAndIgnoresCase) {
  EXPECT_EQ(edit_distance("FBMEM", "FBMEM"), 0);
  EXPECT_EQ(edit_distance("fbmem", "FBMEM"), 0);
  EXPECT_EQ(edit_distance("FMBEM", "FBMEM"), 1);
  EXPECT_EQ(edit_distance("", "abc"), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
}

TEST(NearestWord, FindsATypingErrorButNotAnUnrelatedWord) {
  constexpr std::array<std::string_view, 3> memories = {"SYSMEM", "FBMEM", "ZCMEM"};
  EXPECT_EQ(nearest_word("FBMME", memories), "FBMEM");
  EXPECT_EQ(nearest_word("DISK", memories), "");
}

TEST(JoinAlternatives, EndsWithOr) {
  constexpr std::array<std::string_view, 3> words = {"a", "b", "c"};
  EXPECT_EQ(join_alternatives(words), "a, b or c");
  EXPECT_EQ(join_alternatives(std::span(words).first(1)), "a");
}

}  // namespace
}  // namespace placewright
