// SPDX-License-Identifier: Apache-2.0
#include "explore/explorer.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace placewright::explore {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class ExplorerTest : public testing::Test {
 protected:
  void add(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  Explorer explorer(bool may_leave = true) {
    return Explorer(*PlanFile::open(path_), may_leave, [this](const std::string& line) {
      auto read = read_log_line(line);
      ASSERT_TRUE(read) << line;
      if (const auto* visited = std::get_if<Visited>(&*read)) visits_.push_back(*visited);
      if (const auto* progress = std::get_if<Progress>(&*read)) progress_ = *progress;
    });
  }
  void SetUp() override { add(to_line(PlanHeader{})); }

  TemporaryFolder folder_ = *TemporaryFolder::make();
  std::string path_ = folder_.path() + "/plan";
  std::vector<Visited> visits_;
  Progress progress_;
  double time_ = 0;
  /// A step that ends at once.
  std::string step(Explorer& explorer, double seconds) {
    std::string mapping = explorer.begin_step(1);
    explorer.end_step(time_ += seconds, 0);
    return mapping;
  }
};

TEST_F(ExplorerTest, VisitsTakeTheirStepsInOrder) {
  add(to_line(Visit{1, "", 2}) + to_line(Visit{2, "/a", 3}) + end_line("/a"));
  Explorer under_test = explorer();
  std::vector<std::string> mappings;
  for (int i = 0; i < 7; ++i) mappings.push_back(step(under_test, 1));
  EXPECT_EQ(mappings, (std::vector<std::string>{"", "", "/a", "/a", "/a", "/a", "/a"}));
  EXPECT_TRUE(under_test.is_over());
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[0].steps[0].seconds, -1) << "no step ended before";
  EXPECT_EQ(visits_[0].steps[1].seconds, 1);
  EXPECT_THAT(visits_[1].steps, SizeIs(3));
  EXPECT_EQ(visits_[1].left, "");
}

TEST_F(ExplorerTest, StepsThatEndLaterBelongToTheirVisit) {
  add(to_line(Visit{1, "/a", 2}) + to_line(Visit{2, "/b", 2}) + end_line(""));
  Explorer under_test = explorer();
  (void)under_test.begin_step(1);
  (void)under_test.begin_step(1);
  EXPECT_EQ(under_test.begin_step(1), "/b");
  under_test.end_step(10, 5);
  under_test.end_step(12, 6);
  ASSERT_THAT(visits_, SizeIs(1));
  EXPECT_EQ(visits_[0].steps[1].seconds, 2);
  EXPECT_EQ(visits_[0].steps[1].window, 1);
  EXPECT_FALSE(under_test.is_over());
}

TEST_F(ExplorerTest, WaitingForThePlanIsNotPartOfAStep) {
  add(to_line(Visit{1, "/a", 1}));
  Explorer under_test = explorer();
  (void)under_test.begin_step(1);
  under_test.end_step(10, 5);
  add(to_line(Visit{2, "/b", 2}) + end_line(""));
  ASSERT_TRUE(under_test.read_plan());
  under_test.resumed(110, 40);
  (void)under_test.begin_step(1);
  (void)under_test.begin_step(1);
  under_test.end_step(112, 46);
  under_test.end_step(115, 49);
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[1].steps[0].seconds, 2);
  EXPECT_EQ(visits_[1].steps[0].window, 1);
  EXPECT_EQ(visits_[1].steps[1].seconds, 3);
  EXPECT_EQ(visits_[1].steps[1].window, 3);
}

TEST_F(ExplorerTest, ASlowMappingLeavesAfterItsFirstStep) {
  add(to_line(Visit{1, "", 4}) + to_line(Visit{2, "/slow", 5}) + end_line(""));
  Explorer under_test = explorer();
  for (int i = 0; i < 4; ++i) (void)step(under_test, 1);
  EXPECT_EQ(step(under_test, 5), "/slow") << "the first step also moves the data";
  EXPECT_EQ(step(under_test, 3.5), "/slow");
  EXPECT_EQ(step(under_test, 1), "");
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[1].left, "slow");
  EXPECT_THAT(visits_[1].steps, SizeIs(2));
}

TEST_F(ExplorerTest, NothingIsWaitedForWhereNothingIsDecided) {
  Visit whole{2, "/whole", 5};
  whole.whole = true;
  add(to_line(Visit{1, "/one", 1}) + to_line(whole) + end_line(""));
  Explorer under_test = explorer();
  EXPECT_EQ(under_test.begin_step(1), "/one");
  EXPECT_EQ(under_test.ahead(), 2) << "it has no other step to leave out";
  EXPECT_EQ(under_test.begin_step(1), "/whole");
  EXPECT_EQ(under_test.ahead(), 2) << "it does not leave";
}

TEST_F(ExplorerTest, AVerySlowMappingHasOneStep) {
  add(to_line(Visit{1, "", 4}) + to_line(Visit{2, "/slow", 5}) + end_line(""));
  Explorer under_test = explorer();
  EXPECT_EQ(under_test.ahead(), 2);
  for (int i = 0; i < 4; ++i) (void)step(under_test, 1);
  EXPECT_EQ(under_test.begin_step(1), "/slow");
  EXPECT_EQ(under_test.ahead(), 1) << "nothing follows before its first step has ended";
  under_test.end_step(time_ += 7, 0);
  EXPECT_EQ(step(under_test, 1), "");
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[1].left, "slow");
  EXPECT_THAT(visits_[1].steps, SizeIs(1));
}

TEST_F(ExplorerTest, AMappingThatIsTwiceFarFromTheFastestLeaves) {
  add(to_line(Visit{1, "", 4}) + to_line(Visit{2, "/a", 5, 0.5}) + to_line(Visit{3, "/b", 5, 0.5}) +
      end_line(""));
  Explorer under_test = explorer();
  for (int i = 0; i < 4; ++i) (void)step(under_test, 1);
  EXPECT_EQ(step(under_test, 0.9), "/a") << "the first step also moves the data";
  EXPECT_EQ(step(under_test, 0.6), "/a");
  EXPECT_EQ(step(under_test, 0.8), "/a") << "one step may be disturbed";
  EXPECT_EQ(step(under_test, 0.8), "/a");
  EXPECT_EQ(step(under_test, 0.04), "/b");
  EXPECT_EQ(step(under_test, 0.8), "/b");
  EXPECT_EQ(step(under_test, 0.8), "/b");
  EXPECT_EQ(step(under_test, 1), "");
  ASSERT_THAT(visits_, SizeIs(3));
  EXPECT_EQ(visits_[1].left, "slow");
  EXPECT_THAT(visits_[1].steps, SizeIs(4));
}

TEST_F(ExplorerTest, AWholeVisitGoesOnHoweverSlow) {
  add(to_line(Visit{1, "", 4}) + to_line(Visit{2, "/slow", 3, 0.5, true}) + end_line(""));
  Explorer under_test = explorer();
  for (int i = 0; i < 4; ++i) (void)step(under_test, 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(step(under_test, 9), "/slow");
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[1].left, "");
  EXPECT_THAT(visits_[1].steps, SizeIs(3));
}

TEST_F(ExplorerTest, SeveralProcessesNeverLeaveEarly) {
  add(to_line(Visit{1, "", 2}) + to_line(Visit{2, "/a", 4}) + end_line(""));
  Explorer under_test = explorer(false);
  for (int i = 0; i < 2; ++i) (void)step(under_test, 1);
  for (int i = 0; i < 2; ++i) (void)step(under_test, 50);
  under_test.failed("/a", {"out-of-memory", "no room"});
  EXPECT_EQ(step(under_test, 50), "/a");
  EXPECT_EQ(step(under_test, 50), "/a");
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[1].left, "");
  EXPECT_EQ(visits_[1].failure->message, "no room");
}

TEST_F(ExplorerTest, AFailureEndsTheVisit) {
  add(to_line(Visit{1, "/a", 9}) + to_line(Visit{2, "/b", 1}) + end_line(""));
  Explorer under_test = explorer();
  (void)step(under_test, 1);
  under_test.failed("/a", {"out-of-memory", "no room"});
  under_test.failed("/a", {"other", "second"});
  under_test.copied("/a", 0.25);
  EXPECT_EQ(step(under_test, 1), "/b");
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[0].left, "failed");
  EXPECT_EQ(visits_[0].failure->id, "out-of-memory");
}

TEST_F(ExplorerTest, TheEndOfTheLoopEndsItsVisits) {
  add(to_line(Visit{1, "/a", 3}) + to_line(Visit{2, "/b", 3}) + end_line(""));
  Explorer under_test = explorer();
  (void)step(under_test, 1);
  (void)under_test.begin_step(1);
  under_test.end_block();
  ASSERT_THAT(visits_, SizeIs(1));
  EXPECT_EQ(visits_[0].left, "loop-ended");
  EXPECT_THAT(visits_[0].steps, SizeIs(1));
  // What the plan still holds is for the next loop; the clock starts anew.
  EXPECT_EQ(step(under_test, 1), "/b");
  (void)step(under_test, 1);
  (void)step(under_test, 1);
  ASSERT_THAT(visits_, SizeIs(2));
  EXPECT_EQ(visits_[1].steps[0].seconds, -1);
}

TEST_F(ExplorerTest, StepsWithoutAVisitUseTheMappingOfTheLastLineThatNamesOne) {
  add(to_line(Visit{1, "", 1}) + use_line("/good"));
  Explorer under_test = explorer();
  EXPECT_EQ(step(under_test, 1), "");
  EXPECT_EQ(step(under_test, 2), "/good");
  add(to_line(Visit{2, "/a", 1}));
  ASSERT_TRUE(under_test.read_plan());
  EXPECT_EQ(step(under_test, 1), "/a");
  for (int i = 0; i < 6; ++i) EXPECT_EQ(step(under_test, 0.5), "/good");
  // The first step that ends has no length.
  EXPECT_EQ(progress_.steps, 8U);
  EXPECT_EQ(progress_.seconds, 6);
}

TEST_F(ExplorerTest, WithoutAVisitTheRunsOwnMappingDecides) {
  Explorer under_test = explorer();
  EXPECT_FALSE(under_test.knows_next());
  EXPECT_EQ(step(under_test, 1), "");
  EXPECT_THAT(visits_, IsEmpty());
  add(to_line(Visit{1, "/a", 1}));
  ASSERT_TRUE(under_test.read_plan());
  EXPECT_TRUE(under_test.knows_next());
  EXPECT_EQ(step(under_test, 1), "/a");
  ASSERT_THAT(visits_, SizeIs(1));
  EXPECT_EQ(visits_[0].steps[0].seconds, 1);
}

TEST_F(ExplorerTest, AnUnreadablePlanEnds) {
  add(to_line(Visit{1, "/a", 1}));
  Explorer under_test = explorer();
  EXPECT_EQ(step(under_test, 1), "/a");
  add("{\"visit\": 2\n");
  const auto read = under_test.read_plan();
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("line 3"));
  EXPECT_TRUE(under_test.knows_next());
  EXPECT_EQ(step(under_test, 1), "");
}

TEST_F(ExplorerTest, NamesItsMappingsInTheOrderOfTheFile) {
  add(to_line(Visit{1, "/b", 1}) + to_line(Visit{2, "", 1}) + to_line(Visit{3, "/a", 1}));
  Explorer under_test = explorer();
  add(to_line(Visit{4, "/b", 1}) + end_line("/c"));
  ASSERT_TRUE(under_test.read_plan());
  EXPECT_THAT(under_test.named(), ElementsAre("/b", "/a", "/c"));
}

}  // namespace
}  // namespace placewright::explore
