// SPDX-License-Identifier: Apache-2.0
#include "support/gzip.h"

#include <gtest/gtest.h>

namespace placewright {
namespace {

constexpr uint64_t kPlenty = uint64_t{1} << 30;

TEST(Gzip, GivesTheTextAgain) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += std::to_string(i * 7919);
  for (const std::string& each : {std::string(), std::string("a"), text}) {
    const std::string bytes = gzip(each);
    EXPECT_TRUE(is_gzip(bytes));
    const auto again = gunzip(bytes, kPlenty);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, each);
  }
  EXPECT_LT(gzip(text).size(), text.size());
  EXPECT_FALSE(is_gzip("{}"));
}

TEST(Gzip, RefusesWhatIsDamaged) {
  const std::string bytes = gzip("a text that is long enough to be cut");
  EXPECT_EQ(gunzip(bytes.substr(0, bytes.size() - 3), kPlenty).error().message, "it is cut off");
  EXPECT_EQ(gunzip("", kPlenty).error().message, "it is cut off");
  EXPECT_EQ(gunzip(bytes + "x", kPlenty).error().message, "something follows its end");
  std::string other = bytes;
  other[bytes.size() - 6] = static_cast<char>(other[bytes.size() - 6] ^ 1);
  EXPECT_EQ(gunzip(other, kPlenty).error().message, "it is damaged");
  EXPECT_EQ(gunzip("{}", kPlenty).error().message, "it is damaged");
}

TEST(Gzip, UnpacksNoMoreThanAllowed) {
  const std::string bytes = gzip(std::string(10'000'000, 'x'));
  EXPECT_LT(bytes.size(), 20'000U);
  EXPECT_EQ(gunzip(bytes, 1'000'000).error().message,
            "it has more than 1000000 bytes when unpacked");
}

}  // namespace
}  // namespace placewright
