// SPDX-License-Identifier: Apache-2.0
#include "decide/memories.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// What a GPU task `t` with one read-only argument can use.
struct Uses {
  explicit Uses(const std::string& text) : sample(text), setting(sample.setting()) {
    argument.privilege = machine::Privilege::ReadOnly;
    variant.leaf = false;
  }
  const ArgumentPlan& plan() {
    return planner.plans(setting, {.kind = target.kind}, sample.id("t"), argument, source).front();
  }
  std::vector<UsableMemory> usable() {
    std::vector<UsableMemory> list(3);  // What was in it does not count.
    list_usable(setting, plan(), variant, argument, target, list);
    return list;
  }
  std::vector<uint64_t> ids() {
    std::vector<uint64_t> result;
    for (const UsableMemory& each : usable()) result.push_back(each.memory.id);
    return result;
  }
  Unusable why(size_t choice) {
    return why_unusable(setting, plan(), plan().choices[choice], variant, argument, target);
  }
  bool only_unseen(const char* task = "t") {
    return lists_only_unseen_memories(setting, look_up(setting, make_task(task)), plan());
  }

  Sample sample;
  Setting setting;
  Planner planner;
  SampleSource source;
  Variant variant = make_variant(2, ProcessorKind::Gpu);
  Argument argument;
  ProcessorPlace target = kGpu0;
};

TEST(Memories, EveryMemoryInReachIsUsableInOrder) {
  Uses uses("Region t * * ZCMEM,SYSMEM,FBMEM;");
  EXPECT_THAT(uses.ids(), ElementsAre(kZeroCopy, kFrameBuffer0));
  EXPECT_EQ(uses.usable()[1].choice, &uses.plan().choices[2]);
  EXPECT_EQ(uses.why(0), Unusable::None);
  EXPECT_EQ(uses.why(1), Unusable::OutOfReach);
  uses.target = {ProcessorKind::Gpu, 1, 1};
  EXPECT_THAT(uses.ids(), ElementsAre(kNodeIds + kZeroCopy, kNodeIds + kFrameBuffer1));
}

TEST(Memories, NothingIsUsableWithoutRules) {
  Uses uses("Region u * * FBMEM;");
  EXPECT_THAT(uses.usable(), IsEmpty());
}

TEST(Memories, DemandedKindLeavesTheOthersOut) {
  Uses uses("Region t * * FBMEM,ZCMEM;");
  uses.source.wanted = {{{}, raw(MemoryKind::ZcMem)}};
  EXPECT_THAT(uses.ids(), ElementsAre(kZeroCopy));
  EXPECT_EQ(uses.why(0), Unusable::NotDemanded);
  EXPECT_EQ(uses.why(1), Unusable::None);
}

TEST(Memories, PublishedSystemUsesTheFirstOnly) {
  Uses uses("Region t * * SYSMEM,ZCMEM,FBMEM;");
  uses.setting.as_published = true;
  EXPECT_THAT(uses.ids(), ElementsAre(kZeroCopy));
}

TEST(Memories, VirtualHasNoMemory) {
  Uses uses("Region t * * VIRTUAL,FBMEM;");
  EXPECT_THAT(uses.ids(), ElementsAre(0, kFrameBuffer0));
  EXPECT_EQ(uses.why(0), Unusable::None);
}

TEST(Memories, VirtualNeedsAnExclusiveArgumentThatATaskWithSubtasksDoesNotFold) {
  Uses uses("Region t * * VIRTUAL,FBMEM;");
  Argument shared = uses.argument;
  shared.exclusive = false;
  Argument folded = uses.argument;
  folded.privilege = machine::Privilege::Reduce;
  const Variant leaf = make_variant(2, ProcessorKind::Gpu);
  EXPECT_TRUE(may_be_virtual(uses.variant, uses.argument));
  EXPECT_FALSE(may_be_virtual(leaf, uses.argument));
  EXPECT_FALSE(may_be_virtual(uses.variant, shared));
  EXPECT_FALSE(may_be_virtual(uses.variant, folded));
  uses.variant = leaf;
  EXPECT_THAT(uses.ids(), ElementsAre(kFrameBuffer0));
  EXPECT_EQ(uses.why(0), Unusable::NotPossible);
}

TEST(Memories, RulesForTheTaskThatListOnlyUnseenMemoriesAreAMistake) {
  EXPECT_TRUE(Uses("Region t * * SYSMEM,RDMEM;").only_unseen());
  EXPECT_TRUE(Uses("Region t,u * * SYSMEM;").only_unseen());
}

TEST(Memories, StarRulesThatListOnlyUnseenMemoriesAreNot) {
  EXPECT_FALSE(Uses("Region * * * SYSMEM;").only_unseen());
  EXPECT_FALSE(Uses("Region u * * SYSMEM; Region * * * SYSMEM;").only_unseen());
  EXPECT_FALSE(Uses("Region u * * SYSMEM;").only_unseen());
}

TEST(Memories, ListsWithVirtualOrADemandedMemoryAreNoMistakeOfTheMapping) {
  EXPECT_FALSE(Uses("Region t * * SYSMEM,VIRTUAL;").only_unseen());
  Uses demanded("Region t * * SYSMEM;");
  demanded.source.wanted = {{{}, raw(MemoryKind::SysMem)}};
  EXPECT_FALSE(demanded.only_unseen());
  Uses published("Region t * * SYSMEM;");
  published.setting.as_published = true;
  EXPECT_FALSE(published.only_unseen());
}

TEST(Memories, RefusalOfUnseenMemoriesListsThem) {
  Uses uses("\nRegion t * * SYSMEM,RDMEM;");
  const Refusal refusal =
      refuse_unseen_memories(uses.setting, uses.plan(), uses.target, "argument 0 of task `t`");
  EXPECT_EQ(refusal.message,
            "no memory listed for argument 0 of task `t` can be used by GPU 0 of node 0: the rules "
            "list SYSMEM, RDMEM");
  EXPECT_EQ(refusal.help, "the machine is nodes=2,CPU=2,GPU=2");
  EXPECT_EQ(refusal.position, "test.mapping:2:1");
  EXPECT_EQ(refusal.id, "unaddressable-memory");
  EXPECT_FALSE(refusal.full_memory);
}

TEST(Memories, RefusalOfADemandedMemoryBlamesNoRule) {
  const Refusal refusal = refuse_demanded_memory("argument 1 of task `t`", kGpu0);
  EXPECT_EQ(refusal.message,
            "GPU 0 of node 0 cannot use the kind of memory that the task's variant demands for "
            "argument 1 of task `t`");
  EXPECT_EQ(refusal.help, "map the task to a kind of processor that has such a memory");
  EXPECT_EQ(refusal.position, "");
  EXPECT_EQ(refusal.id, "");
}

TEST(Memories, InnerTasksWithExclusiveArgumentsAreAllVirtual) {
  Variant inner = make_variant(1, ProcessorKind::Cpu);
  EXPECT_FALSE(maps_all_virtually(inner, true));
  inner.inner = true;
  EXPECT_TRUE(maps_all_virtually(inner, true));
  EXPECT_FALSE(maps_all_virtually(inner, false));
}

TEST(Memories, MemoriesAfterAVirtualOneAreDropped) {
  Uses uses("Region t * * FBMEM,VIRTUAL,ZCMEM;");
  std::vector<UsableMemory> usable = uses.usable();
  ASSERT_EQ(usable.size(), 3U);
  drop_from_first_virtual(usable);
  ASSERT_EQ(usable.size(), 1U);
  EXPECT_EQ(usable[0].memory.id, kFrameBuffer0);
  drop_from_first_virtual(usable);
  EXPECT_EQ(usable.size(), 1U);
}

TEST(Memories, ArgumentIsVirtualIfItsFirstChoiceIs) {
  Uses uses("Region t * * VIRTUAL,FBMEM;");
  const auto& choices = uses.plan().choices;
  EXPECT_TRUE(is_virtual(uses.variant, uses.argument, choices[0]));
  EXPECT_FALSE(is_virtual(uses.variant, uses.argument, choices[1]));
}

TEST(Memories, LaunchersWishForAVirtualInstanceCountsWhereNoRuleDoes) {
  Uses uses("Region t * * FBMEM;");
  uses.argument.wishes.virtual_instance = true;
  const MemoryChoice ruled = uses.plan().choices[0];
  MemoryChoice unruled = ruled;
  unruled.rule = {};
  EXPECT_TRUE(is_virtual(uses.variant, uses.argument, unruled));
  EXPECT_FALSE(is_virtual(uses.variant, uses.argument, ruled));
  EXPECT_FALSE(is_virtual(make_variant(2, ProcessorKind::Gpu), uses.argument, unruled));
  uses.argument.wishes.virtual_instance = false;
  EXPECT_FALSE(is_virtual(uses.variant, uses.argument, unruled));
}

TEST(Memories, LaunchMayBeVirtualAsItsVariantsRulesAndWishesSay) {
  const Sample plain("Region * * * SYSMEM;");
  const Sample with_virtual("Region other * * VIRTUAL;");
  TaskFacts task = make_task("t");
  // Leaves never are.
  EXPECT_FALSE(launch_may_be_virtual(with_virtual.setting(), task, true));
  task.variants[0].leaf = false;
  EXPECT_FALSE(launch_may_be_virtual(plain.setting(), task, false));
  EXPECT_TRUE(launch_may_be_virtual(plain.setting(), task, true));
  EXPECT_TRUE(launch_may_be_virtual(with_virtual.setting(), task, false));
  task.variants[0].inner = true;
  EXPECT_TRUE(launch_may_be_virtual(plain.setting(), task, false));
}

TEST(Memories, WaitingTaskClaimsEachRealMemoryOnce) {
  const auto in = [](uint64_t memory) { return UsableMemory{nullptr, Memory{.id = memory}}; };
  const std::vector<UsableMemory> first = {in(kFrameBuffer0), in(kZeroCopy)};
  const std::vector<UsableMemory> second = {{}, in(kZeroCopy), in(kFrameBuffer1)};
  std::vector<uint64_t> claims;
  add_claims(first, claims);
  add_claims(second, claims);
  EXPECT_THAT(claims, ElementsAre(kFrameBuffer0, kZeroCopy, kFrameBuffer1));
}

TEST(Argument, InstanceIsNeededForDataThatIsUsed) {
  Argument argument;
  EXPECT_FALSE(needs_instance(argument));
  argument.privilege = machine::Privilege::ReadOnly;
  EXPECT_TRUE(needs_instance(argument));
  argument.has_data = false;
  EXPECT_FALSE(needs_instance(argument));
}

TEST(Argument, FoldsAndCollectiveWritesNeedInstancesOfTheirOwn) {
  Argument argument;
  for (const machine::Privilege privilege :
       {machine::Privilege::None, machine::Privilege::ReadOnly, machine::Privilege::ReadWrite}) {
    argument.privilege = privilege;
    EXPECT_FALSE(needs_own_instance(argument));
  }
  argument.privilege = machine::Privilege::Reduce;
  EXPECT_TRUE(needs_own_instance(argument));
  argument.collective = true;
  EXPECT_TRUE(needs_own_instance(argument));
  argument.privilege = machine::Privilege::ReadWrite;
  EXPECT_TRUE(needs_own_instance(argument));
  argument.privilege = machine::Privilege::ReadOnly;
  EXPECT_FALSE(needs_own_instance(argument));
}

}  // namespace
}  // namespace placewright::decide
