// SPDX-License-Identifier: Apache-2.0
#include "decide/default_distribution.h"

#include <gmock/gmock.h>

namespace placewright::decide {
namespace {

using machine::ProcessorKind;
using testing::ElementsAre;

machine::LaunchDomain domain(std::string_view text) {
  return machine::parse_launch_domain(text).value();
}

std::vector<int64_t> blocks(int64_t processors, std::string_view text) {
  const machine::LaunchDomain launch = domain(text);
  const auto all = default_blocks(processors, launch);
  return {all.begin(), all.begin() + launch.dim()};
}

std::vector<std::string> slices(std::string_view text, size_t processors) {
  std::vector<std::string> result;
  for (const DefaultSlice& slice : default_slices(domain(text), processors))
    result.push_back(slice.box.to_string() + " on " + std::to_string(slice.processor));
  return result;
}

LaunchInfo launch(bool index, int64_t depth) {
  LaunchInfo info;
  if (index) info.facts.domain = domain("0..7");
  info.facts.depth = depth;
  return info;
}

TEST(DefaultBlocks, LargestFactorCutsTheLongestDimensionFirst) {
  EXPECT_THAT(blocks(1, "0,0..9,9"), ElementsAre(1, 1));
  // 12 = 3 * 2 * 2: 3 cuts 20 to 6.7; 2 cuts 10 to 5; 2 cuts 6.7.
  EXPECT_THAT(blocks(12, "0,0..19,9"), ElementsAre(6, 2));
  // The first one of equally long dimensions is cut.
  EXPECT_THAT(blocks(2, "0,0..9,9"), ElementsAre(2, 1));
  // A factor that is a large prime.
  EXPECT_THAT(blocks(7, "0..99"), ElementsAre(7));
}

TEST(DefaultSlices, BlocksGoToProcessorsInTurn) {
  // 10 points in 4 blocks: 0-1, 2-4, 5-6, 7-9.
  EXPECT_THAT(slices("0..9", 4), ElementsAre("0..1 on 0", "2..4 on 1", "5..6 on 2", "7..9 on 3"));
  // The first coordinate is the fastest.
  EXPECT_THAT(slices("1,1..2,2", 4),
              ElementsAre("1,1..1,1 on 0", "2,1..2,1 on 1", "1,2..1,2 on 2", "2,2..2,2 on 3"));
}

TEST(DefaultSlices, EmptyBlocksAreLeftOut) {
  EXPECT_THAT(slices("0..1", 4), ElementsAre("0..0 on 0", "1..1 on 1"));
}

TEST(DefaultSlices, LaunchesOfShardsAndLaunchesThatWishItStayOnTheNode) {
  LaunchInfo info = launch(true, 1);
  EXPECT_FALSE(default_slices_stay_local(info));
  info.parent = ParentFacts{std::nullopt, true};
  EXPECT_TRUE(default_slices_stay_local(info));
  info.facts.depth = 2;
  EXPECT_FALSE(default_slices_stay_local(info));
  info.stays_on_node = true;
  EXPECT_TRUE(default_slices_stay_local(info));
}

TEST(DefaultInitialProcessors, IndexLaunchesAndTheTopLevelTaskStayOnTheMappersProcessor) {
  const auto machine = machine::MachineShape::parse("nodes=2,CPU=2,GPU=1").value();
  const ProcessorPlace local{ProcessorKind::Cpu, 1, 1};
  DefaultInitialProcessors turns(local, machine);
  EXPECT_EQ(turns.next(launch(true, 1), ProcessorKind::Cpu), local);
  EXPECT_EQ(turns.next(launch(false, 0), ProcessorKind::Cpu), local);
  EXPECT_EQ(turns.next(launch(true, 1), ProcessorKind::Gpu),
            (ProcessorPlace{ProcessorKind::Gpu, 1, 0}));
}

TEST(DefaultInitialProcessors, TasksOfTheTopLevelTaskGoRoundTheMachine) {
  const auto machine = machine::MachineShape::parse("nodes=2,CPU=2,IO=2").value();
  DefaultInitialProcessors turns({ProcessorKind::Cpu, 1, 0}, machine);
  const auto next = [&](const LaunchInfo& info, ProcessorKind kind) {
    const ProcessorPlace place = turns.next(info, kind);
    return std::to_string(place.node) + "." + std::to_string(place.ordinal);
  };
  std::vector<std::string> places;
  for (int i = 0; i < 5; ++i) places.push_back(next(launch(false, 1), ProcessorKind::Cpu));
  EXPECT_THAT(places, ElementsAre("0.0", "0.1", "1.0", "1.1", "0.0"));
  // IO, deeper tasks and tasks that wish it stay on the node.
  EXPECT_EQ(next(launch(false, 1), ProcessorKind::Io), "1.0");
  EXPECT_EQ(next(launch(false, 2), ProcessorKind::Cpu), "1.0");
  LaunchInfo wishes = launch(false, 1);
  wishes.stays_on_node = true;
  EXPECT_EQ(next(wishes, ProcessorKind::Cpu), "1.1");
}

TEST(DefaultInitialProcessors, OneNodeHasOneTurn) {
  const auto machine = machine::MachineShape::parse("nodes=1,CPU=2").value();
  DefaultInitialProcessors turns({ProcessorKind::Cpu, 0, 0}, machine);
  EXPECT_EQ(turns.next(launch(false, 1), ProcessorKind::Cpu).ordinal, 0);
  EXPECT_EQ(turns.next(launch(false, 2), ProcessorKind::Cpu).ordinal, 1);
}

}  // namespace
}  // namespace placewright::decide
