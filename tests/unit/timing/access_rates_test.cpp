// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <placewright/task_cost.h>

namespace placewright {
namespace {

TEST(RateAt, IsTheMeasuredRateAtAPoint) {
  const RateCurve curve = {{10, 400}, {1000, 100}};
  EXPECT_DOUBLE_EQ(rate_at(curve, 10), 400);
  EXPECT_DOUBLE_EQ(rate_at(curve, 1000), 100);
}

TEST(RateAt, LiesBetweenItsNeighboursInLogarithmicAxes) {
  // Halfway between 10 and 1000 is 100, halfway between 400 and 100 is 200.
  EXPECT_DOUBLE_EQ(rate_at({{10, 400}, {1000, 100}}, 100), 200);
}

TEST(RateAt, IsThatOfTheNearestPointBeyondTheCurve) {
  const RateCurve curve = {{10, 400}, {1000, 100}};
  EXPECT_DOUBLE_EQ(rate_at(curve, 1), 400);
  EXPECT_DOUBLE_EQ(rate_at(curve, 1e9), 100);
}

TEST(RateAt, UnknownFootprintIsLargerThanAnyCache) {
  EXPECT_DOUBLE_EQ(rate_at({{10, 400}, {1000, 100}}, 0), 100);
}

/// Frame buffers twice as fast within a cache of 100 bytes; a bus of 10 accesses per second.
MachineTable measured_table() {
  MachineTable table;
  table.gpu.count = 1;
  table.gpu.fp32_flops = table.gpu.fp64_flops = 1e9;
  table.gpu.sector_bytes = 32;
  table.gpu.frame_buffer = {
      {{1000, 1000}}, {{1000, 500}}, {{100, 200}, {1000, 100}}, {{1000, 50}}, 0.01};
  table.gpu.zero_copy = {{{1000, 100}}, {{1000, 50}}, {{1000, 10}}, {{1000, 5}}, 2};
  table.cpu.fp32_flops = table.cpu.fp64_flops = 1e9;
  table.cpu.sector_bytes = 64;
  table.cpu.host = {{{1000, 100}}, {{1000, 100}}, {{1000, 20}}, {{1000, 4}}, 0};
  return table;
}

double seconds(const ArgumentCost& argument, ModelledMemory memory,
               ModelledProcessor processor = ModelledProcessor::Gpu) {
  TaskCost cost;
  cost.arguments = {argument};
  return modelled_seconds(cost, processor, {{memory}}, measured_table());
}

constexpr auto kFrameBuffer = ModelledMemory::FrameBuffer;
constexpr auto kZeroCopy = ModelledMemory::ZeroCopy;

TEST(MeasuredRates, StreamsTakeTheirBytesOverTheRateOfEachDirection) {
  // 1000 bytes read at 1000/s and 500 written at 500/s share the frame buffer.
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Stream, 100, 10, 5}, kFrameBuffer), 1 + 1);
  // Over the bus both directions run at once: 1000 / 100 and 500 / 50.
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Stream, 100, 10, 5}, kZeroCopy), 10);
}

TEST(MeasuredRates, IrregularAccessesCostTheirSectorsAtTheRateOfTheirFootprint) {
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Irregular, 100, 4, 0, 1000}, kFrameBuffer), 1);
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Irregular, 100, 4, 0, 100}, kFrameBuffer), 0.5);
  // 40 bytes are two sectors.
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Irregular, 100, 40, 0, 1000}, kFrameBuffer), 2);
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Irregular, 100, 4, 0}, kFrameBuffer), 1);
}

TEST(MeasuredRates, AtomicsHaveARateOfTheirOwn) {
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Atomic, 100, 8, 8}, kFrameBuffer), 2);
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Atomic, 100, 8, 8}, kZeroCopy), 20);
}

TEST(MeasuredRates, OperationsOnTheMostUsedLineFollowEachOther) {
  // 15 of 100 atomics meet on one line, 2 s each; all of them take 20 s at the rate of the bus.
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Atomic, 100, 8, 8, 1000, 0.15}, kZeroCopy), 30);
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Atomic, 100, 8, 8, 1000, 0.05}, kZeroCopy), 20);
  // In the frame buffer 15 take 0.15 s, and the rate of 2 s binds.
  EXPECT_DOUBLE_EQ(seconds({0, AccessPattern::Atomic, 100, 8, 8, 1000, 0.15}, kFrameBuffer), 2);
}

TEST(MeasuredRates, HottestLinesOfTwoArgumentsOverlap) {
  TaskCost cost;
  cost.arguments = {{0, AccessPattern::Atomic, 10, 8, 8, 1000, 1},
                    {1, AccessPattern::Atomic, 20, 8, 8, 1000, 1}};
  const std::vector<ArgumentPlace> places(2, ArgumentPlace{kZeroCopy});
  EXPECT_DOUBLE_EQ(modelled_seconds(cost, ModelledProcessor::Gpu, places, measured_table()), 40);
}

TEST(MeasuredRates, HoldForCpusToo) {
  const auto on_cpu = [](const ArgumentCost& argument) {
    return seconds(argument, ModelledMemory::System, ModelledProcessor::Cpu);
  };
  EXPECT_DOUBLE_EQ(on_cpu({0, AccessPattern::Stream, 100, 2, 1}), 3);
  EXPECT_DOUBLE_EQ(on_cpu({0, AccessPattern::Irregular, 100, 8, 0}), 5);
  EXPECT_DOUBLE_EQ(on_cpu({0, AccessPattern::Atomic, 100, 8, 8}), 25);
}

TEST(HotLines, CostTheSameWhereRatesFollowFromBandwidths) {
  MachineTable table = measured_table();
  table.gpu.memory_bandwidth = table.bus.bandwidth_to_device = table.bus.bandwidth_to_host = 1e9;
  table.gpu.frame_buffer = {{}, {}, {}, {}, 0.01};
  table.gpu.zero_copy = {{}, {}, {}, {}, 2};
  table.cpu.memory_bandwidth = 1e9;
  table.cpu.host = {{}, {}, {}, {}, 0.5};
  ArgumentCost argument{0, AccessPattern::Atomic, 100, 8, 8};
  argument.hottest_share = 0.25;
  TaskCost cost;
  cost.arguments = {argument};
  const auto takes = [&](ModelledProcessor processor, ModelledMemory memory) {
    return modelled_seconds(cost, processor, {{memory}}, table);
  };
  EXPECT_DOUBLE_EQ(takes(ModelledProcessor::Gpu, kFrameBuffer), 25 * 0.01);
  EXPECT_DOUBLE_EQ(takes(ModelledProcessor::Gpu, kZeroCopy), 25 * 2);
  EXPECT_DOUBLE_EQ(takes(ModelledProcessor::Cpu, ModelledMemory::System), 25 * 0.5);
}

}  // namespace
}  // namespace placewright
