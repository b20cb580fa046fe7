// SPDX-License-Identifier: Apache-2.0
// Command lines and inputs of Cannon's algorithm, SUMMA and PUMMA.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cannon/problem.h"
#include "matmul/two_level_problem.h"

namespace matmul {
namespace {

using testing::HasSubstr;

TEST(TwoLevelOptions, EveryNamedInputCanBeBuilt) {
  for (const auto* inputs : {&cannon::named_inputs(), &inputs_split_by_rows()}) {
    ASSERT_EQ(inputs->size(), 4u);
    for (const auto& input : *inputs) EXPECT_EQ(find_mistake(input.problem), "") << input.name;
  }
}

TEST(TwoLevelOptions, OneNodeHasFourProcessorsOnTheLargeInput) {
  for (const auto* inputs : {&cannon::named_inputs(), &inputs_split_by_rows()}) {
    const TwoLevel& large = inputs->back().problem;
    EXPECT_EQ(large.gx * large.gy, 1);
    EXPECT_EQ(large.px * large.py, 4);
  }
}

TEST(TwoLevelOptions, NumbersAreSetByTheirNames) {
  TwoLevel problem;
  int64_t value = 2;
  for (const apps::NumberOption& option : numbers_of(problem)) *option.value = value++;
  EXPECT_EQ(problem.size.n, 2);
  EXPECT_EQ(problem.rows().outer, 3);
  EXPECT_EQ(problem.columns().outer, 4);
  EXPECT_EQ(problem.rows().inner, 5);
  EXPECT_EQ(problem.columns().inner, 6);
  EXPECT_EQ(problem.pk, 7);
}

TEST(TwoLevelOptions, MorePartsThanRowsAreRefused) {
  const auto message = [](TwoLevel problem) { return find_mistake(problem); };
  EXPECT_THAT(message({{10, 1, 1}, 4, 1, 3, 1, 1}), HasSubstr("`-gx` times `-px`"));
  EXPECT_THAT(message({{10, 1, 1}, 1, 4, 1, 3, 1}), HasSubstr("`-gy` times `-py`"));
  EXPECT_THAT(message({{10, 1, 1}, 2, 1, 1, 1, 6}), HasSubstr("`-gx` times `-pk`"));
  EXPECT_THAT(message({{10, 1, 1}, 0, 1, 1, 1, 1}), HasSubstr("`-gx`"));
  EXPECT_THAT(message({{0, 1, 1}, 1, 1, 1, 1, 1}), HasSubstr("`-n`"));
}

}  // namespace
}  // namespace matmul
