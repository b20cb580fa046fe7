// SPDX-License-Identifier: Apache-2.0
// Bounds that no mapping beats, and how far times vary in replays.
#include "sim/bounds.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "recordings.h"

namespace placewright::sim {
namespace {

using machine::Privilege;
using workload::Operation;
using workload::Recording;

const char* const kMappings[] = {
    "Task * GPU;\n", "Task * CPU;\n", "Task * GPU;\nRegion * * GPU ZCMEM;\n",
    "Task make CPU;\nTask use GPU;\n", "Task * GPU;\nLayout * * * AOS C_order;\n"};

Bounds bounds_of(const Recording& recording) {
  return Simulator::make(recording, p100())->bounds();
}

TEST(SimBounds, AChainOfReadersAndWritersCannotBeBeaten) {
  Recording recording = producer_and_consumer(3);
  // Everybody reads and writes.
  recording.requirements[1].privilege = Privilege::ReadWrite;
  const Bounds bounds = bounds_of(recording);
  for (const char* mapping : kMappings) {
    const auto predicted = predict(recording, mapping);
    ASSERT_TRUE(predicted) << predicted.error().message;
    EXPECT_GE(predicted->all_s, bounds.chain_s * (1 - 1e-9)) << mapping;
    EXPECT_GE(predicted->all_s, bounds.work_s * (1 - 1e-9)) << mapping;
    EXPECT_GE(predicted->all_s, predicted->loads.front().seconds * (1 - 1e-9)) << mapping;
  }
  // On one GPU, in its frame buffer: nothing but the chain.
  EXPECT_GT(bounds.chain_s, 0.85 * predict(recording, on_gpus(0, 0))->all_s);
}

TEST(SimBounds, ReadersOfTheSameDataAreNoChain) {
  const auto chain_s = [](uint64_t readers) {
    return bounds_of(producer_and_consumer(readers)).chain_s;
  };
  EXPECT_NEAR(chain_s(7), chain_s(1), 1e-12);
}

TEST(SimBounds, WorkIsDividedAmongAllProcessors) {
  const double few = bounds_of(producer_and_consumer(10)).work_s;
  const double many = bounds_of(producer_and_consumer(1000)).work_s;
  EXPECT_NEAR(many / few, 1002.0 / 12, 1e-6);
  EXPECT_LT(many, 1002 * kernel_s() / 4);
}

TEST(SimBounds, ATaskOnAGpuIsNeverFasterThanItsLeast) {
  const MachineTable numbers = table();
  TaskCost cost{1e9, 0, 0, {}};
  for (size_t i = 0; i < 3; ++i)
    cost.arguments.push_back({i, i == 2 ? AccessPattern::Atomic : AccessPattern::Stream,
                              1e6 * static_cast<double>(i + 1), 8, i == 0 ? 8.0 : 0.0, 0, 0.01});
  const double least = least_gpu_s(cost, numbers);
  for (int places = 0; places < 8; ++places) {
    std::vector<ArgumentPlace> where(3);
    for (size_t i = 0; i < 3; ++i)
      where[i].memory =
          (places >> i) % 2 == 0 ? ModelledMemory::FrameBuffer : ModelledMemory::ZeroCopy;
    EXPECT_GE(modelled_gpu_time(cost, where, numbers).alone_s(), least * (1 - 1e-9)) << places;
  }
  EXPECT_GT(least, numbers.gpu.kernel_launch_s + 1e9 / numbers.gpu.fp32_flops * 0.999);
}

TEST(SimVariation, TimesVaryBySeedAndOnlyAsFarAsSaid) {
  const Recording recording = producer_and_consumer(20);
  const auto simulator = Simulator::make(recording, p100());
  const std::string path = testing::TempDir() + "variation_test.mapping";
  std::ofstream(path) << on_gpus(0, 1);
  const policy::LoadedPolicy loaded = policy::load_policy(path, simulator->shape());
  const auto all_s = [&](uint64_t seed, double part) {
    return simulator->predict(*loaded.policy, {.variation = {seed, part}})->all_s;
  };
  const double nominal = all_s(0, 0);
  EXPECT_EQ(all_s(1, 0.1), all_s(1, 0.1));
  EXPECT_NE(all_s(1, 0.1), all_s(2, 0.1));
  for (uint64_t seed = 1; seed < 20; ++seed)
    EXPECT_NEAR(all_s(seed, 0.1), nominal, 0.1 * nominal) << seed;
}

TEST(SimBounds, UncertainNumbersGiveAnInterval) {
  const Recording recording = producer_and_consumer(3);
  const auto step_s = [&](machine::RangeEnd end) {
    const auto simulator = Simulator::make(recording, p100())->at_end(p100(), end);
    const std::string path = testing::TempDir() + "ends_test.mapping";
    std::ofstream(path) << on_gpus(0, 1);
    return simulator->predict(*policy::load_policy(path, simulator->shape()).policy)->step_s;
  };
  EXPECT_LT(step_s(machine::RangeEnd::Fast), step_s(machine::RangeEnd::Nominal));
  EXPECT_LT(step_s(machine::RangeEnd::Nominal), step_s(machine::RangeEnd::Slow));
}

}  // namespace
}  // namespace placewright::sim
