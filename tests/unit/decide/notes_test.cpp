// SPDX-License-Identifier: Apache-2.0
#include "decide/notes.h"

#include <gtest/gtest.h>

#include "samples.h"

namespace placewright::decide {
namespace {

constexpr std::string_view kArgument = "argument 0 of task `t`";

TEST(Notes, ArgumentsAreNamedWithTheirRegions) {
  EXPECT_EQ(describe_argument("calc", 0, {}), "argument 0 of task `calc`");
  EXPECT_EQ(describe_argument("calc", 2, {"rp_shared"}), "argument 2 (`rp_shared`) of task `calc`");
  EXPECT_EQ(describe_argument("calc", 1, {"part", "all"}),
            "argument 1 (`part`, `all`) of task `calc`");
}

TEST(Notes, LimitWithoutEffectHasItsReason) {
  EXPECT_EQ(note_limit_without_effect("calc"),
            "InstanceLimit for `calc` has no effect: the program asks Legion to map its points "
            "together, so none runs before all are mapped");
}

TEST(Notes, LimitBesideBarriersHasItsReason) {
  EXPECT_EQ(note_limit_beside_barriers("step"),
            "InstanceLimit for `step` has no effect beside tasks that wait for phase barriers: the "
            "tasks in flight could wait for one that is held back");
}

TEST(Notes, RuleThatPutsPointsTogetherHasItsReason) {
  EXPECT_EQ(note_points_together("calc"),
            "the map rule for `calc` does not hold for a concurrent launch, whose points need a "
            "processor each; the default distribution is used (reported once)");
}

TEST(Notes, CollectMemoryWithoutEffectHasItsReason) {
  EXPECT_EQ(note_cannot_collect(kArgument),
            "CollectMemory has no effect on argument 0 of task `t`: its data may hold reductions "
            "of other tasks, which Legion would lose (reported once)");
}

TEST(Notes, LayoutConflictNamesBothOrders) {
  EXPECT_EQ(note_layout_conflict(kArgument, {"AOS C_order", "SOA F_order"}, "m:3:1"),
            "argument 0 of task `t`: the task demands SOA F_order, the rule at m:3:1 asks for AOS "
            "C_order; the task gets what it demands (reported once)");
}

/// 300 bytes that did not fit into the frame buffer.
struct Short {
  Short() { shortage = {&choice, make_memory(kFrameBuffer0, MemoryKind::FbMem), 300}; }
  Short(const Short&) = delete;
  MemoryChoice choice{.kind = MemoryKind::FbMem};
  Shortage shortage;
};

TEST(Notes, WaitingTaskNamesTheFullMemory) {
  EXPECT_EQ(note_waits(kArgument, Short().shortage),
            "argument 0 of task `t`: FBMEM is full, so it waits for 300 bytes that tasks in flight "
            "release (reported once)");
}

TEST(Notes, FallbackNamesBothMemories) {
  EXPECT_EQ(note_fallback(kArgument, Short().shortage, MemoryKind::ZcMem),
            "argument 0 of task `t`: FBMEM is full, 300 bytes go to ZCMEM instead (reported once)");
}

TEST(Notes, FallbackOfATaskThatOnlyYieldsHasNoSize) {
  Short yielded;
  yielded.shortage.bytes = 0;
  EXPECT_EQ(note_fallback(kArgument, yielded.shortage, MemoryKind::ZcMem),
            "argument 0 of task `t`: an older task waits for FBMEM, so ZCMEM is used instead "
            "(reported once)");
}

TEST(Refusals, InstanceThatDoesNotFitNamesMemoryAndRule) {
  const Sample sample("\nRegion t * * FBMEM;");
  Short full;
  full.choice.rule = sample.rules->memories(sample.id("t"), {{}, 0}, ProcessorKind::Gpu)[0].rule;
  const Refusal refusal = refuse_instance(*sample.rules, kArgument, kGpu0, full.shortage, {});
  EXPECT_EQ(refusal.message,
            "out of memory: argument 0 of task `t` needs 300 bytes of FBMEM next to GPU 0 of node "
            "0, which holds 1000 bytes in all and is full");
  EXPECT_EQ(refusal.help,
            "list another memory after it, collect read-only data with CollectMemory, or make the "
            "memory larger (-ll:fsize)");
  EXPECT_EQ(refusal.position, "test.mapping:2:1");
  EXPECT_EQ(refusal.full_memory, MemoryKind::FbMem);
  EXPECT_EQ(refusal.id, "out-of-memory");
  EXPECT_EQ(refusal.bytes, 300U);
  EXPECT_EQ(refusal.capacity, kCapacity);
  EXPECT_TRUE(refusal.holders.empty());
}

TEST(Refusals, LargestHoldersOfAFullMemoryAreListed) {
  const Sample sample("Task t GPU;");
  const Short full;
  const Refusal refusal = refuse_instance(*sample.rules, kArgument, kGpu0, full.shortage,
                                          {{"calc", 1, 3, 600}, {"init", 0, 1, 200}});
  EXPECT_EQ(refusal.message,
            "out of memory: argument 0 of task `t` needs 300 bytes of FBMEM next to GPU 0 of node "
            "0, which holds 1000 bytes in all and is full; the largest live instances: 600 bytes "
            "in 3 for argument 1 of `calc`, 200 bytes in 1 for argument 0 of `init`");
  EXPECT_EQ(refusal.position, "");  // No rule chose the memory.
  ASSERT_EQ(refusal.holders.size(), 2U);
  EXPECT_EQ(refusal.holders[0].task, "calc");
}

TEST(Refusals, HelpNamesTheOptionThatSetsTheCapacity) {
  const Sample sample("Task t GPU;");
  const std::pair<MemoryKind, std::string> options[] = {
      {MemoryKind::FbMem, "(-ll:fsize)"},   {MemoryKind::ZcMem, "(-ll:zsize)"},
      {MemoryKind::RdMem, "(-ll:rsize)"},   {MemoryKind::SockMem, "(-ll:nsize)"},
      {MemoryKind::SysMem, "(-ll:csize)"},  {MemoryKind::RegSockMem, "(-ll:nsize)"},
      {MemoryKind::Virtual, "(-ll:csize)"},
  };
  for (const auto& [kind, option] : options) {
    Short full;
    full.choice.kind = kind;
    const Refusal refusal = refuse_instance(*sample.rules, kArgument, kGpu0, full.shortage, {});
    EXPECT_TRUE(refusal.help.ends_with(option)) << refusal.help;
  }
}

TEST(Refusals, InlineMappingGetsNoAdviceAboutRulesForIt) {
  const Refusal refusal = refuse_inline_mapping(
      "`cells`", "top", make_memory(1, MemoryKind::SysMem, 1000), 800, {{"fill", 0, 1, 600}});
  EXPECT_EQ(refusal.message,
            "out of memory: an inline mapping of `cells` in task `top` needs 800 bytes of SYSMEM, "
            "which holds 1000 bytes in all and is full; the largest live instances: 600 bytes in 1 "
            "for argument 0 of `fill`");
  EXPECT_EQ(refusal.help,
            "no rule reaches inline mappings: make the memory larger (-ll:csize), or keep the data "
            "of other tasks out of it with Region rules");
  EXPECT_EQ(refusal.id, "out-of-memory");
  EXPECT_EQ(refusal.full_memory, MemoryKind::SysMem);
  EXPECT_EQ(refusal.position, "");
}

TEST(Refusals, ImpossibleLayoutNamesTheMemory) {
  const Sample sample("\n\nRegion t * * ZCMEM;");
  MemoryChoice choice{.kind = MemoryKind::ZcMem};
  EXPECT_EQ(refuse_layout(*sample.rules, kArgument, choice).position, "");
  choice.rule = sample.rules->memories(sample.id("t"), {{}, 0}, ProcessorKind::Gpu)[0].rule;
  const Refusal refusal = refuse_layout(*sample.rules, kArgument, choice);
  EXPECT_EQ(refusal.message,
            "argument 0 of task `t` cannot get an instance in ZCMEM: the layout that the mapping "
            "and the task ask for is impossible there");
  EXPECT_EQ(refusal.help, "change the Layout rule for this argument");
  EXPECT_EQ(refusal.position, "test.mapping:3:1");
  EXPECT_EQ(refusal.id, "impossible-layout");
  EXPECT_FALSE(refusal.full_memory);
}

}  // namespace
}  // namespace placewright::decide
