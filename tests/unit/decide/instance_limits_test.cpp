// SPDX-License-Identifier: Apache-2.0
#include "decide/instance_limits.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace placewright::decide {
namespace {

LimitedTask task(uint64_t number) { return {1, number, {}}; }

TEST(InstanceLimits, TasksAreAdmittedUpToTheLimit) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(task(0), 7, 2));
  EXPECT_TRUE(limits.admit(task(1), 7, 2));
  EXPECT_FALSE(limits.admit(task(2), 7, 2));
  EXPECT_TRUE(limits.finished(task(0)));
  EXPECT_TRUE(limits.admit(task(2), 7, 2));
  EXPECT_FALSE(limits.admit(task(3), 7, 2));
}

TEST(InstanceLimits, KindsCountApart) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(task(0), 7, 1));
  EXPECT_TRUE(limits.admit(task(1), 8, 1));
  EXPECT_FALSE(limits.admit(task(2), 7, 1));
  EXPECT_TRUE(limits.finished(task(1)));
  EXPECT_FALSE(limits.admit(task(2), 7, 1));
}

TEST(InstanceLimits, EndOfATaskThatWasNotCountedMakesNoRoom) {
  InstanceLimits limits;
  EXPECT_FALSE(limits.finished(task(0)));
  EXPECT_TRUE(limits.admit(task(0), 7, 1));
  // The same kind, launched where no limit applies.
  EXPECT_FALSE(limits.finished(task(1)));
  EXPECT_FALSE(limits.admit(task(2), 7, 1));
  EXPECT_TRUE(limits.finished(task(0)));
  EXPECT_FALSE(limits.finished(task(0)));
  EXPECT_TRUE(limits.admit(task(2), 7, 1));
}

TEST(InstanceLimits, PointsOfALaunchAreTasksOfTheirOwn) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit({1, 5, {1, {0}}}, 7, 2));
  EXPECT_TRUE(limits.admit({1, 5, {1, {1}}}, 7, 2));
  EXPECT_FALSE(limits.admit({1, 5, {1, {2}}}, 7, 2));
}

TEST(InstanceLimits, TaskInFlightIsNotCountedAgain) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(task(0), 7, 2));
  EXPECT_TRUE(limits.admit(task(0), 7, 2));
  EXPECT_TRUE(limits.admit(task(1), 7, 2));
}

TEST(InstanceLimits, SmallerLimitHoldsForTasksThatAreInFlight) {
  InstanceLimits limits;
  EXPECT_TRUE(limits.admit(task(0), 7, 3));
  EXPECT_TRUE(limits.admit(task(1), 7, 3));
  EXPECT_FALSE(limits.admit(task(2), 7, 2));
  EXPECT_TRUE(limits.finished(task(1)));
  EXPECT_TRUE(limits.admit(task(2), 7, 2));
}

/// Tasks of three kinds with limits of their own start, end and are given back in random order. A
/// second list, kept here, says what is to be answered.
void start_and_end_at_random(uint32_t seed) {
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  constexpr std::array<int, 3> kLimits = {1, 2, 5};
  std::mt19937 random(seed);
  InstanceLimits limits;
  std::array<std::vector<uint64_t>, 3> in_flight;
  for (uint64_t step = 0; step < 500; ++step) {
    const uint32_t kind = random() % 3;
    std::vector<uint64_t>& running = in_flight[kind];
    if (random() % 2 == 0) {
      const bool has_room = running.size() < static_cast<size_t>(kLimits[kind]);
      ASSERT_EQ(limits.admit(task(step), kind, kLimits[kind]), has_room) << "step " << step;
      if (has_room) running.push_back(step);
    } else if (running.empty()) {
      ASSERT_FALSE(limits.finished(task(step))) << "step " << step;
    } else {
      const auto ending = running.begin() + static_cast<std::ptrdiff_t>(random() % running.size());
      ASSERT_TRUE(limits.finished(task(*ending))) << "step " << step;
      running.erase(ending);
    }
  }
  // No count is lost: exactly those in flight can end, and then there is room for all.
  for (uint32_t kind = 0; kind < 3; ++kind) {
    for (const uint64_t each : in_flight[kind]) EXPECT_TRUE(limits.finished(task(each)));
    for (int i = 0; i < kLimits[kind]; ++i)
      EXPECT_TRUE(limits.admit({2, kind, {1, {i}}}, kind, kLimits[kind]));
  }
}

TEST(InstanceLimits, NeitherExceedTheLimitNorLoseACountInRandomOrder) {
  for (uint32_t seed = 0; seed < 200 && !testing::Test::HasFailure(); ++seed)
    start_and_end_at_random(seed);
}

TEST(InstanceLimits, TaskCountsFromItsAdmissionToItsEnd) {
  InstanceLimits limits;
  const LimitedTask task{1, 2, {}};
  EXPECT_FALSE(limits.counts(task));
  EXPECT_TRUE(limits.admit(task, 7, 1));
  EXPECT_TRUE(limits.counts(task));
  EXPECT_TRUE(limits.finished(task));
  EXPECT_FALSE(limits.counts(task));
}

}  // namespace
}  // namespace placewright::decide
