// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.h"

#include <gmock/gmock.h>

#include "counted_new.h"
#include "policies.h"

namespace placewright::policy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr machine::ProcessorKind kCpu = machine::ProcessorKind::Cpu;
constexpr machine::ProcessorKind kGpu = machine::ProcessorKind::Gpu;

/// Node and ordinal of a point.
std::pair<int, int> place(const Policy& policy, std::string_view task, std::string_view domain,
                          const machine::DomainPoint& point) {
  const auto function = policy.index_map(policy.task(task), kGpu);
  EXPECT_TRUE(function);
  const auto placement =
      policy.placement(*function, {machine::parse_launch_domain(domain).value()}, kGpu);
  EXPECT_TRUE(placement) << placement.error().message;
  const Target target = (*placement)->at(point);
  EXPECT_EQ(target.processors.size(), 1U);
  return {target.node, target.processors[0]};
}

TEST(Policy, SinkGetsWhatFunctionsPrintAndWhatIsOddAboutThem) {
  auto mapping = std::make_shared<Mapping>(Mapping{
      SourceFile(
          "test.mapping",
          "def f(Task task) { m = Machine(GPU).split(1, 3); print(\"here\"); return m[0, 0, 0]; }\n"
          "IndexTaskMap a f;\n"),
      {}});
  Diagnostics diagnostics(mapping->file);
  mapping->program = lang::parse(mapping->file, diagnostics);
  std::string said;
  const auto policy =
      Policy::build(mapping, machine::MachineShape::parse("nodes=2,GPU=4,CPU=1").value(),
                    diagnostics, [&](const std::string& text) { said += text + "\n"; });
  ASSERT_TRUE(policy) << diagnostics.to_text();
  testing::internal::CaptureStderr();
  place(*policy, "a", "0..0", {1, {0}});
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_THAT(said, HasSubstr("here\n"));
  EXPECT_THAT(said, HasSubstr("splitting dimension 1 of size 4 by 3"));
}

TEST(Policy, TaskRuleThatNamesTheTaskReplacesTheStar) {
  const auto policy = good_policy("Task * GPU,CPU; Task a CPU; Task a GPU; Task b,c OMP;");
  EXPECT_THAT(policy->processor_kinds(policy->task("a")), ElementsAre(kCpu));
  EXPECT_THAT(policy->processor_kinds(policy->task("c")), ElementsAre(machine::ProcessorKind::Omp));
  EXPECT_THAT(policy->processor_kinds(policy->task("unheard")), ElementsAre(kGpu, kCpu));
  const auto rule = policy->processor_rule(policy->task("a"));
  ASSERT_TRUE(rule);
  EXPECT_EQ(policy->mapping().file.text(*rule), "Task a CPU;");
}

TEST(Policy, NoTaskRuleLeavesTheChoiceToTheDefault) {
  const auto policy = good_policy("Task a CPU;");
  EXPECT_TRUE(policy->processor_kinds(policy->task("b")).empty());
  EXPECT_FALSE(policy->processor_rule(policy->task("b")));
}

TEST(Policy, MemoryListsAreConcatenatedFromTheSpecificToTheGeneral) {
  // The worked example of the language reference.
  const auto policy = good_policy(
      "Region foo 0 GPU ZCMEM; Region foo 1 GPU ZCMEM,FBMEM; Region foo 1 GPU SYSMEM;"
      "Region foo * GPU FBMEM; Region foo * * SOCKMEM; Region * 1 GPU RDMEM;"
      "Region * * * SYSMEM; Region * * GPU FBMEM,ZCMEM; Region bar r1 CPU VIRTUAL;");
  EXPECT_EQ(memories(*policy, "foo", {}, 0, kGpu), "ZCMEM FBMEM FBMEM ZCMEM");
  EXPECT_EQ(memories(*policy, "foo", {}, 1, kGpu), "ZCMEM FBMEM FBMEM RDMEM FBMEM ZCMEM");
  EXPECT_EQ(memories(*policy, "foo", {}, 1, kCpu), "SOCKMEM SYSMEM");
  EXPECT_EQ(memories(*policy, "bar", {}, 0, kGpu), "FBMEM ZCMEM");
  EXPECT_EQ(memories(*policy, "bar", {"r1"}, 5, kCpu), "VIRTUAL SYSMEM");
  EXPECT_EQ(memories(*policy, "bar", {}, 0, kCpu), "SYSMEM");
}

TEST(Policy, RegionNamesCountInTheirOrderAndBeforeNumbers) {
  const auto policy = good_policy(
      "Region t part * FBMEM; Region t whole * ZCMEM; Region t 0 * SYSMEM; Region * whole * "
      "RDMEM;");
  EXPECT_EQ(memories(*policy, "t", {"whole", "part"}, 0, kCpu), "ZCMEM FBMEM SYSMEM RDMEM");
  EXPECT_EQ(memories(*policy, "t", {"part", "whole"}, 1, kCpu), "FBMEM ZCMEM RDMEM");
  EXPECT_EQ(memories(*policy, "t", {"unheard"}, 0, kCpu), "SYSMEM");
  const auto rules = policy->memories(policy->task("t"), {{}, 0}, kCpu);
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(policy->mapping().file.text(rules[0].rule), "Region t 0 * SYSMEM;");
}

TEST(Policy, FirstLayoutFoundIsTheWholeAnswer) {
  const auto policy = good_policy(
      "Layout t r FBMEM AOS C_order Align == 128; Layout t r * Exact Compact; Layout * * * "
      "C_order;");
  const std::vector<RegionId> r = {policy->region("r")};
  const TaskId t = policy->task("t");
  const auto framebuffer = policy->layout(t, {r, 0}, machine::MemoryKind::FbMem);
  ASSERT_TRUE(framebuffer);
  EXPECT_TRUE(framebuffer->aos && framebuffer->c_order && !framebuffer->exact);
  ASSERT_TRUE(framebuffer->alignment);
  EXPECT_EQ(framebuffer->alignment->bytes, 128);
  const auto other = policy->layout(t, {r, 0}, machine::MemoryKind::SysMem);
  ASSERT_TRUE(other);
  EXPECT_TRUE(!other->aos && !other->c_order && other->exact && other->compact);
  EXPECT_TRUE(policy->layout(policy->task("u"), {{}, 3}, machine::MemoryKind::SysMem)->c_order);
}

TEST(Policy, WordsOfALayoutThatContradictAreDecidedByTheLast) {
  const auto policy = good_policy("Layout * * * AOS SOA C_order F_order Align == 64 Align == 32;");
  const auto layout = policy->layout(policy->task("t"), {{}, 0}, machine::MemoryKind::SysMem);
  ASSERT_TRUE(layout);
  EXPECT_FALSE(layout->aos);
  EXPECT_FALSE(layout->c_order);
  EXPECT_EQ(layout->alignment->bytes, 32);
}

TEST(Policy, LimitsCollectionAndReplication) {
  const auto policy = good_policy(
      "InstanceLimit a 3; InstanceLimit a 4; InstanceLimit b 0; CollectMemory a *;"
      "CollectMemory * r; ControlReplicate main;");
  EXPECT_EQ(policy->instance_limit(policy->task("a"), machine::ProcessorKind::Cpu), 3);
  EXPECT_EQ(policy->instance_limit(policy->task("b"), machine::ProcessorKind::Cpu), 0);
  EXPECT_EQ(policy->instance_limit(policy->task("c"), machine::ProcessorKind::Cpu), 0);
  const std::vector<RegionId> r = {policy->region("r")};
  EXPECT_TRUE(policy->collects(policy->task("a"), {{}, 7}));
  EXPECT_TRUE(policy->collects(policy->task("b"), {r, 0}));
  EXPECT_FALSE(policy->collects(policy->task("b"), {{}, 0}));
  EXPECT_TRUE(policy->replicates(policy->task("main"))->replicated);
  EXPECT_FALSE(policy->replicates(policy->task("a"))->replicated);
  EXPECT_FALSE(good_policy("Task * CPU;")->replicates(TaskId{}));
}

constexpr std::string_view kMaps = R"(
m = Machine(GPU);
def block(Task task) { return m[task.ipoint[0] / m.size[1], task.ipoint[0] % m.size[1]]; }
def cyclic(Task task) { return m[task.ipoint[0] % m.size[0], task.ipoint[0] / m.size[0] % m.size[1]]; }
)";

TEST(Policy, MapRulesPreferTheNameThenTheKindThenTheStar) {
  const auto policy =
      good_policy(std::string(kMaps) +
                  "def other(Task t) { return m[0,0]; }"
                  "IndexTaskMap * other; IndexTaskMap GPU cyclic; IndexTaskMap a block;");
  const auto name = [&](std::string_view task, machine::ProcessorKind kind) {
    return policy->function_name(policy->index_map(policy->task(task), kind).value());
  };
  EXPECT_EQ(name("a", kGpu), "block");
  EXPECT_EQ(name("a", kCpu), "block");
  EXPECT_EQ(name("b", kGpu), "cyclic");
  EXPECT_EQ(name("b", kCpu), "other");
  EXPECT_FALSE(policy->single_map(policy->task("a"), kGpu));
  EXPECT_EQ(policy->functions().size(), 3U);
  const auto rule = policy->index_map_rule(policy->task("b"), kGpu);
  EXPECT_EQ(policy->mapping().file.text(rule.value()), "IndexTaskMap GPU cyclic;");
}

TEST(Policy, PlacesEveryPointByItsFunction) {
  const auto policy =
      good_policy(std::string(kMaps) + "IndexTaskMap a block; IndexTaskMap b cyclic;");
  for (int i = 0; i < 8; ++i) {
    EXPECT_EQ(place(*policy, "a", "0..7", {1, {i}}), (std::pair{i / 4, i % 4}));
    EXPECT_EQ(place(*policy, "b", "0..7", {1, {i}}), (std::pair{i % 2, i / 2}));
  }
}

TEST(Policy, OnePlacementPerLaunchIsShared) {
  const auto policy = good_policy(std::string(kMaps) + "IndexTaskMap a block;");
  const FunctionId block = policy->index_map(policy->task("a"), kGpu).value();
  const machine::LaunchDomain domain = machine::parse_launch_domain("0..7").value();
  const auto first = policy->placement(block, {domain}, kGpu);
  EXPECT_EQ(policy->placement(block, {domain}, kGpu).value(), first.value());
  EXPECT_EQ(first.value()->kind(), kGpu);
  EXPECT_EQ(first.value()->domain(), domain);
}

TEST(Policy, APointOutsideTheMachineIsNamedInFull) {
  const auto policy = good_policy(std::string(kMaps) + "IndexTaskMap a block;");
  const FunctionId block = policy->index_map(policy->task("a"), kGpu).value();
  const auto placement =
      policy->placement(block, {machine::parse_launch_domain("0,0..15,1").value()}, kGpu);
  ASSERT_FALSE(placement);
  EXPECT_EQ(placement.error().message,
            "`block` at point (8,0) of launch 0,0..15,1: index 2 is outside dimension 0 of size 2");
  EXPECT_EQ(placement.error().help,
            "the space is `GPU (2,4)`; `% m.size[0]` after that index wraps around to 0");
  EXPECT_EQ(policy->mapping().file.text(placement.error().range),
            "m[task.ipoint[0] / m.size[1], task.ipoint[0] % m.size[1]]");
}

TEST(Policy, AResultMustBeAProcessorOfTheTasksKindOnOneNode) {
  const auto policy = good_policy(
      "m = Machine(GPU);"
      "def tuple_only(Task t) { return m[0,0] + (0,0); }"
      "def wrong_kind(Task t) { return m[0,0]; }"
      "def all_nodes(Task t) { return m[*,0]; }"
      "def one_node(Task t) { return m[1,*]; }"
      "IndexTaskMap c wrong_kind; IndexTaskMap d all_nodes; IndexTaskMap e one_node;");
  const machine::LaunchDomain domain = machine::parse_launch_domain("0..3").value();
  const auto outcome = [&](std::string_view task, machine::ProcessorKind kind) {
    return policy->placement(policy->index_map(policy->task(task), kind).value(), {domain}, kind);
  };
  EXPECT_THAT(outcome("c", kCpu).error().message,
              HasSubstr("returned a GPU processor for a task on CPU"));
  EXPECT_THAT(outcome("d", kGpu).error().message,
              HasSubstr("returned processors of nodes 0 and 1"));
  const Target target = outcome("e", kGpu).value()->at({1, {2}});
  EXPECT_EQ(target.node, 1);
  EXPECT_THAT(target.processors, ElementsAre(0, 1, 2, 3));
}

TEST(Policy, SingleTasksFollowTheirParent) {
  const auto policy = good_policy(
      "m = Machine(GPU); c = Machine(CPU);"
      "def same(Task task) { return m[*task.parent.processor(m)]; }"
      "def all(Task task) { p = task.parent.processor(c); return m[p[0], *]; }"
      "SingleTaskMap a same; SingleTaskMap b all;");
  const FunctionId same = policy->single_map(policy->task("a"), kGpu).value();
  const auto target = policy->place_single(same, {.parent = {kGpu, 1, 3}}, kGpu);
  ASSERT_TRUE(target) << target.error().message;
  EXPECT_EQ(target->node, 1);
  EXPECT_THAT(target->processors, ElementsAre(3));
  const auto all = policy->place_single(policy->single_map(policy->task("b"), kGpu).value(),
                                        {.parent = {kCpu, 1, 0}}, kGpu);
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_THAT(all->processors, ElementsAre(0, 1, 2, 3));
  const auto outside = policy->place_single(same, {.parent = {kCpu, 1, 9}}, kGpu);
  ASSERT_FALSE(outside);
  EXPECT_THAT(outside.error().message, HasSubstr("is not part of the space of size (2,4)"));
}

TEST(Policy, RefusesALaunchOfTooManyPoints) {
  const auto policy = good_policy(std::string(kMaps) + "IndexTaskMap a block;");
  const FunctionId block = policy->index_map(policy->task("a"), kGpu).value();
  const auto placement =
      policy->placement(block, {machine::parse_launch_domain("0,0..99999,99999").value()}, kGpu);
  ASSERT_FALSE(placement);
  EXPECT_EQ(placement.error().id, "launch-too-large");
}

TEST(Policy, BuildsNothingFromAGlobalThatFails) {
  const BuiltPolicy built =
      build_policy("m = Machine(GPU); a = m.size[1] / m.size[0] - 1; b = 1 / a;", "nodes=2,GPU=2");
  EXPECT_FALSE(built.policy);
  EXPECT_THAT(built.messages, HasSubstr("[division-by-zero]"));
}

TEST(Policy, ListsMentionedNamesOnce) {
  const auto policy = good_policy("Task a,b CPU; Region a r * SYSMEM; Region * r * ZCMEM;");
  std::vector<std::string> names;
  for (const MentionedName& mentioned : policy->mentioned_names()) names.push_back(mentioned.name);
  EXPECT_THAT(names, ElementsAre("a", "b", "r"));
}

TEST(Policy, EvaluatesHugeLaunchesOnDemand) {
  const auto policy = build_policy(R"(
m = Machine(GPU).merge(0, 1);
def block(Task task) { return m[task.ipoint[0] * m.size[0] / task.ispace[0]]; }
def cyclic(Task task) { p = task.ipoint; return m[(p[0] + p[1]) % m.size[0]]; }
def unproven(Task task) { return m[task.ipoint[0] / 1000000]; }
IndexTaskMap a block;
IndexTaskMap b cyclic;
IndexTaskMap c unproven;
)",
                                   "nodes=4,GPU=8");
  const auto place = [&](const char* task, const char* launch) {
    const auto function =
        policy.policy->index_map(policy.policy->task(task), machine::ProcessorKind::Gpu);
    return policy.policy->placement(function.value(),
                                    {machine::parse_launch_domain(launch).value()},
                                    machine::ProcessorKind::Gpu);
  };
  const auto block = place("a", "0..99999999");
  ASSERT_TRUE(block.has_value());
  EXPECT_EQ((*block)->form(), Placement::Form::OnDemand);
  EXPECT_LT((*block)->memory_bytes(), 4096U);
  for (const int64_t x : {0, 3'124'999, 3'125'000, 50'000'000, 99'999'999}) {
    const Target target = (*block)->at({1, {x}});
    EXPECT_EQ(target.node * 8 + target.processors[0], x * 32 / 100'000'000) << x;
  }
  const auto cyclic = place("b", "0,0..999999,999999");
  ASSERT_TRUE(cyclic.has_value());
  const Target target = (*cyclic)->at({2, {999'999, 999'998}});
  EXPECT_EQ(target.node * 8 + target.processors[0], 1'999'997 % 32);
  const auto unproven = place("c", "0..39999999");
  ASSERT_FALSE(unproven.has_value());
  EXPECT_EQ(unproven.error().id, "launch-too-large");
}

TEST(Policy, LaunchesThatDifferInAFactThatTheFunctionUsesArePlacedByIt) {
  const auto policy = good_policy(
      "m = Machine(GPU); def f(Task task) { return m[task.tag % 2, task.parent.processor(m)[1]]; } "
      "def g(Task task) { return m[0, 0]; } IndexTaskMap a f; IndexTaskMap b g;");
  machine::LaunchFacts launch{machine::parse_launch_domain("0..99").value()};
  const auto at = [&](const char* task) {
    const auto function = policy->index_map(policy->task(task), kGpu).value();
    return policy->placement(function, launch, kGpu).value();
  };
  const Placement* even = at("a");
  const Placement* any = at("b");
  launch.tag = UINT64_MAX;
  launch.parent = {kGpu, 0, 1};
  const Target target = at("a")->at({1, {5}});
  EXPECT_EQ(target.node, 1);
  EXPECT_EQ(target.processors[0], 1);
  EXPECT_EQ(even->at({1, {5}}).node, 0);
  EXPECT_EQ(at("b"), any);
  const Placement* odd = at("a");
  launch.depth = 9;  // No function asks for these.
  launch.mapper = 3;
  EXPECT_EQ(at("a"), odd);
}

TEST(Policy, ReplicatedNodesMustBeOnTheMachine) {
  const auto policy = good_policy("ControlReplicate a 0..1; ControlReplicate a, b;");
  EXPECT_EQ(policy->replicates(policy->task("a"))->nodes, (NodeRange{0, 1}));
  EXPECT_EQ(policy->replicates(policy->task("b"))->nodes, std::nullopt);
  EXPECT_THAT(policy->replicated_nodes(), ElementsAre(NodeRange{0, 1}));
  EXPECT_THAT(build_policy("ControlReplicate a 0..99;", "nodes=2,CPU=1").messages,
              HasSubstr("there is no node 99"));
}

TEST(Policy, PointsReachEveryProcessorOfUnevenNodes) {
  const auto policy = good_policy(
      "m = Machine(GPU).all; def f(Task task) { return m[task.ipoint[0] % m.volume]; } "
      "IndexTaskMap * f;",
      "nodes=3,CPU=1,GPU=2|0|1");
  for (const char* domain : {"0..5", "0..599"}) {
    EXPECT_EQ(place(*policy, "a", domain, {1, {0}}), (std::pair{0, 0}));
    EXPECT_EQ(place(*policy, "a", domain, {1, {1}}), (std::pair{0, 1}));
    EXPECT_EQ(place(*policy, "a", domain, {1, {2}}), (std::pair{2, 0}));
    EXPECT_EQ(place(*policy, "a", domain, {1, {3}}), (std::pair{0, 0}));
  }
}

}  // namespace
}  // namespace placewright::policy
