// SPDX-License-Identifier: Apache-2.0
#include "decide/memory_contents.h"

#include <gmock/gmock.h>

#include "samples.h"

namespace placewright::decide {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A memory of 800 bytes: tight from 200, and more than 100 new bytes make a re-check due once it
/// overflows.
const Memory kMemory = make_memory(4, MemoryKind::FbMem, 800);
const Memory kOther = make_memory(9, MemoryKind::ZcMem, 800);

TEST(MemoryContents, QuarterOfAMemoryMakesItTight) {
  MemoryContents contents;
  contents.made(1, kMemory, 199, 7, 0);
  EXPECT_FALSE(contents.is_tight());
  contents.made(2, kOther, 1, 7, 0);
  EXPECT_FALSE(contents.is_tight());
  contents.made(3, kMemory, 1, 7, 0);
  EXPECT_TRUE(contents.is_tight());
}

TEST(MemoryContents, StaysTightAfterInstancesWent) {
  MemoryContents contents;
  contents.made(1, kMemory, 400, 7, 0);
  contents.checked(kMemory.id, {1});
  contents.made(2, kOther, 1, 7, 0);
  EXPECT_TRUE(contents.is_tight());
}

TEST(MemoryContents, CrowdedMeansThatNoFurtherInstanceFits) {
  MemoryContents contents;
  EXPECT_FALSE(contents.is_crowded(kMemory, 10'000));  // Nothing is known yet.
  contents.made(1, kMemory, 400, 7, 0);
  EXPECT_FALSE(contents.is_crowded(kMemory, 400));
  EXPECT_TRUE(contents.is_crowded(kMemory, 401));
  EXPECT_FALSE(contents.is_crowded(kOther, 10'000));  // Nothing of it is known.
  contents.checked(kMemory.id, {1});
  EXPECT_FALSE(contents.is_crowded(kMemory, 800));
}

TEST(MemoryContents, AFurtherInstanceLeavesHalfOrDoesNot) {
  MemoryContents contents;
  const Memory memory = make_memory(1, MemoryKind::SysMem, 1000);
  EXPECT_TRUE(contents.leaves_half(memory, 500));
  EXPECT_FALSE(contents.leaves_half(memory, 501));
  contents.made(1, memory, 400, 0, 0);
  EXPECT_TRUE(contents.leaves_half(memory, 100));
  EXPECT_FALSE(contents.leaves_half(memory, 101));
}

TEST(MemoryContents, NothingIsDueBeforeAMemoryOverflows) {
  MemoryContents contents;
  contents.made(1, kMemory, 800, 7, 0);
  EXPECT_FALSE(contents.any_due());
  EXPECT_THAT(contents.take_due(), IsEmpty());
}

TEST(MemoryContents, OverflowMakesAMemoryDueOnce) {
  MemoryContents contents;
  contents.made(1, kMemory, 700, 7, 0);
  contents.made(2, kOther, 100, 7, 0);
  contents.made(3, kMemory, 101, 7, 0);
  EXPECT_TRUE(contents.any_due());
  EXPECT_THAT(contents.take_due(), ElementsAre(kMemory.id));
  EXPECT_FALSE(contents.any_due());
  EXPECT_THAT(contents.take_due(), IsEmpty());
}

TEST(MemoryContents, AfterARecheckAnEighthMustBeNewToBeDueAgain) {
  MemoryContents contents;
  contents.made(1, kMemory, 900, 7, 0);
  EXPECT_THAT(contents.take_due(), ElementsAre(kMemory.id));
  contents.checked(kMemory.id, {});
  contents.made(2, kMemory, 100, 7, 0);
  EXPECT_FALSE(contents.any_due());
  contents.made(3, kMemory, 1, 7, 0);
  EXPECT_TRUE(contents.any_due());
}

TEST(MemoryContents, ManyInstancesAreDueHoweverSmall) {
  MemoryContents contents;
  for (uint64_t i = 0; i < 1023; ++i) contents.made(i, kMemory, 0, 7, 0);
  EXPECT_FALSE(contents.any_due());
  contents.made(1023, kMemory, 0, 7, 0);
  EXPECT_THAT(contents.take_due(), ElementsAre(kMemory.id));
  // All are still there, so twice as many make it due again.
  contents.checked(kMemory.id, {});
  for (uint64_t i = 1024; i < 2047; ++i) contents.made(i, kMemory, 0, 7, 0);
  EXPECT_FALSE(contents.any_due());
  contents.made(2047, kMemory, 0, 7, 0);
  EXPECT_TRUE(contents.any_due());
}

TEST(MemoryContents, ListsInstancesUntilACheckFindsThemGone) {
  MemoryContents contents;
  EXPECT_THAT(contents.instances(kMemory.id), IsEmpty());
  contents.made(5, kMemory, 10, 7, 0);
  contents.made(3, kMemory, 10, 7, 0);
  contents.made(4, kOther, 10, 7, 0);
  EXPECT_THAT(contents.instances(kMemory.id), ElementsAre(3, 5));
  contents.checked(kMemory.id, {5, 99});  // 99 was never there.
  EXPECT_THAT(contents.instances(kMemory.id), ElementsAre(3));
  EXPECT_THAT(contents.instances(kOther.id), ElementsAre(4));
}

std::vector<std::tuple<uint32_t, unsigned, size_t, uint64_t>> shares(const MemoryContents& contents,
                                                                     uint64_t memory) {
  std::vector<std::tuple<uint32_t, unsigned, size_t, uint64_t>> result;
  for (const auto& share : contents.shares(memory))
    result.emplace_back(share.task, share.argument, share.count, share.bytes);
  return result;
}

TEST(MemoryContents, SharesAreSummedByArgumentTheLargestFirst) {
  MemoryContents contents;
  contents.made(1, kMemory, 10, 7, 0);
  contents.made(2, kMemory, 30, 7, 1);
  contents.made(3, kMemory, 15, 8, 0);
  contents.made(4, kMemory, 5, 8, 0);
  contents.made(5, kOther, 500, 8, 0);
  // Argument 1 of task 7 has 30 bytes, argument 0 of task 8 has 15 + 5, argument 0 of task 7 has 10.
  EXPECT_THAT(
      shares(contents, kMemory.id),
      ElementsAre(std::tuple(7, 1, 1, 30), std::tuple(8, 0, 2, 20), std::tuple(7, 0, 1, 10)));
  EXPECT_THAT(shares(contents, 1234), IsEmpty());
}

TEST(MemoryContents, EqualSharesKeepTheOrderOfTaskAndArgument) {
  MemoryContents contents;
  contents.made(1, kMemory, 10, 9, 0);
  contents.made(2, kMemory, 10, 7, 1);
  contents.made(3, kMemory, 10, 7, 0);
  EXPECT_THAT(
      shares(contents, kMemory.id),
      ElementsAre(std::tuple(7, 0, 1, 10), std::tuple(7, 1, 1, 10), std::tuple(9, 0, 1, 10)));
}

}  // namespace
}  // namespace placewright::decide
