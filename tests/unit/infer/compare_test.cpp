// SPDX-License-Identifier: Apache-2.0
#include "infer/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::infer {
namespace {

using testing::ElementsAre;

ObservedTask mapped(int64_t point, int ordinal, machine::MemoryKind memory) {
  ObservedTask task;
  task.name = "calc";
  task.depth = 1;
  task.point = machine::DomainPoint{1, {point}};
  task.domain = {{1, {0}}, {1, {1}}};
  task.place = {0, ordinal};
  task.arguments = {{memory, machine::DataOrder{}}, {}};
  return task;
}

TEST(Compare, FindsEqualDecisionsInAnyOrder) {
  const std::vector<ObservedTask> wanted = {mapped(0, 0, machine::MemoryKind::SysMem),
                                            mapped(1, 1, machine::MemoryKind::SysMem),
                                            mapped(0, 0, machine::MemoryKind::ZcMem)};
  const std::vector<ObservedTask> found = {wanted[2], wanted[1], wanted[0]};
  const Agreement agreement = compare(wanted, found);
  EXPECT_TRUE(agreement.is_complete());
  EXPECT_EQ(agreement.processors.total, 3U);
  EXPECT_EQ(agreement.memories.total, 3U);
  EXPECT_EQ(agreement.layouts.total, 3U);
}

TEST(Compare, NamesWhatDiffers) {
  const std::vector<ObservedTask> wanted = {mapped(0, 0, machine::MemoryKind::SysMem),
                                            mapped(1, 1, machine::MemoryKind::SysMem)};
  const std::vector<ObservedTask> found = {mapped(0, 1, machine::MemoryKind::ZcMem)};
  const Agreement agreement = compare(wanted, found);
  EXPECT_FALSE(agreement.is_complete());
  EXPECT_EQ(agreement.processors.equal, 0U);
  EXPECT_EQ(agreement.memories.equal, 0U);
  EXPECT_EQ(agreement.layouts.equal, 1U);
  EXPECT_THAT(agreement.differences, ElementsAre("`calc` 0: CPU 1 of node 0, not CPU 0 of node 0",
                                                 "`calc` 0 argument 0: ZCMEM, not SYSMEM",
                                                 "`calc` 1: did not run, not CPU 1 of node 0",
                                                 "`calc` 1 argument 0: none, not SYSMEM",
                                                 "`calc` 1 argument 0: none, not SOA F_order"));
}

TEST(Compare, TopLevelTasksAndShardsDoNotCount) {
  ObservedTask top = mapped(0, 0, machine::MemoryKind::SysMem);
  top.depth = 0;
  ObservedTask shard = mapped(0, 0, machine::MemoryKind::SysMem);
  shard.is_shard = true;
  const std::vector<ObservedTask> wanted = {top, shard, mapped(1, 1, machine::MemoryKind::SysMem)};
  const std::vector<ObservedTask> found = {mapped(1, 1, machine::MemoryKind::SysMem)};
  const Agreement agreement = compare(wanted, found);
  EXPECT_TRUE(agreement.is_complete());
  EXPECT_EQ(agreement.processors.total, 1U);
}

}  // namespace
}  // namespace placewright::infer
