// SPDX-License-Identifier: Apache-2.0
#include "stencil/options.h"

#include <gtest/gtest.h>

namespace stencil {
namespace {

std::string error_of(const std::vector<std::string>& arguments) {
  return parse_options(arguments).error;
}

TEST(Options, PublishedNamesOfIterationsAreAliases) {
  const Options result = parse_options({"-input", "small", "-tsteps", "3", "-tprune", "1", "-nx",
                                        "120", "-ny", "60", "-ntx", "4", "-nty", "1"});
  ASSERT_EQ(result.error, "");
  EXPECT_EQ(result.problem.loops, 3);
  EXPECT_EQ(result.problem.warmup, 1);
  EXPECT_EQ(result.problem.width(), 30);
  EXPECT_EQ(result.problem.height(), 60);
}

TEST(Options, SizesThatDoNotFitAreNamed) {
  EXPECT_EQ(error_of({"-nx", "65"}), "`-nx` 65 is not a multiple of `-ntx` 2");
  EXPECT_EQ(error_of({"-nty", "5"}), "`-ny` 48 is not a multiple of `-nty` 5");
  EXPECT_EQ(error_of({"-ntx", "64"}),
            "`-nx` 64 and `-ntx` 64 make tiles narrower than the radius of 2");
  EXPECT_EQ(error_of({"-ntx", "128"}), "`-nx` 64 is not a multiple of `-ntx` 128");
}

TEST(Options, NumbersOutOfRangeAreNamed) {
  EXPECT_EQ(error_of({"-nx", "0"}), "`-nx` must be at least 1");
  EXPECT_EQ(error_of({"-nty", "-2"}), "`-nty` must be at least 1");
  EXPECT_EQ(error_of({"-ny", "4294967296"}), "`-ny` 4294967296 is more than 2^31");
  EXPECT_EQ(error_of({"-nx", "2147483648", "-ny", "1024"}), "more than 2^40 cells");
  EXPECT_EQ(error_of({"-nx", "2147483648", "-ny", "2", "-ntx", "1073741824", "-nty", "1"}),
            "`-ntx` times `-nty` must be at most 65536 tiles");
  EXPECT_EQ(error_of({"-l", "0"}), "`-l` must be at least 1");
  EXPECT_EQ(error_of({"-warmup", "-1"}), "`-warmup` must not be negative");
  EXPECT_EQ(error_of({"-l", "99999999999999999999"}), "`-l`: `99999999999999999999` is too large");
  EXPECT_EQ(error_of({"-l", "4294967296"}), "`-l` must be at most 2^31");
}

TEST(Options, EveryNamedInputCanBeBuilt) {
  for (const auto& input : named_inputs()) EXPECT_EQ(find_mistake(input.problem), "");
}

}  // namespace
}  // namespace stencil
