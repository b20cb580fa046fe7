// SPDX-License-Identifier: Apache-2.0
#include "decide/waiting_tasks.h"

#include <gmock/gmock.h>

namespace placewright::decide {
namespace {

using std::chrono::milliseconds;
using Time = WaitingTasks::Time;

constexpr uint64_t kA = 1;
constexpr uint64_t kB = 2;

Time at(int ms) { return Time(milliseconds(ms)); }

/// Task `task` is operation `index` of a parent.
Waiter waiter(uint64_t task, uint64_t index, uint64_t parent = 100) {
  return {task, parent, index};
}

struct Waiting : WaitingTasks {
  Progress wait_for(const Waiter& who, std::vector<uint64_t> memories, int ms = 0) {
    return wait(who, memories, at(ms));
  }
  [[nodiscard]] bool yields(const Waiter& who, std::vector<uint64_t> memories) const {
    return must_yield(who, memories);
  }
};

TEST(WaitingTasks, EndOfATaskInFlightIsAChange) {
  Waiting tasks;
  tasks.started(7);
  EXPECT_EQ(tasks.progress(at(0)).in_flight, 1U);
  EXPECT_TRUE(tasks.finished(7, at(5)));
  EXPECT_EQ(tasks.progress(at(5)).in_flight, 0U);
  EXPECT_EQ(tasks.progress(at(5)).changes, 1U);
  EXPECT_EQ(tasks.progress(at(9)).idle, milliseconds(4));
}

TEST(WaitingTasks, EndOfATaskThatWasNotStartedIsNone) {
  Waiting tasks;
  EXPECT_FALSE(tasks.finished(7, at(5)));
  tasks.started(7);
  EXPECT_TRUE(tasks.finished(7, at(5)));
  EXPECT_FALSE(tasks.finished(7, at(6)));
  EXPECT_EQ(tasks.progress(at(6)).changes, 1U);
}

TEST(WaitingTasks, ServingATaskThatWaitedOrWasBegunIsAChange) {
  Waiting tasks;
  EXPECT_FALSE(tasks.served(7, at(1)));
  EXPECT_FALSE(tasks.anyone_waits());
  tasks.begin(waiter(7, 0));
  EXPECT_TRUE(tasks.anyone_waits());
  EXPECT_TRUE(tasks.served(7, at(2)));
  EXPECT_FALSE(tasks.anyone_waits());
  (void)tasks.wait_for(waiter(8, 1), {kA}, 3);
  EXPECT_TRUE(tasks.served(8, at(4)));
  EXPECT_EQ(tasks.progress(at(4)).changes, 2U);
}

TEST(WaitingTasks, YoungerTaskYieldsToOneThatWaitsForTheSameMemory) {
  Waiting tasks;
  (void)tasks.wait_for(waiter(1, 5), {kA});
  EXPECT_TRUE(tasks.yields(waiter(2, 6), {kA}));
  EXPECT_TRUE(tasks.yields(waiter(2, 6), {kB, kA}));
  EXPECT_FALSE(tasks.yields(waiter(2, 6), {kB}));
}

TEST(WaitingTasks, YoungerTaskYieldsToOneThatIsBeingMappedWhateverItNeeds) {
  Waiting tasks;
  tasks.begin(waiter(1, 5));
  EXPECT_TRUE(tasks.yields(waiter(2, 6), {kB}));
  EXPECT_TRUE(tasks.yields(waiter(2, 6), {}));
}

TEST(WaitingTasks, OlderTasksPointsOfTheSameLaunchAndOtherParentsDoNotYield) {
  Waiting tasks;
  tasks.begin(waiter(1, 5));
  EXPECT_FALSE(tasks.yields(waiter(2, 4), {kA}));
  EXPECT_FALSE(tasks.yields(waiter(2, 5), {kA}));
  EXPECT_FALSE(tasks.yields(waiter(2, 6, 101), {kA}));
  EXPECT_FALSE(tasks.yields(waiter(1, 5), {kA}));
}

TEST(WaitingTasks, NobodyYieldsAfterTheOlderTaskWasServed) {
  Waiting tasks;
  tasks.begin(waiter(1, 5));
  EXPECT_TRUE(tasks.served(1, at(1)));
  EXPECT_FALSE(tasks.yields(waiter(2, 6), {kA}));
}

TEST(WaitingTasks, TaskThatIsMappedAgainStillWaitsForItsMemories) {
  Waiting tasks;
  (void)tasks.wait_for(waiter(1, 5), {kA});
  tasks.begin(waiter(1, 5));
  EXPECT_TRUE(tasks.yields(waiter(2, 6), {kA}));
  EXPECT_FALSE(tasks.yields(waiter(2, 6), {kB}));
}

TEST(WaitingTasks, TaskWaitsForItsNewestMemories) {
  Waiting tasks;
  (void)tasks.wait_for(waiter(1, 5), {kA});
  (void)tasks.wait_for(waiter(1, 5), {kB});
  EXPECT_FALSE(tasks.yields(waiter(2, 6), {kA}));
  EXPECT_TRUE(tasks.yields(waiter(2, 6), {kB}));
}

TEST(WaitingTasks, WaitingTellsWhetherAnOlderTaskComesFirst) {
  Waiting tasks;
  EXPECT_FALSE(tasks.wait_for(waiter(1, 5), {kA}).yields);
  EXPECT_TRUE(tasks.wait_for(waiter(2, 6), {kA}).yields);
  EXPECT_FALSE(tasks.wait_for(waiter(3, 7), {kB}).yields);
  EXPECT_FALSE(tasks.progress(at(0)).yields);
}

TEST(WaitingTasks, PatienceStartsWithTheFirstTimeThatATaskFindsNoRoom) {
  Waiting tasks;
  EXPECT_EQ(tasks.wait_for(waiter(1, 5), {kA}, 10).idle, milliseconds(0));
  EXPECT_EQ(tasks.wait_for(waiter(1, 5), {kA}, 14).idle, milliseconds(4));
  // Another task's first time starts it anew.
  EXPECT_EQ(tasks.wait_for(waiter(2, 6), {kA}, 20).idle, milliseconds(0));
  EXPECT_EQ(tasks.wait_for(waiter(1, 5), {kA}, 23).idle, milliseconds(3));
}

TEST(WaitingTasks, TaskThatWasBegunHasItsFirstTimeAhead) {
  Waiting tasks;
  tasks.begin(waiter(1, 5));
  EXPECT_EQ(tasks.wait_for(waiter(1, 5), {kA}, 10).idle, milliseconds(0));
}

TEST(WaitingTasks, WaitReportsTheChangesUpToItsMoment) {
  Waiting tasks;
  tasks.started(7);
  tasks.started(8);
  EXPECT_TRUE(tasks.finished(7, at(1)));
  const auto progress = tasks.wait_for(waiter(1, 5), {kA}, 2);
  EXPECT_EQ(progress.changes, 1U);
  EXPECT_EQ(progress.in_flight, 1U);
}

TEST(MayWait, TasksThatMustRunTogetherMayNot) {
  EXPECT_TRUE(may_wait({}, false));
  EXPECT_FALSE(may_wait({}, /*is_shard=*/true));
  LaunchInfo launch;
  launch.must_epoch = true;
  EXPECT_FALSE(may_wait(launch, false));
  launch = {};
  launch.concurrent = true;
  EXPECT_FALSE(may_wait(launch, false));
  launch = {};
  launch.collective = true;
  EXPECT_FALSE(may_wait(launch, false));
}

TEST(DecideWait, TaskWaitsWhileAnotherIsInFlightOrComesFirst) {
  const Patience patience;
  WaitingTasks::Progress progress;
  progress.idle = 2 * patience.longest;
  progress.in_flight = 1;
  EXPECT_EQ(decide_wait(progress, patience), WaitDecision::Wait);
  progress.in_flight = 0;
  progress.yields = true;
  EXPECT_EQ(decide_wait(progress, patience), WaitDecision::Wait);
}

TEST(DecideWait, TaskPollsUntilItsPatienceEnds) {
  const Patience patience;
  EXPECT_EQ(patience.longest, milliseconds(500));
  EXPECT_EQ(patience.pause, milliseconds(2));
  WaitingTasks::Progress progress;
  EXPECT_EQ(decide_wait(progress, patience), WaitDecision::Poll);
  progress.idle = patience.longest;
  EXPECT_EQ(decide_wait(progress, patience), WaitDecision::Poll);
  progress.idle += std::chrono::nanoseconds(1);
  EXPECT_EQ(decide_wait(progress, patience), WaitDecision::GiveUp);
}

TEST(HeldTask, IsHeldUntilSomethingChanges) {
  WaitingTasks::Progress now;
  now.changes = 4;
  now.in_flight = 1;
  EXPECT_TRUE(is_still_held({4, false}, now));
  EXPECT_FALSE(is_still_held({3, false}, now));
  EXPECT_FALSE(is_still_held({3, true}, now));
}

TEST(HeldTask, IsTriedAgainIfNothingWillTellOfAChange) {
  WaitingTasks::Progress now;
  now.changes = 4;
  EXPECT_FALSE(is_still_held({4, false}, now));
  // The older task to which it yields will be served.
  EXPECT_TRUE(is_still_held({4, true}, now));
}

}  // namespace
}  // namespace placewright::decide
