// SPDX-License-Identifier: Apache-2.0
#include "common/checksum.h"

#include <gtest/gtest.h>

namespace apps {
namespace {

TEST(Checksum, HashTellsFieldIndexAndValueApart) {
  const uint64_t base = hash_value(1, 2, 3);
  EXPECT_NE(base, hash_value(2, 2, 3));
  EXPECT_NE(base, hash_value(1, 3, 3));
  EXPECT_NE(base, hash_value(1, 2, 4));
  EXPECT_NE(base, hash_value(1, 3, 2));
}

TEST(Checksum, BitsAreThoseOfTheValue) {
  EXPECT_EQ(bits_of(1.0f), 0x3f800000u);
  EXPECT_EQ(bits_of(1.0), 0x3ff0000000000000u);
  EXPECT_NE(bits_of(0.0), bits_of(-0.0));
  EXPECT_EQ(bits_of(int64_t{-1}), ~uint64_t{0});
}

}  // namespace
}  // namespace apps
