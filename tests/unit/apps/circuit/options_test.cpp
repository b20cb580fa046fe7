// SPDX-License-Identifier: Apache-2.0
#include "circuit/options.h"

#include <gtest/gtest.h>

namespace circuit {
namespace {

TEST(Options, NamedInputIsReadBeforeTheOptionsThatChangeIt) {
  const Options result = parse_options({"-l", "3", "-ll:cpu", "2", "-input", "small"});
  ASSERT_EQ(result.error, "");
  EXPECT_EQ(result.problem.nodes_per_piece, 50);
  EXPECT_EQ(result.problem.wires_per_piece, 200);
  EXPECT_EQ(result.problem.loops, 3);
}

TEST(Options, TakesThePublishedCommand) {
  const Options result = parse_options(
      {"-npp", "5000", "-wpp", "20000", "-l", "50", "-p", "40", "-pps", "10", "-prune", "30"});
  ASSERT_EQ(result.error, "");
  EXPECT_EQ(result.problem.warmup, 30);
}

TEST(Options, ReadsEveryOption) {
  const Options result =
      parse_options({"-p",     "8",    "-pps",    "2",  "-npp",    "30",      "-wpp",
                     "90",     "-pct", "90",      "-s", "7",       "-l",      "4",
                     "-steps", "12",   "-warmup", "1",  "-verify", "-mapper", "handwritten"});
  ASSERT_EQ(result.error, "");
  const Problem& problem = result.problem;
  EXPECT_EQ(problem.superpieces(), 4);
  EXPECT_EQ(problem.nodes(), 240);
  EXPECT_EQ(problem.wires(), 720);
  EXPECT_EQ(problem.percent_local, 90);
  EXPECT_EQ(problem.seed, 7);
  EXPECT_EQ(problem.loops, 4);
  EXPECT_EQ(problem.steps, 12);
  EXPECT_EQ(problem.warmup, 1);
  EXPECT_TRUE(result.verify);
  EXPECT_EQ(result.mapper, apps::MapperChoice::Handwritten);
}

TEST(Options, SaysWhichArgumentIsWrong) {
  EXPECT_EQ(parse_options({"-p", "65537"}).error, "`-p` must be at most 65536");
  EXPECT_EQ(parse_options({"-l", "4294967296"}).error,
            "`-steps`, `-l` and `-warmup` must be at most 2^31");
  EXPECT_EQ(parse_options({"-pct", "101"}).error, "`-pct` must be in 0..100");
  EXPECT_EQ(parse_options({"-input", "huge"}).error,
            "unknown input `huge`; expected one of `test`, `small`, `medium`, `large`");
}

TEST(Options, EveryNamedInputCanBeBuilt) {
  for (const auto& input : named_inputs()) EXPECT_EQ(find_mistake(input.problem), "");
}

}  // namespace
}  // namespace circuit
