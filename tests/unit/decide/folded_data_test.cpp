// SPDX-License-Identifier: Apache-2.0
#include "decide/folded_data.h"

#include <gtest/gtest.h>

#include <vector>

namespace placewright::decide {
namespace {

const std::vector<FieldId> kOne = {1};
const std::vector<FieldId> kTwo = {2};
const std::vector<FieldId> kBoth = {1, 2};

bool holds(const FoldedData& folds, uint32_t tree, const std::vector<FieldId>& fields) {
  return folds.may_hold_folds({tree, fields}, /*from_elsewhere=*/false);
}

TEST(FoldedData, ReductionLeavesFoldsInItsFields) {
  FoldedData folds;
  EXPECT_TRUE(folds.empty());
  folds.launched({5, kOne}, machine::Privilege::Reduce, /*nests=*/false);
  EXPECT_FALSE(folds.empty());
  EXPECT_TRUE(holds(folds, 5, kOne));
  EXPECT_TRUE(holds(folds, 5, kBoth));
  EXPECT_FALSE(holds(folds, 5, kTwo));
  EXPECT_FALSE(holds(folds, 6, kOne));
}

TEST(FoldedData, ReadsAndWritesOfTasksWithInstancesLeaveNone) {
  FoldedData folds;
  folds.launched({5, kOne}, machine::Privilege::ReadOnly, false);
  folds.launched({5, kOne}, machine::Privilege::ReadWrite, false);
  folds.launched({5, kOne}, machine::Privilege::None, false);
  EXPECT_TRUE(folds.empty());
  EXPECT_FALSE(holds(folds, 5, kOne));
}

TEST(FoldedData, WritesOfATaskThatMayBeVirtualMayBeItsSubtasksFolds) {
  FoldedData folds;
  folds.launched({5, kOne}, machine::Privilege::ReadOnly, /*nests=*/true);
  EXPECT_TRUE(folds.empty());
  folds.launched({5, kOne}, machine::Privilege::ReadWrite, /*nests=*/true);
  EXPECT_TRUE(holds(folds, 5, kOne));
}

TEST(FoldedData, ReducingCopyLeavesFolds) {
  FoldedData folds;
  folds.copied({5, kTwo});
  EXPECT_TRUE(holds(folds, 5, kTwo));
}

TEST(FoldedData, VirtualDataOfAnotherProcessMayHoldFolds) {
  FoldedData folds;
  folds.mapped_virtually({5, kOne}, /*from_elsewhere=*/false);
  EXPECT_TRUE(folds.empty());
  folds.mapped_virtually({5, kOne}, /*from_elsewhere=*/true);
  EXPECT_TRUE(holds(folds, 5, kOne));
}

TEST(FoldedData, NothingIsKnownOfTasksFromElsewhere) {
  EXPECT_TRUE(FoldedData().may_hold_folds({5, kOne}, /*from_elsewhere=*/true));
}

/// Asks for a read-only argument that is not as published.
Collection collects(bool rule, bool is_in_the_way, bool may_hold_folds) {
  return decide_collection(machine::Privilege::ReadOnly, rule, is_in_the_way, may_hold_folds,
                           false);
}

TEST(Collection, RuleCollectsReadOnlyArguments) {
  EXPECT_EQ(collects(true, false, false), Collection::Collect);
  EXPECT_EQ(collects(false, false, false), Collection::Keep);
  for (const machine::Privilege privilege :
       {machine::Privilege::None, machine::Privilege::ReadWrite, machine::Privilege::Reduce}) {
    for (const bool as_published : {false, true})
      EXPECT_EQ(decide_collection(privilege, true, true, false, as_published), Collection::Keep);
  }
}

TEST(Collection, InstanceInTheWayIsCollectedWithoutARule) {
  EXPECT_EQ(collects(false, true, false), Collection::Collect);
}

TEST(Collection, DataThatMayHoldFoldsIsKeptAndARuleIsToldSo) {
  EXPECT_EQ(collects(true, false, true), Collection::CannotCollect);
  EXPECT_EQ(collects(true, true, true), Collection::CannotCollect);
  EXPECT_EQ(collects(false, true, true), Collection::Keep);
  EXPECT_EQ(collects(false, false, true), Collection::Keep);
}

TEST(Collection, PublishedSystemFollowsTheRuleAlone) {
  EXPECT_EQ(decide_collection(machine::Privilege::ReadOnly, true, false, true, true),
            Collection::Collect);
  EXPECT_EQ(decide_collection(machine::Privilege::ReadOnly, false, true, false, true),
            Collection::Keep);
}

}  // namespace
}  // namespace placewright::decide
