// SPDX-License-Identifier: Apache-2.0
#include "pennant/options.h"

#include <gtest/gtest.h>

namespace pennant {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  return parse_options(arguments).error;
}

TEST(Options, PublishedNamesOfCyclesAreAliases) {
  const Options result = parse_options({"-input", "small", "-cstop", "3", "-prune", "1", "-nzx",
                                        "12", "-nzy", "60", "-npieces", "7"});
  ASSERT_EQ(result.error, "");
  EXPECT_EQ(result.problem.loops, 3);
  EXPECT_EQ(result.problem.warmup, 1);
  EXPECT_EQ(result.problem.zones(), 720);
  EXPECT_EQ(result.problem.points(), 13 * 61);
  EXPECT_EQ(result.problem.pieces, 7);
}

TEST(Options, PiecesNeedARowOfZonesEach) {
  EXPECT_EQ(error_of({"-npieces", "25"}),
            "`-npieces` 25 is more than the 24 rows of zones (`-nzy`)");
  EXPECT_EQ(error_of({"-npieces", "24"}), "");
  // Rows that do not divide make pieces of different sizes.
  EXPECT_EQ(error_of({"-npieces", "5"}), "");
}

TEST(Options, NumbersOutOfRangeAreNamed) {
  EXPECT_EQ(error_of({"-nzx", "0"}), "`-nzx` must be at least 1");
  EXPECT_EQ(error_of({"-nzy", "-2"}), "`-nzy` must be at least 1");
  EXPECT_EQ(error_of({"-npieces", "0"}), "`-npieces` must be at least 1");
  EXPECT_EQ(error_of({"-nzy", "1000000", "-npieces", "1000000"}),
            "`-npieces` must be at most 65536");
  EXPECT_EQ(error_of({"-nzx", "4294967296"}), "`-nzx` must be at most 2^31");
  EXPECT_EQ(error_of({"-nzy", "4294967296"}), "`-nzy` must be at most 2^31");
  EXPECT_EQ(error_of({"-nzx", "2147483648", "-nzy", "1024"}), "more than 2^40 zones");
  EXPECT_EQ(error_of({"-l", "0"}), "`-l` must be at least 1");
  EXPECT_EQ(error_of({"-warmup", "-1"}), "`-warmup` must not be negative");
  EXPECT_EQ(error_of({"-l", "99999999999999999999"}), "`-l`: `99999999999999999999` is too large");
  EXPECT_EQ(error_of({"-l", "4294967296"}), "`-l` must be at most 2^31");
  EXPECT_EQ(error_of({"-warmup", "4294967296"}), "`-warmup` must be at most 2^31");
}

TEST(Options, EveryNamedInputCanBeBuilt) {
  for (const auto& input : named_inputs()) EXPECT_EQ(find_mistake(input.problem), "");
}

}  // namespace
}  // namespace pennant
