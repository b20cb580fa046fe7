// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <placewright/task_cost.h>

namespace placewright {
namespace {

/// Round numbers, so that times can be derived by hand.
MachineTable round_table() {
  MachineTable table;
  table.gpu.count = 1;
  table.gpu.memory_bandwidth = 1000;
  table.gpu.fp32_flops = 100;
  table.gpu.fp64_flops = 50;
  table.gpu.kernel_launch_s = 1;
  table.gpu.sector_bytes = 32;
  table.gpu.lanes = 10;
  table.gpu.atomic_bus_factor = 3;
  table.bus.bandwidth_to_device = 20;
  table.bus.bandwidth_to_host = 10;
  table.cpu.count = 1;
  table.cpu.fp32_flops = 10;
  table.cpu.fp64_flops = 5;
  table.cpu.memory_bandwidth = 100;
  table.cpu.sector_bytes = 64;
  table.cpu.task_launch_s = 2;
  return table;
}

constexpr ArgumentPlace kFrameBuffer{ModelledMemory::FrameBuffer};
constexpr ArgumentPlace kZeroCopy{ModelledMemory::ZeroCopy};
constexpr ArgumentPlace kSystem{ModelledMemory::System};

TaskCost one_argument(AccessPattern pattern, double elements, double read, double written) {
  TaskCost cost;
  cost.arguments = {{0, pattern, elements, read, written}};
  return cost;
}

double on_gpu(const TaskCost& cost, const ArgumentPlace& place) {
  return modelled_seconds(cost, ModelledProcessor::Gpu, {place}, round_table());
}

TEST(Traffic, StreamOverSeparateArraysMovesWhatIsUsed) {
  const Traffic traffic = traffic_of({0, AccessPattern::Stream, 10, 12, 4}, kFrameBuffer, 32);
  EXPECT_EQ(traffic.read, 120);
  EXPECT_EQ(traffic.written, 40);
}

TEST(Traffic, StreamOverStructsMovesWholeSectorsButNeverMoreThanTheStructs) {
  const ArgumentCost argument{0, AccessPattern::Stream, 10, 12, 0};
  ArgumentPlace structs{ModelledMemory::FrameBuffer, ModelledLayout::ArrayOfStructs, 100};
  // 12 bytes of each struct of 100: one sector of 32.
  EXPECT_EQ(traffic_of(argument, structs, 32).read, 320);
  // Structs of 20 bytes: neighbours share sectors, all 200 bytes are read once.
  structs.element_stride = 20;
  EXPECT_EQ(traffic_of(argument, structs, 32).read, 200);
  EXPECT_EQ(traffic_of(argument, structs, 32).written, 0);
}

TEST(Traffic, IrregularAccessMovesWholeSectors) {
  const Traffic traffic = traffic_of({0, AccessPattern::Irregular, 10, 4, 0}, kFrameBuffer, 32);
  EXPECT_EQ(traffic.read, 320);
  EXPECT_EQ(traffic.written, 0);
  EXPECT_EQ(traffic_of({0, AccessPattern::Irregular, 10, 40, 0}, kFrameBuffer, 32).read, 640);
}

TEST(Traffic, AtomicReadsAndWritesASector) {
  const Traffic traffic = traffic_of({0, AccessPattern::Atomic, 10, 8, 8}, kFrameBuffer, 32);
  EXPECT_EQ(traffic.read, 320);
  EXPECT_EQ(traffic.written, 320);
}

TEST(GpuTime, AnEmptyTaskTakesTheLaunchTime) {
  EXPECT_DOUBLE_EQ(on_gpu(TaskCost{}, kFrameBuffer), 1);
}

TEST(GpuTime, ComputeAndMemoryOverlap) {
  // 1000 bytes read and 1000 written take 2 s, 100 operations 1 s: the slower one counts.
  TaskCost cost = one_argument(AccessPattern::Stream, 100, 10, 10);
  cost.fp32_flops = 100;
  EXPECT_DOUBLE_EQ(on_gpu(cost, kFrameBuffer), 1 + 2);
  // 200 + 150 operations in single and double precision: 2 + 3 s.
  cost.fp32_flops = 200;
  cost.fp64_flops = 150;
  EXPECT_DOUBLE_EQ(on_gpu(cost, kFrameBuffer), 1 + 5);
}

TEST(GpuTime, FewStrandsReachAPartOfThePeak) {
  TaskCost cost;
  cost.fp32_flops = 100;
  cost.parallelism = 5;  // of 10 lanes: half of the peak
  EXPECT_DOUBLE_EQ(on_gpu(cost, kFrameBuffer), 1 + 2);
  cost.parallelism = 1000;
  EXPECT_DOUBLE_EQ(on_gpu(cost, kFrameBuffer), 1 + 1);
}

TEST(GpuTime, ZeroCopyTakesAsLongAsTheSlowerDirectionOfTheBus) {
  // 200 bytes to the device at 20/s take 10 s; 200 bytes back at 10/s take 20 s at the same time.
  EXPECT_DOUBLE_EQ(on_gpu(one_argument(AccessPattern::Stream, 10, 20, 0), kZeroCopy), 1 + 10);
  EXPECT_DOUBLE_EQ(on_gpu(one_argument(AccessPattern::Stream, 10, 20, 20), kZeroCopy), 1 + 20);
}

TEST(GpuTime, AtomicsOverTheBusAreSlower) {
  // One atomic: 32 bytes each way, times 3; the way back is the slow one: 96 / 10.
  EXPECT_DOUBLE_EQ(on_gpu(one_argument(AccessPattern::Atomic, 1, 8, 8), kZeroCopy), 1 + 9.6);
  // In the frame buffer 64 bytes at 1000/s, no factor.
  EXPECT_DOUBLE_EQ(on_gpu(one_argument(AccessPattern::Atomic, 1, 8, 8), kFrameBuffer), 1 + 0.064);
}

TEST(GpuTime, ArgumentsInOneMemoryAddUp) {
  TaskCost cost;
  cost.arguments = {{0, AccessPattern::Stream, 100, 10, 0}, {1, AccessPattern::Stream, 100, 10, 0}};
  const MachineTable table = round_table();
  EXPECT_DOUBLE_EQ(
      modelled_seconds(cost, ModelledProcessor::Gpu, {kFrameBuffer, kFrameBuffer}, table), 1 + 2);
  // In two memories they overlap: 1 s and 1000 / 20 = 50 s.
  EXPECT_DOUBLE_EQ(modelled_seconds(cost, ModelledProcessor::Gpu, {kFrameBuffer, kZeroCopy}, table),
                   1 + 50);
}

TEST(CpuTime, SaysWhichBytesAreWhere) {
  TaskCost cost;
  cost.arguments = {{.requirement = 0, .elements = 100, .bytes_read = 8, .bytes_written = 4},
                    {.requirement = 1, .elements = 10, .bytes_read = 8}};
  const CpuTime time = modelled_cpu_time(cost, {kSystem, kZeroCopy}, round_table());
  EXPECT_DOUBLE_EQ(time.system.read, 800);
  EXPECT_DOUBLE_EQ(time.system.written, 400);
  EXPECT_DOUBLE_EQ(time.zero_copy.read, 80);
  EXPECT_DOUBLE_EQ(time.zero_copy.written, 0);
  EXPECT_DOUBLE_EQ(time.memory_bytes(), 1280);
}

TEST(CpuTime, AllMemoriesShareTheProcessorsBandwidth) {
  TaskCost cost = one_argument(AccessPattern::Stream, 10, 10, 10);
  cost.arguments.push_back({1, AccessPattern::Irregular, 3, 4, 0});  // 3 lines of 64 = 192
  EXPECT_DOUBLE_EQ(
      modelled_seconds(cost, ModelledProcessor::Cpu, {kSystem, kZeroCopy}, round_table()),
      2 + (100 + 100 + 192) / 100.0);
  cost.fp32_flops = 100;  // 10 s
  EXPECT_DOUBLE_EQ(
      modelled_seconds(cost, ModelledProcessor::Cpu, {kSystem, kSystem}, round_table()), 2 + 10);
}

}  // namespace
}  // namespace placewright
