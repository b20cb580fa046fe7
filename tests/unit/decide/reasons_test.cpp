// SPDX-License-Identifier: Apache-2.0
#include "decide/reasons.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

constexpr ProcessorKind kCpu = ProcessorKind::Cpu;
constexpr ProcessorKind kGpu = ProcessorKind::Gpu;
constexpr const char* kMaps =
    "m = Machine(GPU);\n"
    "def f(Task task) { return m[0, 0]; }\n"
    "IndexTaskMap t f;\n"
    "SingleTaskMap t f;\n";

/// "POSITION: NOTE".
std::string text(const Reason& reason, const Sample& sample) {
  const ReasonText found = words(reason, *sample.rules);
  return found.rule + ": " + found.note;
}

std::string kind_reason(const Sample& sample, ProcessorKind chosen) {
  return text(explain_kind(sample.setting(), look_up(sample.setting(), make_task("t")), chosen),
              sample);
}

TEST(KindReason, FirstKindOfTheRuleNeedsNoNote) {
  EXPECT_EQ(kind_reason(Sample("\nTask t GPU,CPU;"), kGpu), "test.mapping:2:1: ");
}

TEST(KindReason, LaterKindNamesTheFirst) {
  const Sample sample("Task t GPU,CPU;");
  EXPECT_EQ(kind_reason(sample, kCpu), "test.mapping:1:1: no GPU for this task");
  const Reason reason =
      explain_kind(sample.setting(), look_up(sample.setting(), make_task("t")), kCpu);
  EXPECT_EQ(reason.cause, Cause::NotTheFirstKind);
  EXPECT_EQ(reason.kind, kGpu);
}

TEST(KindReason, KindThatTheRuleDoesNotListIsTheDefaultMappers) {
  EXPECT_EQ(kind_reason(Sample("Task * OMP;"), kCpu),
            "test.mapping:1:1: the task and the machine have none of the rule's kinds");
}

TEST(KindReason, NoRuleIsSaid) { EXPECT_EQ(kind_reason(Sample("Task u CPU;"), kCpu), ": no rule"); }

std::string place_reason(const char* mapping, const LaunchInfo& launch, bool is_shard = false,
                         bool is_overruled = false) {
  const Sample sample(mapping);
  return text(explain_place(sample.setting(), look_up(sample.setting(), make_task("t")), launch,
                            is_shard, is_overruled, kGpu),
              sample);
}

TEST(PlaceReason, RulePlacesIndexLaunchesAndSingleTasks) {
  EXPECT_EQ(place_reason(kMaps, index_launch("0..3")), "test.mapping:3:1: ");
  EXPECT_EQ(place_reason(kMaps, single_launch(kGpu0)), "test.mapping:4:1: ");
}

TEST(PlaceReason, NoRuleIsSaid) {
  EXPECT_EQ(place_reason("Task t GPU;", index_launch("0..3")), ": no rule");
  EXPECT_EQ(place_reason("Task t GPU;", index_launch("0..3"), false, true), ": no rule");
  EXPECT_EQ(place_reason("Task t GPU;", single_launch(kGpu0)), ": no rule");
}

TEST(PlaceReason, ConcurrentLaunchWhosePointsTheRulePutsTogetherKeepsItsPosition) {
  EXPECT_EQ(place_reason(kMaps, index_launch("0..3"), false, /*is_overruled=*/true),
            "test.mapping:3:1: not for a concurrent launch whose points it puts together");
}

TEST(PlaceReason, ShardsAndMustEpochLaunchesHaveNoRule) {
  EXPECT_EQ(place_reason(kMaps, index_launch("0..3"), /*is_shard=*/true), ": a shard");
  LaunchInfo must_epoch = index_launch("0..3");
  must_epoch.must_epoch = true;
  EXPECT_EQ(place_reason(kMaps, must_epoch), ": a must-epoch launch");
}

/// The reasons for argument 0 of a GPU task `t`.
struct Argued {
  explicit Argued(const std::string& text) : sample(text), setting(sample.setting()) {
    argument.privilege = machine::Privilege::ReadOnly;
  }
  ArgumentReasons reasons(const ArgumentOutcome& outcome) {
    const ArgumentPlan& plan =
        planner.plans(setting, {.kind = target.kind}, sample.id("t"), argument, source).front();
    return explain_argument(setting, look_up(setting, make_task("t")), plan, variant, argument,
                            target, outcome);
  }
  std::string memory(const ArgumentOutcome& outcome) {
    return text(reasons(outcome).memory, sample);
  }
  std::string memory(MemoryKind kind) { return memory({ArgumentOutcome::What::Instance, kind}); }
  std::string layout(MemoryKind kind) {
    return text(reasons({ArgumentOutcome::What::Instance, kind}).layout, sample);
  }

  Sample sample;
  Setting setting;
  Planner planner;
  SampleSource source;
  Variant variant = make_variant(2, kGpu);
  Argument argument;
  ProcessorPlace target = kGpu0;
};

TEST(MemoryReason, FirstMemoryOfTheListNeedsNoNote) {
  EXPECT_EQ(Argued("\nRegion t * * FBMEM,ZCMEM;").memory(MemoryKind::FbMem), "test.mapping:2:1: ");
}

TEST(MemoryReason, MemoriesBeforeItAreFullOrOutOfReach) {
  Argued argued("Region t * * FBMEM,SYSMEM;\nRegion * * * ZCMEM;");
  EXPECT_EQ(argued.memory(MemoryKind::ZcMem),
            "test.mapping:2:1: FBMEM full, SYSMEM out of the processor's reach");
}

TEST(MemoryReason, MemoryThatIsNotDemandedIsSaid) {
  Argued argued("Region t * * FBMEM,ZCMEM;");
  argued.source.wanted = {{{}, raw(MemoryKind::ZcMem)}};
  EXPECT_EQ(argued.memory(MemoryKind::ZcMem), "test.mapping:1:1: FBMEM not what the task demands");
}

TEST(MemoryReason, VirtualIsNotPossibleForALeaf) {
  EXPECT_EQ(Argued("Region t * * VIRTUAL,FBMEM;").memory(MemoryKind::FbMem),
            "test.mapping:1:1: VIRTUAL not possible here");
}

TEST(MemoryReason, VirtualIsNotPossibleForArgumentsThatShareAnInstance) {
  Argued argued("Region t * * VIRTUAL,FBMEM;");
  argued.variant.leaf = false;
  EXPECT_EQ(argued.memory(MemoryKind::FbMem), "test.mapping:1:1: VIRTUAL not possible here");
}

TEST(MemoryReason, VirtualArgumentHasItsRule) {
  Argued argued("Region t * * VIRTUAL,FBMEM;");
  argued.variant.leaf = false;
  EXPECT_EQ(argued.memory({ArgumentOutcome::What::Virtual, {}}), "test.mapping:1:1: ");
}

TEST(MemoryReason, VirtualArgumentWithoutARuleIsAnInnerTasks) {
  EXPECT_EQ(Argued("Region t * * FBMEM;").memory({ArgumentOutcome::What::Virtual, {}}),
            ": the regions of an inner task are virtual");
}

TEST(MemoryReason, ArgumentWithoutAnInstanceNeedsNone) {
  EXPECT_EQ(Argued("Region t * * FBMEM;").memory(ArgumentOutcome()), ": no instance needed");
}

TEST(MemoryReason, MemoryThatNoRuleListsIsTheDefaultMappers) {
  Argued argued("Region * * * SYSMEM,RDMEM;");
  EXPECT_EQ(argued.memory(MemoryKind::FbMem),
            ": SYSMEM out of the processor's reach, RDMEM out of the processor's reach");
  EXPECT_EQ(argued.memory({ArgumentOutcome::What::Instance, std::nullopt}),
            ": SYSMEM out of the processor's reach, RDMEM out of the processor's reach");
  EXPECT_EQ(Argued("Task t GPU;").memory(MemoryKind::FbMem), ": no rule");
}

TEST(MemoryReason, SocketMemoryIsWhatARuleForRegisteredSocketMemoryGets) {
  Argued argued("Region t * * REGSOCKMEM;");
  argued.sample.machine.describe(kCpu0, {{make_memory(6, MemoryKind::SockMem), 1, 0}});
  argued.target = kCpu0;
  EXPECT_EQ(argued.memory(MemoryKind::SockMem), "test.mapping:1:1: ");
}

TEST(LayoutReason, RuleForTheMemoryDecides) {
  Argued argued("Region t * * FBMEM,ZCMEM;\nLayout t * FBMEM AOS;");
  EXPECT_EQ(argued.layout(MemoryKind::FbMem), "test.mapping:2:1: ");
  EXPECT_EQ(argued.layout(MemoryKind::ZcMem), ": no rule");
  EXPECT_EQ(argued.layout(MemoryKind::SysMem), ": no rule");
}

TEST(LayoutReason, RuleDecidesInAMemoryThatNoRuleLists) {
  Argued argued("Layout t * FBMEM AOS;\nLayout * * * C_order;");
  EXPECT_EQ(argued.memory(MemoryKind::FbMem), ": no rule");
  EXPECT_EQ(argued.layout(MemoryKind::FbMem), "test.mapping:1:1: ");
  EXPECT_EQ(argued.layout(MemoryKind::ZcMem), "test.mapping:2:1: ");
}

TEST(LayoutReason, OrderThatTheTaskDemandsIsNamed) {
  Argued argued("Region t * * FBMEM;\nLayout t * * AOS C_order;");
  argued.argument.dim = 2;
  argued.source.wanted = {{}};
  argued.source.wanted[0].layout.ordering = {{0, 1, Ordering::kFields}, false};
  EXPECT_EQ(argued.layout(MemoryKind::FbMem), "test.mapping:2:1: the task demands SOA F_order");
}

}  // namespace
}  // namespace placewright::decide
