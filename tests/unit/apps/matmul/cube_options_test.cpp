// SPDX-License-Identifier: Apache-2.0
// Command lines and inputs of the programs with a cube of points.
#include <gtest/gtest.h>

#include "cosma/problem.h"
#include "johnson/problem.h"
#include "solomonik/problem.h"

namespace matmul {
namespace {

template <class Inputs, class FindMistake>
void expect_inputs(const Inputs& inputs, const FindMistake& find_mistake) {
  ASSERT_EQ(inputs.size(), 4u);
  EXPECT_STREQ(inputs.front().name, "test");
  for (const auto& input : inputs) EXPECT_EQ(find_mistake(input.problem), "") << input.name;
}

TEST(CubeOptions, EveryNamedInputCanBeBuilt) {
  expect_inputs(johnson::named_inputs(), johnson::find_mistake);
  expect_inputs(solomonik::named_inputs(), solomonik::find_mistake);
  expect_inputs(cosma::named_inputs(), cosma::find_mistake);
}

TEST(CubeOptions, PublishedNamesSetTheSides) {
  const auto johnson = johnson::parse_options({"-n", "50", "-g", "3", "-l", "4", "-warmup", "0"});
  ASSERT_EQ(johnson.error, "");
  EXPECT_EQ(johnson.problem.cube().i, 3);
  EXPECT_EQ(johnson.problem.cube().j, 3);
  EXPECT_EQ(johnson.problem.cube().k, 3);
  EXPECT_EQ(johnson.problem.size.n, 50);
  EXPECT_EQ(johnson.problem.size.loops, 4);
  EXPECT_EQ(johnson.problem.size.warmup, 0);

  const auto cosma = cosma::parse_options({"-gx", "2", "-gy", "3", "-gz", "4"});
  ASSERT_EQ(cosma.error, "");
  EXPECT_EQ(cosma.problem.cube().i, 2);
  EXPECT_EQ(cosma.problem.cube().j, 3);
  EXPECT_EQ(cosma.problem.cube().k, 4);

  const auto solomonik = solomonik::parse_options({"-rpoc", "4", "-c", "2", "-rpoc3", "3"});
  ASSERT_EQ(solomonik.error, "");
  EXPECT_EQ(solomonik.problem.cube().i, 4);
  EXPECT_EQ(solomonik.problem.cube().j, 4);
  EXPECT_EQ(solomonik.problem.cube().k, 2);
  EXPECT_EQ(solomonik.problem.rpoc3, 3);
}

std::string error_of_johnson(const std::vector<std::string>& arguments) {
  return johnson::parse_options(arguments).error;
}

TEST(CubeOptions, NumbersOutOfRangeAreNamed) {
  EXPECT_EQ(error_of_johnson({"-n", "0"}), "`-n` must be in 1..1000000, found 0");
  EXPECT_EQ(error_of_johnson({"-g", "-2"}), "`-g` must be in 1..4096, found -2");
  EXPECT_EQ(error_of_johnson({"-l", "0"}), "`-l` must be in 1..1000000, found 0");
  EXPECT_EQ(error_of_johnson({"-warmup", "-1"}), "`-warmup` must be in 0..1000000, found -1");
  EXPECT_EQ(error_of_johnson({"-g", "99999999999999999999"}),
            "`-g`: `99999999999999999999` is too large");
  EXPECT_EQ(cosma::parse_options({"-gz", "0"}).error, "`-gz` must be in 1..4096, found 0");
  EXPECT_EQ(solomonik::parse_options({"-rpoc3", "0"}).error,
            "`-rpoc3` must be in 1..4096, found 0");
}

TEST(CubeOptions, CubesWithTooManyPointsAreRefused) {
  EXPECT_EQ(error_of_johnson({"-n", "1000", "-g", "16"}), "");
  EXPECT_EQ(error_of_johnson({"-n", "1000", "-g", "17"}),
            "`-g` times `-g` times `-g` must be at most 4096 points, found 4913");
  EXPECT_EQ(cosma::parse_options({"-n", "4096", "-gx", "4096", "-gy", "2", "-gz", "1"}).error,
            "`-gx` times `-gy` times `-gz` must be at most 4096 points, found 8192");
}

TEST(CubeOptions, BlocksThatWouldBeEmptyAreRefused) {
  EXPECT_EQ(error_of_johnson({"-n", "3", "-g", "4"}),
            "`-n` 3 has fewer rows than 4 blocks (`-g`); take a larger `-n`");
  // Blocks of two rows: the fourth has none.
  EXPECT_EQ(error_of_johnson({"-n", "6", "-g", "4"}),
            "`-n` 6 leaves block 3 of 4 blocks (`-g`) empty, since all before it are rounded up; "
            "take a larger `-n`");
  EXPECT_EQ(cosma::parse_options({"-n", "6", "-gx", "1", "-gy", "4", "-gz", "1"}).error,
            "`-n` 6 leaves block 3 of 4 blocks (`-gy`) empty, since all before it are rounded up; "
            "take a larger `-n`");
  EXPECT_EQ(solomonik::parse_options({"-n", "10", "-rpoc", "2", "-c", "3", "-rpoc3", "4"}).error,
            "`-n` 10 has fewer rows than 12 blocks (`-c` times `-rpoc3`); take a larger `-n`");
}

TEST(CubeOptions, WordsAreNotAcceptedAsNumbers) {
  EXPECT_EQ(error_of_johnson({"-g", "two"}), "`-g` takes a whole number, found `two`");
  EXPECT_EQ(error_of_johnson({"-input", "huge"}),
            "unknown input `huge`; expected one of `test`, `small`, `medium`, `large`");
}

}  // namespace
}  // namespace matmul
