// SPDX-License-Identifier: Apache-2.0
#include "launch/runtime_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace placewright::launch {
namespace {

using testing::Contains;
using testing::ElementsAre;

std::string first_message(const std::string& log) {
  const auto error = find_runtime_error(log);
  return error ? error->message : "none";
}

ErrorCause first_cause(const std::string& log) {
  const auto error = find_runtime_error(log);
  EXPECT_TRUE(error.has_value()) << log;
  return error ? error->cause : ErrorCause::Other;
}

TEST(RuntimeError, PatternsAreAnchoredAtBothEnds) {
  EXPECT_TRUE(match("a % c", "a b c").has_value());
  EXPECT_FALSE(match("a % c", "x a b c").has_value());
  EXPECT_FALSE(match("a % c", "a b c d").has_value());
  EXPECT_FALSE(match("plain", "plain text").has_value());
  EXPECT_THAT(*match("%: % of %", "x: 3 of 7"), ElementsAre("x", "3", "7"));
  EXPECT_THAT(*match("in % (%)%", "in 1e (SYSTEM_MEM) and more"),
              ElementsAre("1e", "SYSTEM_MEM", " and more"));
}

TEST(RuntimeError, TheListOfCausesIsComplete) {
  const std::set<ErrorCause> all(kErrorCauses.begin(), kErrorCauses.end());
  EXPECT_EQ(all.size(), kErrorCauses.size());
  EXPECT_EQ(all.size(), static_cast<size_t>(ErrorCause::Other) + 1);
}

TEST(RuntimeError, ReadsTheDefaultMappersAllocationFailure) {
  // As Legion 25.12 writes it, with its two blanks.
  const auto found = look_up(
      "Default mapper failed allocation of size 4000 bytes for region  requirement 0 of task "
      "init_piece (UID 74) in memory 1e00000000000000 (SYSTEM_MEM) for processor 1d00000000000001 "
      "(LOC_PROC). This means the working set of your application is too big for the allotted "
      "capacity of the given memory under the default mapper's mapping scheme.");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->cause, ErrorCause::FullMemory);
  EXPECT_THAT(found->parts,
              ElementsAre(MessagePart{"bytes", "4000"}, MessagePart{"argument", "0"},
                          MessagePart{"task", "init_piece"}, MessagePart{"memory", "SYSTEM_MEM"},
                          MessagePart{"processor", "LOC_PROC"}));
}

// As Legion 25.12 wrote it in a run, without a blank.
TEST(RuntimeError, ReadsTheLayoutThatAVariantForbids) {
  const auto found = look_up(
      "Invalid mapper output. Mapper placewrightselected variant task_4 for task_4 (UID: 189), but "
      "instance selected for region requirement 2 fails to satisfy the corresponding Ordering "
      "layout constraint.");
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->cause, ErrorCause::ForbiddenLayout);
  EXPECT_THAT(found->parts, Contains(MessagePart{"task", "task_4"}));
  EXPECT_THAT(found->parts, Contains(MessagePart{"argument", "2"}));
  EXPECT_THAT(found->parts, Contains(MessagePart{"constraint", "Ordering"}));
}

TEST(RuntimeError, WordsInsideOfAnUnlistedMessageTellNothing) {
  for (const char* message :
       {"Something that nobody has seen", "note: Invalid mapper output",
        "Illegal field allocation performed in leaf task f (UID 3)",
        "Insufficient 'pointers' provided by index attach in task f (UID 3)",
        "Region requirement 1 of task wrapper (UID 3) has no fields: out of memory"})
    EXPECT_FALSE(look_up(message).has_value()) << message;
}

TEST(RuntimeError, IgnoresWarningsOfTheDefaultMapper) {
  const std::string warning =
      "[0 - 7f]    0.2 {4}{default_mapper}: WARNING: Default mapper was unable to locate a "
      "replicable task variant for the top-level task\n";
  EXPECT_EQ(first_message(warning + warning), "none");
  EXPECT_EQ(
      first_message(warning + "[0 - 7f]    0.3 {5}{legion}: LEGION MAPPER EXCEPTION: Invalid\n"),
      "Invalid");
  EXPECT_EQ(first_message(warning + "[0 - 7f]    0.3 {5}{default_mapper}: full\n"), "full");
}

TEST(RuntimeError, TakesTheFirstOfSeveral) {
  EXPECT_EQ(first_message("{5}{legion}: LEGION MAPPER EXCEPTION: one (from file x.cc:3)\n"
                          "{5}{runtime}: LEGION ERROR: two\n{5}{default_mapper}: three\n"),
            "one");
}

TEST(RuntimeError, OnlyListedMessagesOfRealmAreErrors) {
  EXPECT_EQ(first_message("[0 - 7f]    0.1 {6}{gpu}: peer access is off\n"), "none");
  EXPECT_EQ(first_message("[0 - 7f]    0.1 {2}{inst}: instance created\n"
                          "[0 - 7f]    0.1 {6}{inst}: instance allocation failed - out of memory "
                          "in mem 1e\n"),
            "instance allocation failed - out of memory in mem 1e");
}

TEST(RuntimeError, AnUnlistedMessageGetsItsCauseFromItsWriter) {
  EXPECT_EQ(first_cause("{5}{legion}: LEGION MAPPER EXCEPTION: new\n"),
            ErrorCause::RefusedDecision);
  EXPECT_EQ(first_cause("{5}{default_mapper}: No visible memories from processor 1d! This machine "
                        "is really messed up!\n"),
            ErrorCause::DefaultMapper);
  EXPECT_EQ(first_cause("{5}{legion}: LEGION RESOURCE EXCEPTION: new\n"), ErrorCause::Other);
  EXPECT_EQ(first_cause("{5}{legion}: LEGION RESOURCE EXCEPTION: Failed to allocate x\n"),
            ErrorCause::FullMemory);
}

}  // namespace
}  // namespace placewright::launch
