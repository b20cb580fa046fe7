// SPDX-License-Identifier: Apache-2.0
#include "decide/processors.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using How = TargetProcessors::How;

constexpr ProcessorKind kCpu = ProcessorKind::Cpu;
constexpr ProcessorKind kGpu = ProcessorKind::Gpu;

/// Points 0 to 3 go to GPU 0 and 1 of node 0, then of node 1; larger ones nowhere.
constexpr const char* kBlock =
    "m = Machine(GPU);"
    "def block(Task task) { return m[task.ipoint[0] / 2, task.ipoint[0] % 2]; }"
    "def node(Task task) { return m[task.ipoint[0] % 2, *]; }"
    "def same(Task task) { return m[*task.parent.processor(m)]; }"
    "IndexTaskMap a block; IndexTaskMap b node; SingleTaskMap a same;";

/// Places an index launch of a task; `separates` answers for concurrent launches.
tl::expected<IndexPlacement, Refusal> place(const Sample& sample, const char* task,
                                            const LaunchInfo& launch, bool separates = true,
                                            bool is_empty = false) {
  return place_index_launch(sample.setting(), look_up(sample.setting(), make_task(task)), launch,
                            kGpu, is_empty,
                            [&](const policy::LaunchPlacement&) { return separates; });
}

TEST(IndexPlacement, RuleForTheTaskPlacesItsLaunches) {
  const Sample sample(kBlock);
  const auto placed = place(sample, "a", index_launch("0..3"));
  ASSERT_TRUE(placed);
  ASSERT_NE(placed->placement, nullptr);
  EXPECT_EQ(placed->function, sample.rules->index_map(sample.id("a"), kGpu));
  EXPECT_FALSE(placed->overruled);
  const policy::Target target = placed->placement->at({1, {3}});
  EXPECT_EQ(target.node, 1);
  EXPECT_THAT(target.processors, ElementsAre(1));
}

TEST(IndexPlacement, LaunchesThatNoRulePlacesHaveNone) {
  const Sample sample(kBlock);
  LaunchInfo must_epoch = index_launch("0..3");
  must_epoch.must_epoch = true;
  EXPECT_EQ(place(sample, "a", must_epoch)->placement, nullptr);
  EXPECT_EQ(place(sample, "a", single_launch(kCpu0))->placement, nullptr);
  EXPECT_EQ(place(sample, "a", index_launch("0..3"), true, /*is_empty=*/true)->placement, nullptr);
  const auto other = place(sample, "other", index_launch("0..3"));
  EXPECT_EQ(other->placement, nullptr);
  EXPECT_FALSE(other->overruled);
}

TEST(IndexPlacement, PointOutsideTheMachineIsRefused) {
  const Sample sample(kBlock);
  const auto placed = place(sample, "a", index_launch("0..4"));
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().message,
            "`block` at point (4) of launch 0..4: index 2 is outside dimension 0 of size 2 (for "
            "task `a`)");
  EXPECT_EQ(placed.error().argument.task, "a");
}

TEST(IndexPlacement, ConcurrentLaunchKeepsARuleThatSeparatesItsPoints) {
  const Sample sample(kBlock);
  LaunchInfo launch = index_launch("0..3");
  launch.concurrent = true;
  const auto separated = place(sample, "a", launch, true);
  EXPECT_NE(separated->placement, nullptr);
  EXPECT_FALSE(separated->overruled);
  const auto together = place(sample, "a", launch, false);
  EXPECT_EQ(together->placement, nullptr);
  EXPECT_TRUE(together->overruled);
}

TEST(IndexPlacement, OnlyConcurrentLaunchesAreAskedWhetherPointsAreSeparate) {
  const Sample sample(kBlock);
  EXPECT_NE(place(sample, "a", index_launch("0..3"), false)->placement, nullptr);
}

/// Points go to the processors listed, by their first coordinate.
struct ListedPlacement final : policy::LaunchPlacement {
  explicit ListedPlacement(std::vector<std::pair<int, int>> list) {
    for (const auto& [node, ordinal] : list) places.push_back({node, {ordinal, 7}});
  }
  [[nodiscard]] ProcessorKind kind() const override { return kGpu; }
  [[nodiscard]] policy::Target at(const machine::DomainPoint& point) const override {
    const auto& [node, ordinals] = places[static_cast<size_t>(point.at[0])];
    return {node, ordinals};
  }
  std::vector<std::pair<int32_t, std::vector<int32_t>>> places;
};

TEST(SeparationCheck, PointsOnDifferentProcessorsAreSeparate) {
  const ListedPlacement placement({{1, 0}, {0, 1}, {0, 0}, {1, 1}});
  SeparationCheck check(placement);
  for (int64_t i = 0; i < 4; ++i) EXPECT_TRUE(check.add({1, {i}})) << i;
}

TEST(SeparationCheck, SecondPointOfAProcessorIsNot) {
  const ListedPlacement placement({{1, 0}, {0, 1}, {1, 0}});
  SeparationCheck check(placement);
  EXPECT_TRUE(check.add({1, {0}}));
  EXPECT_TRUE(check.add({1, {1}}));
  EXPECT_FALSE(check.add({1, {2}}));
}

tl::expected<std::optional<policy::Target>, Refusal> place_single(const Sample& sample,
                                                                  const char* task,
                                                                  const LaunchInfo& launch) {
  return place_single_task(sample.setting(), look_up(sample.setting(), make_task(task)), launch,
                           kGpu);
}

TEST(SinglePlacement, TaskFollowsItsParent) {
  const Sample sample(kBlock);
  const auto target = place_single(sample, "a", single_launch(ProcessorPlace{kGpu, 1, 1}));
  ASSERT_TRUE(target && *target);
  EXPECT_EQ((*target)->node, 1);
  EXPECT_THAT((*target)->processors, ElementsAre(1));
}

TEST(SinglePlacement, LocalFunctionFollowsARuleWithinItsNode) {
  const Sample sample(kBlock);
  LaunchInfo launch = single_launch(ProcessorPlace{kGpu, 1, 1});
  launch.bound_to_node = 1;
  const auto here = place_single(sample, "a", launch);
  ASSERT_TRUE(here && *here);
  EXPECT_EQ((*here)->node, 1);
  launch.bound_to_node = 0;
  const auto elsewhere = place_single(sample, "a", launch);
  ASSERT_TRUE(elsewhere);
  EXPECT_FALSE(*elsewhere);
}

TEST(SinglePlacement, AllShardsOfAParentAnswerForTheFirstProcessorOfNodeZero) {
  const Sample sample(kBlock);
  for (int node = 0; node < 2; ++node) {
    const auto target =
        place_single(sample, "a", single_launch(ProcessorPlace{kGpu, node, 1}, true));
    ASSERT_TRUE(target && *target);
    EXPECT_EQ((*target)->node, 0);
    EXPECT_THAT((*target)->processors, ElementsAre(0));
  }
}

TEST(SinglePlacement, ParentWithoutAPlaceCountsAsTheFirstCpu) {
  const Sample sample(kBlock);
  const auto target = place_single(sample, "a", single_launch(std::nullopt));
  ASSERT_TRUE(target && *target);
  EXPECT_EQ((*target)->node, 0);
  EXPECT_THAT((*target)->processors, ElementsAre(0));
}

TEST(SinglePlacement, TasksThatNoRulePlacesHaveNone) {
  const Sample sample(kBlock);
  LaunchInfo must_epoch = single_launch(kGpu0);
  must_epoch.must_epoch = true;
  EXPECT_EQ(place_single(sample, "a", must_epoch)->has_value(), false);
  EXPECT_EQ(place_single(sample, "a", LaunchInfo())->has_value(), false);  // The top-level task.
  EXPECT_EQ(place_single(sample, "other", single_launch(kGpu0))->has_value(), false);
  LaunchInfo index = index_launch("0..3");
  index.parent = ParentFacts{kGpu0};
  EXPECT_EQ(place_single(sample, "a", index)->has_value(), false);
}

TEST(SinglePlacement, FunctionWithoutAnAnswerIsRefused) {
  const Sample sample(kBlock);
  const auto target = place_single(sample, "a", single_launch(ProcessorPlace{kGpu, 0, 5}));
  ASSERT_FALSE(target);
  EXPECT_THAT(target.error().message,
              testing::StartsWith("`same` for a single task of a parent on GPU processor 5 of node "
                                  "0: "));
  EXPECT_THAT(target.error().message, testing::EndsWith(" (for task `a`)"));
}

/// Arguments of choose_processors(), at first those of a CPU task without rules on its own node.
struct Choice {
  TaskRules task;
  LaunchInfo launch;
  bool is_shard = false;
  ProcessorPlace target = kCpu0;
  int local_node = 0;
  std::optional<policy::Target> placed;

  [[nodiscard]] TargetProcessors made() const {
    static const Sample sample("Task * CPU;");
    return choose_processors(sample.setting(), task, launch, is_shard, target, local_node, placed);
  }
};

const std::vector<int32_t> kBoth = {1, 0};

TEST(ChooseProcessors, TaskWithoutRulesRunsAnywhereOnItsNode) {
  const TargetProcessors chosen = Choice().made();
  EXPECT_EQ(chosen.how, How::WholeNode);
  EXPECT_EQ(chosen.node, 0);
  EXPECT_THAT(chosen.ordinals, IsEmpty());
}

TEST(ChooseProcessors, RuleGivesItsProcessors) {
  Choice choice;
  choice.placed = policy::Target{0, kBoth};
  const TargetProcessors chosen = choice.made();
  EXPECT_EQ(chosen.how, How::Rule);
  EXPECT_EQ(chosen.node, 0);
  EXPECT_THAT(chosen.ordinals, ElementsAre(1, 0));
}

TEST(ChooseProcessors, PointOfAConcurrentLaunchGetsOneProcessor) {
  Choice choice;
  choice.placed = policy::Target{0, kBoth};
  choice.launch.concurrent = true;
  EXPECT_EQ(choice.made().how, How::Rule);
  EXPECT_THAT(choice.made().ordinals, ElementsAre(1));
  choice.placed.reset();
  EXPECT_EQ(choice.made().how, How::Target);
}

TEST(ChooseProcessors, TaskThatWasSentElsewhereStaysThere) {
  Choice choice;
  choice.placed = policy::Target{1, kBoth};
  const TargetProcessors chosen = choice.made();
  EXPECT_EQ(chosen.how, How::Target);
  EXPECT_EQ(chosen.node, 0);
}

TEST(ChooseProcessors, ShardsAndMustEpochTasksKeepTheirTargets) {
  Choice shard;
  shard.placed = policy::Target{0, kBoth};
  shard.is_shard = true;
  EXPECT_EQ(shard.made().how, How::Target);
  Choice must_epoch;
  must_epoch.placed = policy::Target{0, kBoth};
  must_epoch.launch.must_epoch = true;
  EXPECT_EQ(must_epoch.made().how, How::Target);
}

TEST(ChooseProcessors, LimitedTaskStaysOnTheProcessorThatCountsIt) {
  Choice choice;
  choice.task.limits[static_cast<size_t>(kGpu)] = 2;
  EXPECT_EQ(choice.made().how, How::WholeNode);
  choice.task.limits[static_cast<size_t>(kCpu)] = 2;
  EXPECT_EQ(choice.made().how, How::Target);
  choice.launch.nested_in_itself = true;
  EXPECT_EQ(choice.made().how, How::Target);
}

TEST(ChooseProcessors, LimitWithoutEffectKeepsNoTaskOnItsProcessor) {
  Choice choice;
  choice.task.limits[static_cast<size_t>(kCpu)] = 2;
  choice.launch.collective = true;
  EXPECT_EQ(choice.made().how, How::WholeNode);
}

TEST(ChooseProcessors, TaskOfAnotherNodeOrOfAGpuStaysOnItsTarget) {
  Choice remote;
  remote.local_node = 1;
  EXPECT_EQ(remote.made().how, How::Target);
  Choice gpu;
  gpu.target = {kGpu, 0, 1};
  EXPECT_EQ(gpu.made().how, How::Target);
}

TEST(Slicing, PointsOfAProcessorThatFillABoxAreOneFullSlice) {
  const ListedPlacement placement({{1, 0}, {0, 1}});
  Slicing slicing(placement);
  for (int64_t x = 0; x < 2; ++x) {
    for (int64_t y = 4; y < 6; ++y) slicing.add({2, {x, y}});
  }
  const std::vector<Slice> slices = slicing.finish();
  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[0].processor, (ProcessorPlace{kGpu, 0, 1}));
  EXPECT_EQ(slices[0].box, box("1,4..1,5"));
  EXPECT_TRUE(slices[0].is_full);
  EXPECT_EQ(slices[1].processor, (ProcessorPlace{kGpu, 1, 0}));
  EXPECT_EQ(slices[1].box, box("0,4..0,5"));
  EXPECT_TRUE(slices[1].is_full);
}

TEST(Slicing, PointsThatLeaveHolesAreASparseSlice) {
  const ListedPlacement placement({{0, 0}, {0, 1}, {0, 0}});
  Slicing slicing(placement);
  for (int64_t x = 2; x >= 0; --x) slicing.add({1, {x}});
  const std::vector<Slice> slices = slicing.finish();
  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[0].box, box("0..2"));
  EXPECT_FALSE(slices[0].is_full);
  EXPECT_THAT(slices[0].points,
              ElementsAre(machine::DomainPoint{1, {2}}, machine::DomainPoint{1, {0}}));
  EXPECT_TRUE(slices[1].is_full);
}

TEST(Slicing, LaunchWithoutPointsHasNoSlices) {
  const ListedPlacement placement({});
  EXPECT_THAT(Slicing(placement).finish(), IsEmpty());
}

}  // namespace
}  // namespace placewright::decide
