// SPDX-License-Identifier: Apache-2.0
#include "decide/instance_limits.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace placewright::decide {
namespace {

TEST(InstanceLimits, TasksAreAdmittedUpToTheLimit) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(7, 2));
  EXPECT_TRUE(limits.admit(7, 2));
  EXPECT_FALSE(limits.admit(7, 2));
  EXPECT_TRUE(limits.finished(7));
  EXPECT_TRUE(limits.admit(7, 2));
  EXPECT_FALSE(limits.admit(7, 2));
}

TEST(InstanceLimits, TasksCountApart) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(7, 1));
  EXPECT_TRUE(limits.admit(8, 1));
  EXPECT_FALSE(limits.admit(7, 1));
  EXPECT_TRUE(limits.finished(8));
  EXPECT_FALSE(limits.admit(7, 1));
}

TEST(InstanceLimits, EndOfATaskThatWasNotCountedChangesNothing) {
  InstanceLimits limits;
  EXPECT_FALSE(limits.finished(7));
  EXPECT_TRUE(limits.admit(7, 1));
  EXPECT_FALSE(limits.finished(8));
  EXPECT_TRUE(limits.finished(7));
  EXPECT_FALSE(limits.finished(7));
  EXPECT_TRUE(limits.admit(7, 1));
  EXPECT_FALSE(limits.admit(7, 1));
}

TEST(InstanceLimits, SmallerLimitHoldsForTasksThatAreInFlight) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(7, 3));
  EXPECT_TRUE(limits.admit(7, 3));
  EXPECT_FALSE(limits.admit(7, 2));
  EXPECT_TRUE(limits.finished(7));
  EXPECT_TRUE(limits.admit(7, 2));
}

/// Three tasks with limits of their own start, end and are given back in random order. A second
/// count, kept here, says what is to be answered.
void start_and_end_at_random(uint32_t seed) {
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  constexpr std::array<int, 3> kLimits = {1, 2, 5};
  std::mt19937 random(seed);
  InstanceLimits limits;
  std::array<int, 3> in_flight{};
  for (int step = 0; step < 500; ++step) {
    const uint32_t task = random() % 3;
    if (random() % 2 == 0) {
      const bool has_room = in_flight[task] < kLimits[task];
      ASSERT_EQ(limits.admit(task, kLimits[task]), has_room) << "step " << step;
      in_flight[task] += has_room ? 1 : 0;
    } else {
      const bool is_counted = in_flight[task] > 0;
      ASSERT_EQ(limits.finished(task), is_counted) << "step " << step;
      in_flight[task] -= is_counted ? 1 : 0;
    }
  }
  // No count is lost: exactly those in flight can end.
  for (uint32_t task = 0; task < 3; ++task) {
    for (int i = 0; i < in_flight[task]; ++i) EXPECT_TRUE(limits.finished(task));
    EXPECT_FALSE(limits.finished(task));
  }
}

TEST(InstanceLimits, NeitherExceedTheLimitNorLoseACountInRandomOrder) {
  for (uint32_t seed = 0; seed < 200 && !testing::Test::HasFailure(); ++seed)
    start_and_end_at_random(seed);
}

}  // namespace
}  // namespace placewright::decide
