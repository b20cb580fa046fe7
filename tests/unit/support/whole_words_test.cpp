// SPDX-License-Identifier: Apache-2.0
#include "support/whole_words.h"

#include <gtest/gtest.h>

namespace placewright {
namespace {

TEST(WholeWords, LongerWordsAreLeftAlone) {
  EXPECT_EQ(replace_word("m m.x am m2 _m (m)", "m", "n"), "n n.x am m2 _m (n)");
  EXPECT_TRUE(contains_word("f(mgpu)", "mgpu"));
  EXPECT_FALSE(contains_word("mgpu_line", "mgpu"));
}

TEST(WholeWords, TheReplacementIsNotSearchedAgain) {
  EXPECT_EQ(replace_word("m m", "m", "m m"), "m m m m");
}

}  // namespace
}  // namespace placewright
