// SPDX-License-Identifier: Apache-2.0
#include "decide/fold_instances.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FoldInstances::Fold fold(ReductionId reduction, std::vector<FieldId> fields = {1},
                         std::string_view bounds = "0..9", uint64_t space = 1) {
  return {7, space, reduction, std::move(fields), box(bounds)};
}

TEST(FoldInstances, FurtherTasksOfTheReductionMayUseThem) {
  FoldInstances folds;
  EXPECT_THAT(folds.usable(fold(1)), IsEmpty());
  folds.made(fold(1), 10);
  folds.made(fold(1), 11);
  EXPECT_THAT(folds.usable(fold(1)), ElementsAre(10, 11));
  EXPECT_THAT(folds.usable(fold(1, {2})), IsEmpty());
  EXPECT_THAT(folds.usable(fold(1, {1}, "0..4", 2)), IsEmpty());
}

TEST(FoldInstances, AnotherReductionOfTheDataEndsTheirUse) {
  FoldInstances folds;
  folds.made(fold(1), 10);
  EXPECT_THAT(folds.usable(fold(2)), IsEmpty());
  EXPECT_THAT(folds.usable(fold(1)), IsEmpty());
  // A part of the data is enough.
  folds.made(fold(1), 10);
  EXPECT_THAT(folds.usable(fold(2, {1}, "8..12", 2)), IsEmpty());
  EXPECT_THAT(folds.usable(fold(1)), IsEmpty());
}

TEST(FoldInstances, AnotherReductionOfOtherDataChangesNothing) {
  FoldInstances folds;
  folds.made(fold(1), 10);
  EXPECT_THAT(folds.usable(fold(2, {2})), IsEmpty());
  EXPECT_THAT(folds.usable(fold(2, {1}, "10..19", 2)), IsEmpty());
  FoldInstances::Fold elsewhere = fold(2);
  elsewhere.tree = 8;
  EXPECT_THAT(folds.usable(elsewhere), IsEmpty());
  EXPECT_THAT(folds.usable(fold(1)), ElementsAre(10));
}

TEST(FoldInstances, OneThatIsGoneIsForgotten) {
  FoldInstances folds;
  folds.made(fold(1), 10);
  folds.made(fold(1), 11);
  folds.gone(fold(1), 10);
  EXPECT_THAT(folds.usable(fold(1)), ElementsAre(11));
}

TEST(FoldInstances, EverNewRegionsDoNotFillTheTable) {
  FoldInstances folds;
  for (uint64_t space = 0; space < 5000; ++space) folds.made(fold(1, {1}, "0..9", space), space);
  EXPECT_THAT(folds.usable(fold(1, {1}, "0..9", 100)), IsEmpty());
  EXPECT_THAT(folds.usable(fold(1, {1}, "0..9", 4999)), ElementsAre(4999));
}

}  // namespace
}  // namespace placewright::decide
