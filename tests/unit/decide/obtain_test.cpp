// SPDX-License-Identifier: Apache-2.0
#include "decide/obtain.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Held {
  uint64_t memory = kFrameBuffer0;
  std::vector<FieldId> fields = {1, 2};
  machine::LaunchDomain bounds = box("0..9");
  bool normal = true;
  std::vector<int> layouts = {0, 1};
};

struct HeldInstances final : Store {
  explicit HeldInstances(std::vector<Held> all) : list(std::move(all)) {}
  [[nodiscard]] uint64_t memory(InstanceId id) const override { return list[id].memory; }
  [[nodiscard]] bool is_normal(InstanceId id) const override { return list[id].normal; }
  [[nodiscard]] bool has_fields(InstanceId id, std::span<const FieldId> fields) const override {
    return std::includes(list[id].fields.begin(), list[id].fields.end(), fields.begin(),
                         fields.end());
  }
  [[nodiscard]] machine::LaunchDomain bounds(InstanceId id) const override {
    return list[id].bounds;
  }
  [[nodiscard]] bool entails(InstanceId id, int choice) const override {
    const auto& layouts = list[id].layouts;
    return std::find(layouts.begin(), layouts.end(), choice) != layouts.end();
  }
  std::vector<Held> list;
};

/// An argument that reads field 1 of the points 2 to 5, in the frame buffer or zero-copy memory.
struct Wanted {
  Wanted() {
    argument.privilege = machine::Privilege::ReadOnly;
    argument.fields = fields;
    choices[0].kind = MemoryKind::FbMem;
    choices[1].kind = MemoryKind::ZcMem;
    choices[1].number = 1;
    usable = {{&choices[0], make_memory(kFrameBuffer0, MemoryKind::FbMem)},
              {&choices[1], make_memory(kZeroCopy, MemoryKind::ZcMem)}};
  }
  Wanted(const Wanted&) = delete;

  [[nodiscard]] bool reuses(const Held& held, size_t where = 0) const {
    return can_reuse(HeldInstances({held}), 0, argument, usable[where], needed);
  }
  [[nodiscard]] Obtaining obtaining(const HeldInstances& store) const {
    return {argument, usable, store, static_cast<InstanceId>(store.list.size()), needed};
  }

  std::vector<FieldId> fields = {1};
  Argument argument;
  MemoryChoice choices[2];
  std::vector<UsableMemory> usable;
  machine::LaunchDomain needed = box("2..5");
};

/// "reuse 0 in FBMEM", "make in ZCMEM" or "none".
std::string text(const std::optional<Action>& action) {
  if (!action) return "none";
  const std::string where(to_string(action->where->choice->kind));
  if (action->kind == Action::Kind::Make) return "make in " + where;
  return "reuse " + std::to_string(action->instance) + " in " + where;
}

/// All actions if none succeeds.
std::vector<std::string> actions(Obtaining obtaining) {
  std::vector<std::string> list;
  while (const auto action = obtaining.next()) list.push_back(text(action));
  return list;
}

TEST(Obtain, ValidInstancesOfAMemoryAreTriedBeforeANewOneThere) {
  const Wanted wanted;
  const HeldInstances store({{kZeroCopy}, {kFrameBuffer0}, {kFrameBuffer0}});
  EXPECT_THAT(actions(wanted.obtaining(store)),
              ElementsAre("reuse 1 in FBMEM", "reuse 2 in FBMEM", "make in FBMEM",
                          "reuse 0 in ZCMEM", "make in ZCMEM"));
}

TEST(Obtain, TheSmallestValidInstanceIsTriedFirst) {
  const Wanted wanted;
  const HeldInstances store({{.bounds = box("0..9")},
                             {.bounds = box("2..5")},
                             {.bounds = box("1..6")},
                             {.bounds = box("2..5")}});
  EXPECT_THAT(actions(wanted.obtaining(store)),
              ElementsAre("reuse 1 in FBMEM", "reuse 3 in FBMEM", "reuse 2 in FBMEM",
                          "reuse 0 in FBMEM", "make in FBMEM", "make in ZCMEM"));
}

TEST(Obtain, WhatIsOverwrittenGetsAnInstanceOfItsSize) {
  Wanted wanted;
  wanted.argument.privilege = machine::Privilege::WriteDiscard;
  EXPECT_FALSE(wanted.reuses({.bounds = box("0..9")}));
  EXPECT_TRUE(wanted.reuses({.bounds = box("2..5")}));
}

TEST(Obtain, NothingIsTriedInMemoriesThatAreNotUsable) {
  Wanted wanted;
  wanted.usable.clear();
  EXPECT_THAT(actions(wanted.obtaining(HeldInstances({Held()}))), IsEmpty());
}

TEST(Obtain, OnlyInstancesNumberedAsValidAreReused) {
  const Wanted wanted;
  const HeldInstances store({Held(), Held()});
  EXPECT_THAT(actions(Obtaining(wanted.argument, wanted.usable, store, 1, wanted.needed)),
              ElementsAre("reuse 0 in FBMEM", "make in FBMEM", "make in ZCMEM"));
}

TEST(Obtain, ArgumentsThatNeedTheirOwnInstanceReuseNone) {
  Wanted wanted;
  wanted.argument.privilege = machine::Privilege::Reduce;
  const HeldInstances store({Held()});
  EXPECT_THAT(actions(wanted.obtaining(store)), ElementsAre("make in FBMEM", "make in ZCMEM"));
  wanted.argument.privilege = machine::Privilege::ReadWrite;
  EXPECT_THAT(actions(wanted.obtaining(store)),
              ElementsAre("reuse 0 in FBMEM", "make in FBMEM", "make in ZCMEM"));
  wanted.argument.collective = true;
  EXPECT_THAT(actions(wanted.obtaining(store)), ElementsAre("make in FBMEM", "make in ZCMEM"));
}

TEST(Obtain, ColocatedArgumentsReuseNone) {
  const Wanted wanted;
  EXPECT_THAT(actions(Obtaining(wanted.argument, wanted.usable)),
              ElementsAre("make in FBMEM", "make in ZCMEM"));
}

TEST(Reuse, InstanceMustBeInTheMemory) {
  const Wanted wanted;
  EXPECT_TRUE(wanted.reuses({}));
  EXPECT_FALSE(wanted.reuses({.memory = kZeroCopy}));
  EXPECT_TRUE(wanted.reuses({.memory = kZeroCopy}, 1));
}

TEST(Reuse, InstanceMustBeNormal) { EXPECT_FALSE(Wanted().reuses({.normal = false})); }

TEST(Reuse, InstanceMustHaveTheFields) {
  EXPECT_FALSE(Wanted().reuses({.fields = {2, 3}}));
  EXPECT_TRUE(Wanted().reuses({.fields = {1}}));
}

TEST(Reuse, InstanceMustCoverThePoints) {
  EXPECT_TRUE(Wanted().reuses({.bounds = box("2..5")}));
  EXPECT_FALSE(Wanted().reuses({.bounds = box("3..5")}));
  EXPECT_FALSE(Wanted().reuses({.bounds = box("2..4")}));
}

TEST(Reuse, InstanceMustHaveAsManyDimensions) {
  EXPECT_FALSE(Wanted().reuses({.bounds = box("0,0..9,9")}));
  Wanted plane;
  plane.needed = box("0,3..1,4");
  EXPECT_TRUE(plane.reuses({.bounds = box("0,0..9,9")}));
  EXPECT_FALSE(plane.reuses({.bounds = box("0,0..9,3")}));
}

TEST(Reuse, TightLayoutNeedsExactlyThePoints) {
  Wanted wanted;
  wanted.choices[0].request.tight = true;
  EXPECT_TRUE(wanted.reuses({.bounds = box("2..5")}));
  EXPECT_FALSE(wanted.reuses({.bounds = box("0..9")}));
}

TEST(Reuse, InstanceMustHaveTheLayoutOfTheChoice) {
  EXPECT_FALSE(Wanted().reuses({.layouts = {1}}));
  EXPECT_TRUE(Wanted().reuses({.memory = kZeroCopy, .layouts = {1}}, 1));
}

TEST(Obtain, ShortageIsTheFirstMemoryThatWasFull) {
  const Wanted wanted;
  const HeldInstances store({});
  Obtaining obtaining = wanted.obtaining(store);
  ASSERT_TRUE(obtaining.next());
  EXPECT_FALSE(obtaining.shortage());
  obtaining.no_room(40);
  ASSERT_TRUE(obtaining.next());
  obtaining.no_room(50);
  EXPECT_FALSE(obtaining.next());
  ASSERT_TRUE(obtaining.shortage());
  EXPECT_EQ(obtaining.shortage()->choice, &wanted.choices[0]);
  EXPECT_EQ(obtaining.shortage()->memory.id, kFrameBuffer0);
  EXPECT_EQ(obtaining.shortage()->bytes, 40U);
  EXPECT_TRUE(obtaining.is_worth_waiting());
}

TEST(Obtain, MemoryThatIsTooSmallIsNotWorthWaitingFor) {
  const Wanted wanted;
  const HeldInstances store({});
  Obtaining obtaining = wanted.obtaining(store);
  ASSERT_TRUE(obtaining.next());
  obtaining.no_room(kCapacity + 1);
  EXPECT_FALSE(obtaining.is_worth_waiting());
  ASSERT_TRUE(obtaining.next());
  obtaining.no_room(kCapacity);
  EXPECT_TRUE(obtaining.is_worth_waiting());
  EXPECT_EQ(obtaining.shortage()->bytes, kCapacity + 1);
}

TEST(Obtain, YieldedMemoryIsWorthWaitingFor) {
  const Wanted wanted;
  Obtaining obtaining(wanted.argument, wanted.usable);
  ASSERT_TRUE(obtaining.next());
  obtaining.no_room(0);
  EXPECT_TRUE(obtaining.is_worth_waiting());
  EXPECT_EQ(obtaining.shortage()->bytes, 0U);
}

/// What a fold tries with these instances, of which instance 0 is in zero-copy memory.
std::vector<std::string> fold_actions(std::vector<size_t> most, size_t turn,
                                      size_t in_frame_buffer) {
  Wanted wanted;
  wanted.argument.privilege = machine::Privilege::Reduce;
  std::vector<Held> held(1 + in_frame_buffer);
  for (Held& each : held) each.normal = false;
  held[0].memory = kZeroCopy;
  held.emplace_back();  // Normal: not for folds.
  const HeldInstances store(std::move(held));
  return actions({wanted.argument, wanted.usable, store, static_cast<InstanceId>(store.list.size()),
                  wanted.needed, Folding{std::move(most), turn}});
}

TEST(Folding, OneMoreInstanceIsMadeUntilThereAreEnough) {
  EXPECT_THAT(fold_actions({2, 1}, 0, 1), ElementsAre("make in FBMEM", "reuse 1 in FBMEM",
                                                      "reuse 0 in ZCMEM", "make in ZCMEM"));
}

TEST(Folding, InstancesAreUsedInTurnBeforeOneIsMade) {
  const auto first = [](size_t turn) { return fold_actions({3, 1}, turn, 3).front(); };
  std::set<std::string> used;
  for (size_t turn = 0; turn < 3; ++turn) used.insert(first(turn));
  EXPECT_EQ(used,
            (std::set<std::string>{"reuse 1 in FBMEM", "reuse 2 in FBMEM", "reuse 3 in FBMEM"}));
  EXPECT_EQ(first(3), first(0));
  EXPECT_EQ(fold_actions({3, 1}, 0, 3)[3], "make in FBMEM");
}

TEST(Folding, OneIsEnoughWhereTheMemoryIsNeeded) {
  EXPECT_EQ(most_fold_instances(8, true), 8U);
  EXPECT_EQ(most_fold_instances(8, false), 1U);
  EXPECT_EQ(most_fold_instances(0, true), 1U);
}

TEST(Folding, PointsThatMapTheDataTogetherDoNotShare) {
  Argument argument;
  argument.privilege = machine::Privilege::Reduce;
  EXPECT_TRUE(shares_folds(argument));
  argument.collective = true;
  EXPECT_FALSE(shares_folds(argument));
  argument = {};
  argument.privilege = machine::Privilege::ReadWrite;
  EXPECT_FALSE(shares_folds(argument));
}

TEST(Making, InstancesAreSharedUnlessTheArgumentNeedsItsOwn) {
  Argument argument;
  argument.privilege = machine::Privilege::ReadWrite;
  EXPECT_EQ(how_to_make(argument, false), Making::FindOrMake);
  EXPECT_EQ(how_to_make(argument, true), Making::Find);
  argument.collective = true;
  EXPECT_EQ(how_to_make(argument, false), Making::MakeOwn);
  argument = {};
  argument.privilege = machine::Privilege::Reduce;
  EXPECT_EQ(how_to_make(argument, false), Making::MakeOwn);
  EXPECT_EQ(how_to_make(argument, true), Making::Nothing);
}

}  // namespace
}  // namespace placewright::decide
