// SPDX-License-Identifier: Apache-2.0
#include "explore/log.h"

#include <gmock/gmock.h>

namespace placewright::explore {
namespace {

TEST(ExplorationLog, LinesAreReadBack) {
  Block block;
  block.number = 2;
  block.tasks = {"a", "b"};
  block.traces = 1;
  block.first = "a";
  block.before = 7;
  const auto read_block = read_log_line(to_line(block));
  ASSERT_TRUE(read_block);
  EXPECT_EQ(std::get<Block>(*read_block).tasks, block.tasks);
  EXPECT_EQ(std::get<Block>(*read_block).before, 7U);

  Visited visited;
  visited.number = 3;
  visited.block = 2;
  visited.mapping = "/x.mapping";
  visited.steps = {{-1, 0}, {0.25, 0.125}};
  visited.left = "failed";
  visited.failure = {"out-of-memory", "no room"};
  visited.unmodelled = 0.5;
  const auto read = read_log_line(to_line(visited));
  ASSERT_TRUE(read);
  const auto& same = std::get<Visited>(*read);
  EXPECT_EQ(same.mapping, visited.mapping);
  ASSERT_EQ(same.steps.size(), 2U);
  EXPECT_EQ(same.steps[1].seconds, 0.25);
  EXPECT_EQ(same.steps[1].window, 0.125);
  EXPECT_EQ(same.left, "failed");
  EXPECT_EQ(same.failure->id, "out-of-memory");
  EXPECT_EQ(same.unmodelled, 0.5);

  const auto kept = read_log_line(to_line(KeptTask{"solve", "concurrent launch"}));
  ASSERT_TRUE(kept);
  EXPECT_EQ(std::get<KeptTask>(*kept).task, "solve");
  EXPECT_EQ(std::get<KeptTask>(*kept).why, "concurrent launch");
  const auto agreement = read_log_line(to_line(Agreement{1, 64, ~uint64_t{0}}));
  ASSERT_TRUE(agreement);
  EXPECT_EQ(std::get<Agreement>(*agreement).hash, ~uint64_t{0});
  const auto end = read_log_line(to_line(BlockEnd{1, 100, 3}));
  ASSERT_TRUE(end);
  EXPECT_EQ(std::get<BlockEnd>(*end).changes, 3U);
}

TEST(ExplorationLog, OtherLinesAreRefused) {
  EXPECT_FALSE(read_log_line("{"));
  EXPECT_FALSE(read_log_line(R"({"something": 1})"));
  EXPECT_FALSE(read_log_line(R"({"visit": {"number": "x"}})"));
}

}  // namespace
}  // namespace placewright::explore
