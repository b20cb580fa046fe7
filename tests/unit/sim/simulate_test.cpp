// SPDX-License-Identifier: Apache-2.0
#include "sim/simulate.h"

#include <gmock/gmock.h>

#include "recordings.h"

namespace placewright::sim {
namespace {

using machine::Privilege;
using testing::HasSubstr;
using workload::Operation;
using workload::Recording;

TEST(Simulate, TasksOnOneGpuNeedNoCopy) {
  const auto predicted = predict(producer_and_consumer(), on_gpus(1, 1));
  ASSERT_TRUE(predicted) << predicted.error().message;
  EXPECT_DOUBLE_EQ(predicted->all_s, 2 * kernel_s());
  EXPECT_TRUE(predicted->moves.empty());
  EXPECT_EQ(predicted->peaks[2].bytes, kBytes);
}

TEST(Simulate, DataGoesFromOneGpuToAnother) {
  const MachineTable numbers = table();
  const auto predicted = predict(producer_and_consumer(3), on_gpus(1, 2));
  ASSERT_TRUE(predicted) << predicted.error().message;
  const double copy = numbers.peer.latency_s + kBytes / numbers.peer.bandwidth;
  // Once: the copy stays valid.
  EXPECT_NEAR(predicted->all_s, 2 * kernel_s() + copy + 3 * kernel_s(), 1e-12);
  ASSERT_EQ(predicted->moves.size(), 1U);
  EXPECT_EQ(predicted->moves[0].bytes, kBytes);
  EXPECT_EQ(predicted->moves[0].count, 1U);
  EXPECT_NEAR(predicted->step_s, kernel_s(), 1e-12);
}

TEST(Simulate, CollectedDataIsCopiedEachTime) {
  const auto predicted =
      predict(producer_and_consumer(3), on_gpus(1, 2, "CollectMemory use data;\n"));
  ASSERT_TRUE(predicted) << predicted.error().message;
  EXPECT_EQ(predicted->moves[0].count, 4U);
  EXPECT_EQ(predicted->peaks[3].bytes, kBytes);
}

TEST(Simulate, ZeroCopyMemoryIsReadOverTheBus) {
  const MachineTable numbers = table();
  const auto predicted =
      predict(producer_and_consumer(), on_gpus(1, 2, "Region * data GPU ZCMEM;\n"));
  ASSERT_TRUE(predicted) << predicted.error().message;
  EXPECT_TRUE(predicted->moves.empty());
  // The costs of both tasks are reads.
  const double task = numbers.gpu.kernel_launch_s + kBytes / numbers.bus.bandwidth_to_device;
  EXPECT_NEAR(predicted->all_s, 2 * task, 1e-12);
}

TEST(Simulate, AMemoryThatIsTooSmallEndsTheRun) {
  Recording recording = producer_and_consumer();
  recording.point_sets = {{1, {line(0, int64_t{1} << 32)}}};
  const auto predicted = predict(recording, on_gpus(0, 0, "Region * data GPU ZCMEM;\n"));
  ASSERT_FALSE(predicted);
  EXPECT_EQ(predicted.error().id, "out-of-memory");
  EXPECT_THAT(predicted.error().message, HasSubstr("`data`"));
}

TEST(Simulate, TheNextMemoryOfTheListIsUsedWhenOneIsFull) {
  Recording recording = producer_and_consumer();
  recording.point_sets = {{1, {line(0, int64_t{1} << 29)}}};
  const auto predicted = predict(recording, on_gpus(0, 0, "Region * data GPU ZCMEM, FBMEM;\n"));
  ASSERT_TRUE(predicted) << predicted.error().message;
  EXPECT_EQ(predicted->peaks[1].bytes, 8 * ((uint64_t{1} << 29) + 1));
}

TEST(Simulate, RoomThatNobodyNeedsIsNotWaitedFor) {
  const auto predicted = predict(
      producer_and_consumer(1),
      on_gpus(
          1, 2,
          "CollectMemory use data;\nRegion use data GPU ZCMEM;\nRegion make data GPU FBMEM;\n"));
  ASSERT_TRUE(predicted) << predicted.error().message;
  const MachineTable numbers = table();
  const double copy = numbers.bus.latency_s + kBytes / numbers.bus.bandwidth_to_host;
  const double use = numbers.gpu.kernel_launch_s + kBytes / numbers.bus.bandwidth_to_device;
  // The second copy goes on while the first one is used.
  ASSERT_GT(copy, use);
  EXPECT_NEAR(predicted->all_s, kernel_s() + 2 * copy + use, 1e-12);
}

TEST(Simulate, LimitedTasksGetTheirDataOneAfterTheOther) {
  Recording recording = producer_and_consumer();
  recording.pieces.push_back({2, 0, 0, {"more"}});
  recording.requirements.push_back({1, Privilege::WriteDiscard, {1}});
  recording.requirements.push_back({1, Privilege::ReadOnly, {1}});
  recording.argument_lists.push_back({2});
  recording.argument_lists.push_back({3});
  for (uint32_t i = 0; i < 2; ++i) {
    recording.launches.push_back(recording.launches[i]);
    recording.launches.back().points[0].arguments = 2 + i;
    recording.operations.push_back({Operation::Kind::Launch, 2 + i});
  }
  recording.programs = {{{1, {0, 2, 1, 3}}}};
  const MachineTable numbers = table();
  const double copy = numbers.peer.latency_s + kBytes / numbers.peer.bandwidth;
  EXPECT_NEAR(predict(recording, on_gpus(1, 2))->all_s, 2 * kernel_s() + 2 * copy, 1e-12);
  EXPECT_NEAR(predict(recording, on_gpus(1, 2, "InstanceLimit use 1;\n"))->all_s,
              3 * kernel_s() + 2 * copy, 1e-12);
}

TEST(Simulate, WhatTheProgramFillsIsFilledWhereItIsRead) {
  Recording recording = producer_and_consumer(2);
  recording.operations.push_back({Operation::Kind::Fill, 0});
  recording.programs[0].insert(recording.programs[0].begin(), {1, {0, 2}});
  recording.programs[0][1].body = {1};
  const auto predicted = predict(recording, on_gpus(1, 2));
  ASSERT_TRUE(predicted) << predicted.error().message;
  // Nobody needs what `make` wrote, and the first reader's instance stays valid.
  ASSERT_EQ(predicted->moves.size(), 1U);
  EXPECT_EQ(predicted->moves[0].from, "");
  EXPECT_EQ(predicted->moves[0].bytes, kBytes);
  EXPECT_EQ(predicted->moves[0].count, 1U);
  EXPECT_NEAR(predicted->all_s, 4 * kernel_s(), 1e-12);
  recording.programs[0][1].body = {0, 1};
  const auto written = predict(recording, on_gpus(1, 2));
  ASSERT_TRUE(written) << written.error().message;
  ASSERT_EQ(written->moves.size(), 1U);
  EXPECT_EQ(written->moves[0].from, "FBMEM");
}

TEST(Simulate, FoldsAreAppliedByWhoeverReads) {
  Recording recording = producer_and_consumer();
  recording.requirements[0] = {0, Privilege::Reduce, {1}, 5};
  const auto predicted = predict(recording, on_gpus(1, 1));
  ASSERT_TRUE(predicted) << predicted.error().message;
  ASSERT_EQ(predicted->moves.size(), 2U);
  EXPECT_EQ(predicted->moves[0].from, "");
  EXPECT_TRUE(predicted->moves[1].is_local);
  const MachineTable numbers = table();
  const double bandwidth = numbers.gpu.memory_bandwidth;
  const double launch = numbers.gpu.kernel_launch_s;
  // Filled with the identity, folded into, folded from (three times its bytes), read.
  EXPECT_NEAR(predicted->all_s, 4 * launch + 6 * kBytes / bandwidth, 1e-12);
}

TEST(Simulate, ResultsAndFencesOrderTasksWithoutData) {
  Recording recording = producer_and_consumer();
  recording.requirements[1].piece.reset();
  recording.requirements[1].privilege = Privilege::None;
  recording.costs.push_back({0, 1e9, 0, {}});
  for (workload::Launch& launch : recording.launches) launch.points[0].cost = 1;
  const MachineTable numbers = table();
  const double task = numbers.gpu.kernel_launch_s + 1e9 / numbers.gpu.fp64_flops;
  EXPECT_NEAR(predict(recording, on_gpus(0, 1))->all_s, task, 1e-12);
  recording.operations.push_back({Operation::Kind::Fence, 0});
  recording.programs = {{{1, {0, 2, 1}}}};
  EXPECT_NEAR(predict(recording, on_gpus(0, 1))->all_s, 2 * task, 1e-12);
  recording.programs = {{{1, {0, 1}}}};
  recording.launches[1].uses_results = {1};
  EXPECT_NEAR(predict(recording, on_gpus(0, 1))->all_s, 2 * task, 1e-12);
}

TEST(Simulate, WindowsAreWhatTheProgramTimes) {
  Recording recording = producer_and_consumer();
  recording.operations.push_back({Operation::Kind::Wait, 1});
  recording.operations.push_back({Operation::Kind::Clock, 0});
  recording.programs = {{{1, {0, 2, 3, 1, 2, 3}}}};
  const auto predicted = predict(recording, on_gpus(1, 1));
  ASSERT_TRUE(predicted);
  ASSERT_EQ(predicted->windows_s.size(), 1U);
  EXPECT_NEAR(predicted->windows_s[0], kernel_s(), 1e-12);
}

TEST(Simulate, AnUnknownCostIsNotFree) {
  Recording recording = producer_and_consumer();
  recording.launches[1].points[0].cost.reset();
  const auto predicted = predict(recording, on_gpus(0, 0));
  ASSERT_FALSE(predicted);
  EXPECT_THAT(predicted.error().message, HasSubstr("what task `use` takes is unknown"));
}

}  // namespace
}  // namespace placewright::sim
