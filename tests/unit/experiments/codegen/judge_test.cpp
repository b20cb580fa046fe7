// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_runs.h"

namespace placewright::experiments {
namespace {

using infer::ObservedTask;
using testing::HasSubstr;

Judgement judged(int strategy, const std::vector<ObservedTask>& tasks) {
  return judge(strategy, tasks, machine_of_run(strategy));
}

class JudgeOfStrategy : public testing::TestWithParam<int> {};

TEST_P(JudgeOfStrategy, AcceptsARunThatFollowsIt) {
  const Judgement judgement = judged(GetParam(), run_of(GetParam()));
  EXPECT_TRUE(judgement.right) << judgement.message;
  EXPECT_EQ(judgement.message, "");
  EXPECT_GT(judgement.facts, 100U);
}

/// Strategy 4 differs from the starting code in the order of dimensions alone, and circuit has one.
TEST_P(JudgeOfStrategy, RejectsRunsOfOtherStrategies) {
  for (int other = 1; other <= 10; ++other) {
    const RunShape mine = run_shape_of(GetParam());
    const RunShape theirs = run_shape_of(other);
    const bool same_shape = mine.processes == theirs.processes && mine.pieces == theirs.pieces;
    if (other == GetParam() || !same_shape) continue;
    // Aligned data is still a struct of arrays in Fortran order.
    if (GetParam() == 4 && other == 5) continue;
    EXPECT_FALSE(judged(GetParam(), run_of(other)).right) << "strategy " << other;
  }
}

TEST_P(JudgeOfStrategy, RejectsARunThatLacksAPoint) {
  std::vector<ObservedTask> tasks = run_of(GetParam());
  std::erase_if(tasks, [](const ObservedTask& task) {
    return task.name == "update_voltages" && task.point->at[0] == 1;
  });
  const Judgement judgement = judged(GetParam(), tasks);
  EXPECT_FALSE(judgement.right);
  EXPECT_THAT(judgement.message, HasSubstr("`update_voltages`: "));
  EXPECT_THAT(judgement.message, HasSubstr(" points were seen to run"));
}

TEST_P(JudgeOfStrategy, RejectsAnEmptyRun) { EXPECT_FALSE(judged(GetParam(), {}).right); }

INSTANTIATE_TEST_SUITE_P(AllTen, JudgeOfStrategy, testing::Range(1, 11));

TEST(Judge, NamesTaskArgumentRegionAndBothMemories) {
  std::vector<ObservedTask> tasks = run_of(2);
  for (ObservedTask& task : tasks)
    if (task.name == "distribute_charge") task.arguments[2].memory = machine::MemoryKind::FbMem;
  EXPECT_EQ(judged(2, tasks).message,
            "`distribute_charge` argument 2 (rp_ghost): was in FBMEM, should be in ZCMEM (at point "
            "0; 4 times)\n");
}

TEST(Judge, RejectsMoreInZeroCopyMemoryThanWasAskedFor) {
  std::vector<ObservedTask> tasks = run_of(9);
  for (ObservedTask& task : tasks)
    if (task.name == "distribute_charge") task.arguments[2].memory = machine::MemoryKind::ZcMem;
  EXPECT_THAT(judged(9, tasks).message, HasSubstr("was in ZCMEM, should be in FBMEM"));
}

TEST(Judge, RejectsASinglePointOnAnotherGpu) {
  std::vector<ObservedTask> tasks = run_of(1);
  tasks[3].place.ordinal = 0;
  const Judgement judgement = judged(1, tasks);
  EXPECT_FALSE(judgement.right);
  EXPECT_THAT(judgement.message,
              HasSubstr("ran on GPU 0 of node 1, should run on GPU 1 of node 1"));
}

TEST(Judge, RejectsAnAlignmentThatTheAddressDoesNotHave) {
  std::vector<ObservedTask> tasks = run_of(5);
  tasks[0].arguments[0].address += 8;
  EXPECT_THAT(judged(5, tasks).message, HasSubstr("an address that is not a multiple of 64"));
}

TEST(Judge, RejectsAnAddressThatIsAlignedByChance) {
  std::vector<ObservedTask> tasks = run_of(5);
  tasks[0].arguments[0].alignment = 0;
  EXPECT_THAT(judged(5, tasks).message,
              HasSubstr("aligns fields to an unspecified number of bytes"));
}

TEST(Judge, AcceptsALargerAlignment) {
  std::vector<ObservedTask> tasks = run_of(5);
  tasks[0].arguments[0].alignment = 128;
  EXPECT_TRUE(judged(5, tasks).right);
}

TEST(Judge, InterleavingOfReductionsIsNotChecked) {
  std::vector<ObservedTask> tasks = run_of(3);
  for (ObservedTask& task : tasks) {
    if (task.name != "distribute_charge") continue;
    task.arguments[1].reduction = true;
    task.arguments[1].order->fields = machine::FieldOrder::Soa;
  }
  EXPECT_TRUE(judged(3, tasks).right);
}

TEST(Judge, RejectsMarkedInstancesThatLegionKept) {
  std::vector<ObservedTask> tasks = run_of(7);
  for (ObservedTask& task : tasks)
    for (infer::ObservedArgument& argument : task.arguments)
      if (argument.kept) argument.kept = true;
  const Judgement judgement = judged(7, tasks);
  EXPECT_THAT(judgement.message, HasSubstr("Legion still kept the instance"));
  EXPECT_THAT(judgement.message, HasSubstr("released none of the instances"));
}

TEST(Judge, AcceptsAKeptInstanceThatAnotherTaskWrites) {
  std::vector<ObservedTask> tasks = run_of(7);
  // The last task of the run writes what the first one reads.
  tasks.front().arguments[1].kept = true;
  tasks.back().arguments[3].address = tasks.front().arguments[1].address;
  EXPECT_TRUE(judged(7, tasks).right);
  tasks.back().arguments[3].address += 64;
  EXPECT_FALSE(judged(7, tasks).right);
}

TEST(Judge, MessageDoesNotDependOnTheOrderOfTasks) {
  std::vector<ObservedTask> tasks = run_of(2);
  for (ObservedTask& task : tasks) task.arguments[0].memory = machine::MemoryKind::ZcMem;
  const std::string message = judged(2, tasks).message;
  std::ranges::reverse(tasks);
  EXPECT_EQ(judged(2, tasks).message, message);
}

TEST(Judge, MessageCountsPointsInFlightUpToTheLimit) {
  std::vector<ObservedTask> tasks = run_of(8);
  for (ObservedTask& task : tasks) task.in_flight *= 3;
  EXPECT_THAT(judged(8, tasks).message, HasSubstr("more than 4 points were in flight at a time"));
}

TEST(Judge, RejectsFewerPointsInFlightThanTheLimit) {
  std::vector<ObservedTask> tasks = run_of(8);
  for (ObservedTask& task : tasks) task.in_flight = std::min(task.in_flight, 1);
  EXPECT_THAT(judged(8, tasks).message,
              HasSubstr("at most 1 points were in flight at a time, should be 4"));
}

TEST(Judge, ShortensALongListOfDifferences) {
  std::vector<ObservedTask> tasks = run_of(2);
  for (ObservedTask& task : tasks)
    for (infer::ObservedArgument& argument : task.arguments)
      argument.memory = machine::MemoryKind::SysMem;
  // 15 arguments of three tasks; eight are listed.
  EXPECT_THAT(judged(2, tasks).message, HasSubstr("... and 7 more differences"));
}

}  // namespace
}  // namespace placewright::experiments
