// SPDX-License-Identifier: Apache-2.0
// Machines of several nodes, and copies that share links.
#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "recordings.h"
#include "sim/default_targets.h"

namespace placewright::sim {
namespace {

using machine::Privilege;
using machine::ProcessorKind;
using testing::HasSubstr;
using workload::Operation;
using workload::Recording;

machine::MachineDescription nodes(int count) {
  return *machine::read_machine("p100x4:" + std::to_string(count));
}

/// Through both hosts: the slowest link decides, the latencies add up.
double copy_between_nodes_s() {
  const MachineTable numbers = table(nodes(2));
  const double slowest = std::min(
      {numbers.network->bandwidth, numbers.bus.bandwidth_to_host, numbers.bus.bandwidth_to_device});
  return numbers.network->latency_s + 2 * numbers.bus.latency_s + kBytes / slowest;
}

TEST(SimulateNodes, DataGoesFromOneNodeToAnother) {
  const auto predicted = predict(producer_and_consumer(3),
                                 on_gpus(1, 2, "", /*make_node=*/0, /*use_node=*/1), nodes(2));
  ASSERT_TRUE(predicted) << predicted.error().message;
  EXPECT_NEAR(predicted->all_s, 2 * kernel_s() + copy_between_nodes_s() + 3 * kernel_s(), 1e-12);
  ASSERT_EQ(predicted->moves.size(), 1U);
  EXPECT_TRUE(predicted->moves[0].is_across);
  EXPECT_EQ(predicted->moves[0].bytes, kBytes);
  const auto peak = std::ranges::find(predicted->peaks, "FBMEM 2 of node 1", &MemoryPeak::memory);
  ASSERT_NE(peak, predicted->peaks.end());
  EXPECT_EQ(peak->bytes, kBytes);
}

TEST(SimulateNodes, TwoCopiesToOneNodeShareItsNetworkLink) {
  Recording recording = producer_and_consumer();
  recording.pieces.push_back({2, 0, 0, {"more"}});
  recording.requirements.push_back({1, Privilege::WriteDiscard, {1}});
  recording.requirements.push_back({1, Privilege::ReadOnly, {1}});
  recording.argument_lists = {{0, 2}, {1, 3}};
  const auto predicted =
      predict(recording, on_gpus(0, 0, "", /*make_node=*/0, /*use_node=*/1), nodes(2));
  ASSERT_TRUE(predicted) << predicted.error().message;
  const MachineTable numbers = table(nodes(2));
  const double copies = numbers.network->latency_s + 2 * numbers.bus.latency_s +
                        2 * kBytes / numbers.network->bandwidth;
  EXPECT_NEAR(predicted->all_s, 2 * kernel_s() + copies, 1e-12);
}

TEST(SimulateNodes, CopiesTakeTurnsOnlyAtTheDriversLevel) {
  Recording recording = producer_and_consumer();
  recording.pieces.push_back({2, 0, 0, {"more"}});
  recording.requirements.push_back({1, Privilege::WriteDiscard, {1}});
  recording.requirements.push_back({1, Privilege::ReadOnly, {1}});
  recording.argument_lists = {{0, 2}, {1, 3}};
  const MachineTable numbers = table();
  const double latency = numbers.peer.latency_s;
  const double bytes = 2 * kBytes / numbers.peer.bandwidth;
  EXPECT_NEAR(predict(recording, on_gpus(0, 1), p100(), {.level = Level::Driver})->all_s,
              2 * kernel_s() + 2 * latency + bytes, 1e-12);
  EXPECT_NEAR(predict(recording, on_gpus(0, 1), p100(), {.level = Level::Shared})->all_s,
              2 * kernel_s() + latency + bytes, 1e-12);
}

TEST(SimulateNodes, TheDriversLevelIsOfOneNode) {
  const Recording recording = producer_and_consumer();
  EXPECT_THAT(Simulator::make(recording, nodes(2), {.level = Level::Driver}).error().message,
              HasSubstr("2 nodes cannot be simulated as the driver"));
  EXPECT_EQ(Simulator::make(recording, nodes(2))->level(), Level::Shared);
  EXPECT_EQ(Simulator::make(recording, p100())->level(), Level::Driver);
}

workload::Launch launch_over(int64_t points) {
  workload::Launch launch;
  launch.task = "use";
  launch.domain = line(0, points - 1);
  for (int64_t i = 0; i < points; ++i) launch.points.push_back({{1, {i}}, 1, std::nullopt, 0});
  return launch;
}

/// How many points go to each processor.
std::map<std::pair<int, int>, int> spread(const std::vector<decide::ProcessorPlace>& targets) {
  std::map<std::pair<int, int>, int> counts;
  for (const decide::ProcessorPlace& target : targets) ++counts[{target.node, target.ordinal}];
  return counts;
}

TEST(SimulateNodes, PointsAreSlicedOverAllNodes) {
  const machine::MachineShape machine = machine::machine_shape(nodes(2));
  const auto targets = default_targets_of(launch_over(16), ProcessorKind::Gpu, machine, {});
  EXPECT_EQ(spread(targets).size(), 8U);
  EXPECT_EQ(targets[3], (decide::ProcessorPlace{ProcessorKind::Gpu, 0, 1}));
  EXPECT_EQ(targets[15], (decide::ProcessorPlace{ProcessorKind::Gpu, 1, 3}));
  const auto on_one = default_targets_of(launch_over(16), ProcessorKind::Gpu, machine, 1);
  EXPECT_EQ(spread(on_one).size(), 4U);
  EXPECT_EQ(on_one[15], (decide::ProcessorPlace{ProcessorKind::Gpu, 1, 3}));
}

TEST(SimulateNodes, ShardsGetPointsInTurn) {
  const machine::MachineShape machine = machine::machine_shape(nodes(2));
  const int shards[] = {0, 1};
  const auto targets = targets_of_shards(launch_over(16), ProcessorKind::Gpu, machine, shards);
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(targets[static_cast<size_t>(i)].node, i % 2) << i;
    EXPECT_EQ(targets[static_cast<size_t>(i)].ordinal, i / 4) << i;
  }
}

/// The points of one launch on two nodes, under a top-level task that can be replicated or not.
std::vector<uint64_t> frame_buffers(bool replicable, const std::string& rules) {
  constexpr int64_t kCount = 9;
  Recording recording = producer_and_consumer();
  recording.workload.tasks.insert(recording.workload.tasks.begin(),
                                  {"main", {ProcessorKind::Cpu}, false, {}, {{}}});
  const workload::RecordedVariant main{{3, ProcessorKind::Cpu, false, false, replicable}, {}};
  recording.variants.insert(recording.variants.begin(), std::vector{main});
  recording.point_sets = {{1, {line(0, kCount - 1)}}};
  recording.argument_lists = {};
  recording.requirements = {};
  recording.pieces = {};
  workload::Launch launch = launch_over(kCount);
  for (uint32_t i = 0; i < kCount; ++i) {
    recording.point_sets.push_back({1, {line(i, i)}});
    recording.pieces.push_back({1, i + 1, 0, {"data"}});
    recording.requirements.push_back({i, Privilege::WriteDiscard, {1}});
    recording.argument_lists.push_back({i});
    launch.points[i].arguments = i;
  }
  recording.launches = {launch};
  recording.operations = {{Operation::Kind::Launch, 0}};
  recording.programs = {{{1, {0}}}};
  const auto predicted = predict(recording, "Task * GPU;\n" + rules, nodes(2));
  EXPECT_TRUE(predicted) << predicted.error().message;
  std::vector<uint64_t> bytes;
  for (const MemoryPeak& peak : predicted->peaks)
    if (peak.kind == machine::MemoryKind::FbMem) bytes.push_back(peak.bytes);
  return bytes;
}

TEST(SimulateNodes, TheTopLevelTaskIsReplicatedIfItCanBe) {
  const std::vector<uint64_t> sliced = {8, 8, 8, 8, 8, 8, 8, 16};
  const std::vector<uint64_t> sharded = {8, 8, 8, 16, 8, 8, 8, 8};
  EXPECT_EQ(frame_buffers(false, ""), sliced);
  EXPECT_EQ(frame_buffers(true, ""), sharded);
  EXPECT_EQ(frame_buffers(true, "ControlReplicate other;\n"), sliced);
}

}  // namespace
}  // namespace placewright::sim
