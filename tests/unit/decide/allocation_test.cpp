// SPDX-License-Identifier: Apache-2.0
// What is asked for every point of a launch allocates nothing once it is known.
#include <gtest/gtest.h>

#include "../policy/counted_new.h"
#include "decide/defaults.h"
#include "decide/folded_data.h"
#include "decide/obtain.h"
#include "decide/processors.h"
#include "decide/waiting_tasks.h"
#include "policy/compiled_rules.h"
#include "samples.h"

namespace placewright::decide {
namespace {

constexpr ProcessorKind kCpu = ProcessorKind::Cpu;
constexpr ProcessorKind kGpu = ProcessorKind::Gpu;

/// Allocations of ten calls after a first one.
template <class Look>
int64_t allocations(const Look& look) {
  look();
  const int64_t before = allocation_count();
  for (int i = 0; i < 10; ++i) look();
  return allocation_count() - before;
}

constexpr const char* kMapping =
    "m = Machine(GPU);"
    "def block(Task task) { return m[task.ipoint[0] / 2, task.ipoint[0] % 2]; }"
    "Task t GPU,CPU; IndexTaskMap t block; InstanceLimit t 2; Priority GPU 3; CollectMemory t *;"
    "Region t * * FBMEM,VIRTUAL,ZCMEM; Layout t * * SOA C_order;";

class Allocation : public testing::Test {
 protected:
  Allocation() {
    argument.privilege = machine::Privilege::ReadOnly;
    argument.fields = fields;
    argument.names = names;
  }
  const ArgumentPlan& plan() {
    return planner.plans(setting, {.kind = kGpu}, rules.id, argument, source).front();
  }

  const Sample sample{kMapping};
  const Setting setting = sample.setting();
  const TaskRules rules = look_up(setting, make_task("t"));
  const LaunchInfo launch = index_launch("0..3");
  const std::vector<FieldId> fields = {1, 3};
  const std::vector<policy::RegionId> names = {sample.rules->region("r")};
  Argument argument;
  SampleSource source;
  Planner planner;
};

TEST_F(Allocation, CounterCounts) {
  EXPECT_EQ(allocations([] { (void)std::make_unique<int>(); }), 10);
}

TEST_F(Allocation, PlaceOfAPointNeedsNone) {
  EXPECT_EQ(allocations([&] {
              const auto placed =
                  place_index_launch(setting, rules, launch, kGpu, false,
                                     [](const policy::LaunchPlacement&) { return true; });
              for (int64_t x = 0; x < 4; ++x)
                EXPECT_EQ(placed->placement->at({1, {x}}).node, x / 2);
            }),
            0);
}

TEST_F(Allocation, PlaceOfAPointByCompiledRulesNeedsNone) {
  policy::RuleList list;
  list.maps = {{{{1, 2}}, true, {0}}};
  const policy::CompiledRules compiled(
      "m", list, {},
      {{"f",
        {},
        [](const machine::LaunchFacts&,
           const machine::DomainPoint& point) -> Result<policy::FunctionResult> {
          return policy::FunctionResult{kGpu, static_cast<int32_t>(point.at[0]) / 2, {0}};
        },
        {}}});
  const Setting other{compiled, sample.machine};
  const TaskRules task = look_up(other, make_task("t"));
  EXPECT_EQ(allocations([&] {
              const auto placed =
                  place_index_launch(other, task, launch, kGpu, false,
                                     [](const policy::LaunchPlacement&) { return true; });
              EXPECT_EQ(placed->placement->at({1, {3}}).node, 1);
            }),
            0);
}

TEST_F(Allocation, KindLimitAndPriorityNeedNone) {
  EXPECT_EQ(allocations([&] {
              EXPECT_EQ(choose_kind(rules, setting.machine.shape(), 0, false, false), kGpu);
              EXPECT_EQ(choose_kind(rules, setting.machine.shape(), 0, true, false), kGpu);
              EXPECT_EQ(effective_limit(rules, launch, kGpu), 2);
              EXPECT_FALSE(is_limit_without_effect(rules, launch, kGpu));
              EXPECT_EQ(choose_priority(*sample.rules, rules, kGpu), 3);
              EXPECT_EQ(default_variant(rules.facts, kGpu)->id, 2U);
            }),
            0);
}

TEST_F(Allocation, ProcessorsOfAPointNeedNone) {
  Machine sockets(machine::MachineShape::parse("nodes=1,CPU=2").value());
  for (int i = 0; i < 2; ++i)
    sockets.describe({kCpu, 0, i}, {{make_memory(1, MemoryKind::SockMem), 1, 0}});
  const Setting unruled{*sample.rules, sockets};
  const TaskRules other = look_up(unruled, make_task("other"));
  const std::vector<int32_t> ordinals = {1, 0};
  const policy::Target target{0, ordinals};
  EXPECT_EQ(allocations([&] {
              EXPECT_EQ(choose_processors(setting, rules, launch, false, kGpu0, 0, target).how,
                        TargetProcessors::How::Rule);
              EXPECT_EQ(choose_processors(unruled, other, launch, false, kCpu0, 0, {}).how,
                        TargetProcessors::How::WholeNode);
              EXPECT_EQ(choose_processors(setting, rules, launch, true, kGpu0, 0, {}).how,
                        TargetProcessors::How::Target);
            }),
            0);
}

TEST_F(Allocation, PlanThatIsKnownNeedsNone) {
  EXPECT_EQ(allocations([&] {
              EXPECT_EQ(plan().choices.size(), 3U);
              const MemoryChoice& other =
                  planner.fallback(setting, plan(), rules.id, argument, MemoryKind::SysMem);
              EXPECT_EQ(other.kind, MemoryKind::SysMem);
            }),
            0);
}

TEST_F(Allocation, UsableMemoriesNeedNoneInAListWithRoom) {
  Variant inner = make_variant(2, kGpu, /*leaf=*/false);
  std::vector<UsableMemory> usable;
  EXPECT_EQ(allocations([&] {
              list_usable(setting, plan(), inner, argument, kGpu0, usable);
              EXPECT_EQ(usable.size(), 3U);
              EXPECT_FALSE(is_virtual(inner, argument, *usable.front().choice));
              drop_from_first_virtual(usable);
              EXPECT_EQ(usable.size(), 1U);
            }),
            0);
}

/// Two instances in the frame buffer, of which the second has the fields.
struct TwoInstances final : Store {
  [[nodiscard]] uint64_t memory(InstanceId) const override { return kFrameBuffer0; }
  [[nodiscard]] bool is_normal(InstanceId) const override { return true; }
  [[nodiscard]] bool has_fields(InstanceId id, std::span<const FieldId>) const override {
    return id == 1;
  }
  [[nodiscard]] machine::LaunchDomain bounds(InstanceId) const override {
    return {{1, {0}}, {1, {99}}};
  }
  [[nodiscard]] bool entails(InstanceId, int) const override { return true; }
};

TEST_F(Allocation, ReuseOfAnInstanceNeedsNone) {
  std::vector<UsableMemory> usable;
  list_usable(setting, plan(), rules.facts.variants[1], argument, kGpu0, usable);
  const TwoInstances store;
  const machine::LaunchDomain needed = box("10..19");
  EXPECT_EQ(allocations([&] {
              Obtaining obtaining(argument, usable, store, 2, needed);
              const auto action = obtaining.next();
              EXPECT_EQ(action->kind, Action::Kind::Reuse);
              EXPECT_EQ(action->instance, 1U);
              EXPECT_EQ(how_to_make(argument, false), Making::FindOrMake);
            }),
            0);
}

TEST_F(Allocation, CollectionNeedsNone) {
  FoldedData folds;
  folds.copied({7, fields});
  EXPECT_EQ(allocations([&] {
              const bool may_hold = folds.may_hold_folds({5, fields}, false);
              EXPECT_EQ(decide_collection(machine::Privilege::ReadOnly, plan().collects, false,
                                          may_hold, false),
                        Collection::Collect);
            }),
            0);
}

TEST_F(Allocation, NobodyWhoWaitsNeedsNone) {
  const WaitingTasks waiting;
  const uint64_t memory = kFrameBuffer0;
  EXPECT_EQ(allocations([&] {
              EXPECT_FALSE(waiting.must_yield({1, 0, 4}, {&memory, 1}));
              EXPECT_FALSE(waiting.anyone_waits());
              EXPECT_TRUE(may_wait(launch, false));
            }),
            0);
}

}  // namespace
}  // namespace placewright::decide
