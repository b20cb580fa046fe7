// SPDX-License-Identifier: Apache-2.0
#include "explain/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace placewright::explain {
namespace {

using testing::Contains;
using testing::ElementsAre;

FindingKind kind_of(std::string_view error) {
  const auto found = look_up(error);
  EXPECT_TRUE(found.has_value()) << error;
  return found ? found->kind : FindingKind::Crash;
}

TEST(Catalogue, PatternsAreAnchoredAtBothEnds) {
  EXPECT_TRUE(match("a % c", "a b c").has_value());
  EXPECT_FALSE(match("a % c", "x a b c").has_value());
  EXPECT_FALSE(match("a % c", "a b c d").has_value());
  EXPECT_FALSE(match("plain", "plain text").has_value());
  EXPECT_THAT(*match("%: % of %", "x: 3 of 7"), ElementsAre("x", "3", "7"));
  EXPECT_THAT(*match("in % (%)%", "in 1e (SYSTEM_MEM) and more"),
              ElementsAre("1e", "SYSTEM_MEM", " and more"));
}

TEST(Catalogue, ReadsTheDefaultMappersAllocationFailure) {
  // As Legion 25.12 writes it, with its two blanks.
  const auto found = look_up(
      "Default mapper failed allocation of size 4000 bytes for region  requirement 0 of task "
      "init_piece (UID 74) in memory 1e00000000000000 (SYSTEM_MEM) for processor 1d00000000000001 "
      "(LOC_PROC). This means the working set of your application is too big for the allotted "
      "capacity of the given memory under the default mapper's mapping scheme.");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->kind, FindingKind::OutOfMemory);
  EXPECT_THAT(found->facts,
              ElementsAre(Fact{"bytes", "4000"}, Fact{"argument", "0"}, Fact{"task", "init_piece"},
                          Fact{"memory", "SYSTEM_MEM"}, Fact{"processor", "LOC_PROC"}));
}

TEST(Catalogue, KnowsTheOtherFormsOfFullMemory) {
  for (const char* error :
       {"Default mapper failed allocation of size 8 bytes for region requirement of inline mapping "
        "in task f (UID 3) in memory 1e (GPU_FB_MEM) for processor 1d (TOC_PROC). This means",
        "Failed to allocate DeferredBuffer/Value/Reduction of 8 bytes in leaf task f",
        "Failed to reserve a dynamic memory pool of 100 bytes during trace replay",
        "Failed to allocate 8 bytes on memory 1e (of kind SYSTEM_MEM) for x of f (UID 3)",
        "instance allocation failed - out of memory in mem 1e"})
    EXPECT_EQ(kind_of(error), FindingKind::OutOfMemory) << error;
}

TEST(Catalogue, KnowsProcessorsLayoutsAndMemories) {
  EXPECT_EQ(kind_of("Default mapper was unable to find any variants for task f. The application "
                    "must register at least one variant for all task kinds."),
            FindingKind::NoUsableProcessor);
  EXPECT_EQ(kind_of("Failed to find any valid variants for task f on the current machine. All "
                    "variants (f) for this task are for processor kinds which are not present on "
                    "this machine."),
            FindingKind::NoUsableProcessor);
  EXPECT_EQ(
      kind_of("Invalid mapper output. Mapper m selected variant 3 for task f (ID 7). However, "
              "this variant does not permit running on processors of kind TOC_PROC."),
      FindingKind::NoUsableProcessor);
  const auto layout = look_up(
      "Invalid mapper output. Mapper m selected variant 3 for task f (ID 7). But instance selected "
      "for region requirement 2 fails to satisfy the corresponding Ordering layout constraint.");
  ASSERT_TRUE(layout.has_value());
  EXPECT_EQ(layout->kind, FindingKind::LayoutViolation);
  EXPECT_THAT(layout->facts, Contains(Fact{"constraint", "Ordering"}));
  EXPECT_EQ(kind_of("Invalid mapper output from invocation of 'map_task' on mapper m. Mapper "
                    "selected an instance for region requirement 0 in memory 1e which is not "
                    "visible from the target processors for f (ID 7)."),
            FindingKind::UnusableMemory);
}

// As Legion 25.12 wrote both in runs, the second without a blank.
TEST(Catalogue, KnowsProcessorsAndLayoutsOfTheCurrentLegion) {
  const auto variant = look_up(
      "Invalid mapper output. Mapper impossible selected variant multiply for multiply (UID: 9). "
      "However, this variant does not permit running on 4 processors.");
  ASSERT_TRUE(variant.has_value());
  EXPECT_EQ(variant->kind, FindingKind::NoUsableProcessor);
  EXPECT_THAT(variant->facts, Contains(Fact{"task", "multiply"}));
  const auto layout = look_up(
      "Invalid mapper output. Mapper placewrightselected variant task_4 for task_4 (UID: 189), but "
      "instance selected for region requirement 2 fails to satisfy the corresponding Ordering "
      "layout constraint.");
  ASSERT_TRUE(layout.has_value());
  EXPECT_EQ(layout->kind, FindingKind::LayoutViolation);
  EXPECT_THAT(layout->facts, Contains(Fact{"task", "task_4"}));
  EXPECT_THAT(layout->facts, Contains(Fact{"argument", "2"}));
  EXPECT_THAT(layout->facts, Contains(Fact{"constraint", "Ordering"}));
}

TEST(Catalogue, KnowsSlicesAndShards) {
  // As Legion 25.12 wrote it in a run.
  EXPECT_EQ(kind_of("Invalid mapper output from invocation of 'slice_task' on mapper impossible. "
                    "Mapper returned slices with a total volume 2 that does not match the expected "
                    "volume of 4 when slicing task multiply (ID 6)."),
            FindingKind::BadSlicing);
  EXPECT_EQ(kind_of("Illegal output shard 7 from sharding functor 3. Shards for this index space "
                    "launch must be between 0 and 2 (exclusive)."),
            FindingKind::BadSlicing);
}

TEST(Catalogue, WhatIsNewIsAMapperOutputOrNothing) {
  EXPECT_EQ(kind_of("Invalid mapper output from invocation of 'map_task' on mappper impossible. "
                    "Mapper specified an instance from region tree 13 for use with region "
                    "requirement 1 of multiply (UID: 10) whose region is from region tree 10."),
            FindingKind::MapperOutput);
  EXPECT_FALSE(look_up("Something that nobody has seen").has_value());
  EXPECT_FALSE(look_up("note: Invalid mapper output").has_value());
}

}  // namespace
}  // namespace placewright::explain
