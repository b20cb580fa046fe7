// SPDX-License-Identifier: Apache-2.0
#include "policy/compiled_rules.h"

#include <gmock/gmock.h>

#include <array>
#include <thread>

namespace placewright::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr machine::ProcessorKind kCpu = machine::ProcessorKind::Cpu;
constexpr machine::ProcessorKind kGpu = machine::ProcessorKind::Gpu;

/// Line `line` of the mapping, for tasks by name or for all.
RuleHead line(uint32_t number, std::vector<std::string> tasks = {}, int condition = -1) {
  return {{number, number + 1}, {std::move(tasks)}, condition};
}

/// Point x of a launch goes to GPU x % 2 of node x / 2; from x = 4 there is none. Single tasks go
/// where their parent is, if that is a GPU.
CompiledFunction block(int* calls = nullptr) {
  return {"block",
          {},
          [calls](const machine::LaunchFacts&,
                  const machine::DomainPoint& point) -> Result<FunctionResult> {
            if (calls != nullptr) ++*calls;
            const auto x = static_cast<int32_t>(point.at[0]);
            if (x >= 4) return fail("no such node", "use fewer points");
            return FunctionResult{kGpu, x / 2, {x % 2}};
          },
          [](const machine::LaunchFacts& launch) -> Result<FunctionResult> {
            const machine::ParentProcessor& parent = launch.parent;
            if (parent.ordinal > 7) return fail("no such processor");
            return FunctionResult{parent.kind, parent.node, {parent.ordinal, parent.ordinal + 1}};
          }};
}

RuleList block_rules() {
  RuleList list;
  list.maps = {{line(3, {"a"}), true, {0}}, {line(4, {"a"}), false, {0}}};
  return list;
}

machine::LaunchDomain domain(std::string_view text) {
  return machine::parse_launch_domain(text).value();
}

/// The task of a mapping without conditions.
TaskId task_of(const Rules& rules, std::string_view name) { return rules.task(name, {}).value(); }

TEST(CompiledRules, RowsAnswerLikeTheRulesOfAText) {
  RuleList list;
  list.processors = {{line(1, {"a"}), {kGpu, kCpu}}, {line(2), {kCpu}}};
  list.memories = {{line(3, {"a"}), {"r"}, std::nullopt, {machine::MemoryKind::FbMem}},
                   {line(4), {}, kGpu, {machine::MemoryKind::ZcMem}}};
  LayoutRule aos;
  aos.aos = true;
  list.layouts = {{line(5, {"a"}), {int64_t{1}}, machine::MemoryKind::FbMem, aos}};
  list.limits = {{line(6, {"a"}), 3}};
  list.priorities = {{line(7, {"a"}), -2}};
  list.collected = {{line(8, {"a"}), {}}};
  list.replicated = {{line(9, {"main"})}};
  const CompiledRules rules("file.mapping", list, {}, {});
  const TaskId a = task_of(rules, "a");
  const TaskId other = task_of(rules, "unheard");
  EXPECT_THAT(rules.processor_kinds(a), ElementsAre(kGpu, kCpu));
  EXPECT_THAT(rules.processor_kinds(other), ElementsAre(kCpu));
  EXPECT_EQ(rules.processor_rule(a), (SourceRange{1, 2}));
  const std::vector<RegionId> r = {rules.region("r")};
  const auto memories = rules.memories(a, {r, 0}, kGpu);
  ASSERT_EQ(memories.size(), 2U);
  EXPECT_EQ(memories[0].kind, machine::MemoryKind::FbMem);
  EXPECT_EQ(memories[1].rule, (SourceRange{4, 5}));
  EXPECT_TRUE(rules.layout(a, {{}, 1}, machine::MemoryKind::FbMem)->aos);
  EXPECT_FALSE(rules.layout(a, {{}, 0}, machine::MemoryKind::FbMem));
  EXPECT_EQ(rules.instance_limit(a, kCpu), 3);
  EXPECT_EQ(rules.priority(a, kCpu), -2);
  EXPECT_EQ(rules.priority(other, kCpu), std::nullopt);
  EXPECT_TRUE(rules.collects(a, {{}, 4}));
  EXPECT_TRUE(rules.replicates(task_of(rules, "main"))->replicated);
  EXPECT_FALSE(rules.replicates(a)->replicated);
}

TEST(CompiledRules, RulesThatNameATaskAreFound) {
  RuleList list;
  list.processors = {{line(1), {kCpu}}, {line(2, {"a", "b"}), {kCpu}}};
  list.memories = {{line(3, {"a"}), {}, std::nullopt, {machine::MemoryKind::Virtual}}};
  list.replicated = {{line(4, {"main"})}};
  const CompiledRules rules("m", list, {}, {});
  EXPECT_EQ(rules.processor_rule_naming("b"), (SourceRange{2, 3}));
  EXPECT_EQ(rules.processor_rule_naming("c"), std::nullopt);
  EXPECT_EQ(rules.replicates(task_of(rules, "main"))->rule, (SourceRange{4, 5}));
  EXPECT_TRUE(rules.memory_rule_names({3, 4}, "a"));
  EXPECT_FALSE(rules.memory_rule_names({3, 4}, "b"));
  EXPECT_FALSE(rules.memory_rule_names({2, 3}, "a"));
  EXPECT_TRUE(rules.has_virtual_memory());
  EXPECT_FALSE(rules.has_limits());
  EXPECT_FALSE(rules.uses_region_names());
}

TEST(CompiledRules, PositionsAreFileAndLine) {
  const CompiledRules rules("file.mapping", {}, {}, {});
  EXPECT_EQ(rules.position({12, 13}), "file.mapping:12");
  EXPECT_EQ(rules.position({}), "file.mapping");
}

TEST(CompiledRules, EveryPointIsPlacedByTheFunction) {
  const CompiledRules rules("m", block_rules(), {}, {block()});
  const TaskId a = task_of(rules, "a");
  ASSERT_EQ(rules.index_map(a, kGpu), FunctionId{0});
  EXPECT_EQ(rules.index_map_rule(a, kGpu), (SourceRange{3, 4}));
  EXPECT_EQ(rules.single_map_rule(a, kGpu), (SourceRange{4, 5}));
  EXPECT_THAT(rules.functions(), ElementsAre(FunctionId{0}));
  const auto placed = rules.launch_placement({0}, {domain("0..3")}, kGpu);
  ASSERT_TRUE(placed);
  EXPECT_EQ((*placed)->kind(), kGpu);
  for (int32_t x = 0; x < 4; ++x) {
    const Target target = (*placed)->at({1, {x}});
    EXPECT_EQ(target.node, x / 2);
    EXPECT_THAT(target.processors, ElementsAre(x % 2));
  }
}

TEST(CompiledRules, PlacementCoversItsDomainFromTheLowerBound) {
  CompiledFunction rows = block();
  rows.at_point = [](const machine::LaunchFacts& facts,
                     const machine::DomainPoint& point) -> Result<FunctionResult> {
    const auto row = static_cast<int32_t>(point.at[1] - facts.domain->lo.at[1]);
    return FunctionResult{kGpu, row, {0, 1}};
  };
  const CompiledRules rules("m", block_rules(), {}, {rows});
  const auto placed = rules.launch_placement({0}, {domain("-2,5..0,7")}, kGpu);
  ASSERT_TRUE(placed);
  EXPECT_EQ((*placed)->at({2, {-2, 7}}).node, 2);
  EXPECT_EQ((*placed)->at({2, {0, 5}}).node, 0);
  EXPECT_THAT((*placed)->at({2, {-1, 6}}).processors, ElementsAre(0, 1));
}

TEST(CompiledRules, PlacementIsMadeOncePerDomainAndKind) {
  int calls = 0;
  const CompiledRules rules("m", block_rules(), {}, {block(&calls)});
  const auto first = rules.launch_placement({0}, {domain("0..3")}, kGpu);
  EXPECT_EQ(rules.launch_placement({0}, {domain("0..3")}, kGpu).value(), first.value());
  EXPECT_EQ(calls, 4);
  EXPECT_NE(rules.launch_placement({0}, {domain("0..2")}, kGpu).value(), first.value());
  EXPECT_EQ(calls, 7);
}

TEST(CompiledRules, ErrorNamesFunctionAndPointAndIsKept) {
  int calls = 0;
  const CompiledRules rules("m", block_rules(), {}, {block(&calls)});
  for (int time = 0; time < 2; ++time) {
    const auto placed = rules.launch_placement({0}, {domain("2..5")}, kGpu);
    ASSERT_FALSE(placed);
    EXPECT_EQ(placed.error().message, "`block` at point (4) of launch 2..5: no such node");
    EXPECT_EQ(placed.error().range, SourceRange());
    EXPECT_EQ(calls, 3);  // The points 2, 3 and 4.
  }
}

TEST(CompiledRules, FunctionMustReturnAProcessor) {
  CompiledFunction none = block();
  none.at_point = [](const machine::LaunchFacts&, const machine::DomainPoint&) {
    return FunctionResult{kGpu, 0, {}};
  };
  none.of_single_task = [](const machine::LaunchFacts&) { return FunctionResult{kGpu, 0, {}}; };
  const CompiledRules rules("m", block_rules(), {}, {none});
  const auto placed = rules.launch_placement({0}, {domain("0..3")}, kGpu);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().message,
            "`block` at point (0) of launch 0..3: the function returned no processor");
  EXPECT_FALSE(rules.place_single({0}, {.parent = {kGpu, 0, 0}}, kGpu));
}

TEST(CompiledRules, FunctionMustReturnTheKindThatTheTaskRunsOn) {
  const CompiledRules rules("m", block_rules(), {}, {block()});
  const auto placed = rules.launch_placement({0}, {domain("0..3")}, kCpu);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().message,
            "`block` at point (0) of launch 0..3: the function returned a GPU processor for a task "
            "on CPU processors");
  const auto single = rules.place_single({0}, {.parent = {kGpu, 0, 0}}, kCpu);
  ASSERT_FALSE(single);
  EXPECT_EQ(single.error().message,
            "`block` for a single task: the function returned a GPU processor for a task on CPU "
            "processors");
}

TEST(CompiledRules, LaunchThatIsTooLargeForATableIsRefused) {
  int calls = 0;
  const CompiledRules rules("m", block_rules(), {}, {block(&calls)});
  // 4096 * 4097 = 2^24 + 2^12 points.
  const auto placed = rules.launch_placement({0}, {domain("0,0..4095,4096")}, kGpu);
  ASSERT_FALSE(placed);
  EXPECT_EQ(placed.error().message, "launch 0,0..4095,4096 has more than 16777216 points");
  EXPECT_EQ(calls, 0);
}

TEST(CompiledRules, SingleTasksFollowTheirParent) {
  const CompiledRules rules("m", block_rules(), {}, {block()});
  const auto target = rules.place_single({0}, {.parent = {kGpu, 1, 2}}, kGpu);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->node, 1);
  EXPECT_THAT(target->processors, ElementsAre(2, 3));
  const auto outside = rules.place_single({0}, {.parent = {kGpu, 1, 8}}, kGpu);
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().message, "`block` for a single task: no such processor");
}

TEST(CompiledRules, ConditionsSelectTheRulesOfALaunch) {
  RuleList list;
  list.conditions = {{{7, 8}, {{"a"}}}};
  list.processors = {{line(7, {"a"}, 0), {kGpu}}, {line(8, {"a"}), {kCpu}}};
  const CompiledRules rules("m", list, {[](const machine::LaunchFacts& launch) -> Result<bool> {
                              if (launch.tag > INT64_MAX) return fail("the tag is too large");
                              return launch.tag == 1;
                            }},
                            {});
  EXPECT_TRUE(rules.has_conditions());
  machine::LaunchFacts launch;
  const TaskId unconditional = rules.task("a", launch).value();
  EXPECT_THAT(rules.processor_kinds(unconditional), ElementsAre(kCpu));
  launch.tag = 1;
  const TaskId conditional = rules.task("a", launch).value();
  EXPECT_NE(conditional, unconditional);
  EXPECT_THAT(rules.processor_kinds(conditional), ElementsAre(kGpu));
  launch.tag = UINT64_MAX;
  const auto failed = rules.task("a", launch);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message,
            "the condition of this rule for a single launch of task `a` (tag 18446744073709551615, "
            "depth 0): the tag is too large");
  EXPECT_EQ(failed.error().range, (SourceRange{7, 8}));
  EXPECT_THAT(rules.processor_kinds(rules.task("b", launch).value()), IsEmpty());
}

TEST(CompiledRules, ConditionOfAMapRuleIsEvaluatedForItsKindOfLaunchOnly) {
  RuleList list;
  list.conditions = {{{3, 4}, {}, true}};
  list.maps = {{line(3, {}, 0), true, {0}}};
  int asked = 0;
  const CompiledRules rules("m", list, {[&](const machine::LaunchFacts&) -> Result<bool> {
                              ++asked;
                              return true;
                            }},
                            {block()});
  machine::LaunchFacts launch;
  EXPECT_FALSE(rules.index_map(rules.task("a", launch).value(), kGpu));
  EXPECT_EQ(asked, 0);
  launch.domain = domain("0..3");
  EXPECT_TRUE(rules.index_map(rules.task("a", launch).value(), kGpu));
  EXPECT_EQ(asked, 1);
}

TEST(CompiledRules, ManyThreadsShareOnePlacement) {
  int calls = 0;
  const CompiledRules rules("m", block_rules(), {}, {block(&calls)});
  std::array<const LaunchPlacement*, 4> seen{};
  {
    std::vector<std::jthread> threads;
    for (const LaunchPlacement*& mine : seen) {
      threads.emplace_back(
          [&] { mine = rules.launch_placement({0}, {domain("0..3")}, kGpu).value(); });
    }
  }
  for (const LaunchPlacement* each : seen) EXPECT_EQ(each, seen[0]);
  EXPECT_EQ(calls, 4);
}

}  // namespace
}  // namespace placewright::policy
