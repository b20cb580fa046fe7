// SPDX-License-Identifier: Apache-2.0
#include "support/recently_used.h"

#include <gtest/gtest.h>

#include <string>

namespace placewright {
namespace {

TEST(RecentlyUsed, KeepsWhatWasUsedLast) {
  RecentlyUsed<int, std::string> map(2);
  EXPECT_EQ(map.find(1), nullptr);
  map.add(1, "one");
  map.add(2, "two");
  ASSERT_NE(map.find(1), nullptr);
  EXPECT_EQ(map.add(3, "three"), "three");
  EXPECT_EQ(map.size(), 2U);
  EXPECT_EQ(map.find(2), nullptr) << "1 was used after it";
  EXPECT_EQ(*map.find(1), "one");
  EXPECT_EQ(*map.find(3), "three");
}

}  // namespace
}  // namespace placewright
