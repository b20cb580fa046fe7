// SPDX-License-Identifier: Apache-2.0
#include "explore/plan.h"

#include <gmock/gmock.h>

#include <fstream>

#include "support/temporary_folder.h"

namespace placewright::explore {
namespace {

using testing::HasSubstr;

class PlanTest : public testing::Test {
 protected:
  void add(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  std::string open_error() { return PlanFile::open(path_).error().message; }

  TemporaryFolder folder_ = *TemporaryFolder::make();
  std::string path_ = folder_.path() + "/plan";
};

TEST_F(PlanTest, GrowsWhileItIsRead) {
  add(to_line(PlanHeader{"step", 5, true}));
  auto plan = PlanFile::open(path_);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->header().step, "step");
  EXPECT_EQ(plan->header().ahead, 5);
  EXPECT_TRUE(plan->header().waits);
  EXPECT_FALSE(plan->next());
  const std::string line = to_line(Visit{1, "/a\".mapping", 6});
  add(line.substr(0, 10));
  ASSERT_TRUE(plan->update());
  EXPECT_FALSE(plan->next());
  add(line.substr(10) + to_line(Visit{2, "", 3}));
  ASSERT_TRUE(plan->update());
  const auto first = plan->next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->number, 1);
  EXPECT_EQ(first->mapping, "/a\".mapping");
  EXPECT_EQ(first->steps, 6);
  EXPECT_FALSE(plan->is_complete());
  add(end_line("/best"));
  ASSERT_TRUE(plan->update());
  EXPECT_TRUE(plan->is_complete());
  EXPECT_FALSE(plan->end()) << "a visit is left";
  EXPECT_EQ(plan->next()->number, 2);
  EXPECT_EQ(plan->end(), "/best");
}

TEST_F(PlanTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(open_error(), HasSubstr("no such file"));
  add("");
  EXPECT_THAT(open_error(), HasSubstr("no line yet"));
  add("{}\n");
  EXPECT_THAT(open_error(), HasSubstr("line 1: it is not an exploration plan"));
}

TEST_F(PlanTest, OtherVersionsAreRefused) {
  add(R"({"format": "placewright-exploration", "version": 2})"
      "\n");
  EXPECT_THAT(open_error(), HasSubstr("version 2, expected 1"));
}

TEST_F(PlanTest, NumbersHaveRanges) {
  add(to_line(PlanHeader{}));
  auto plan = PlanFile::open(path_);
  ASSERT_TRUE(plan);
  add(R"({"visit": 1, "mapping": "", "steps": 0})"
      "\n");
  EXPECT_THAT(plan->update().error().message,
              HasSubstr("line 2: `steps` is from 1 to 1000000, found 0"));
}

TEST_F(PlanTest, WhatComesAfterAnErrorIsNotUsed) {
  add(to_line(PlanHeader{}) + to_line(Visit{1, "/a", 2}));
  auto plan = PlanFile::open(path_);
  ASSERT_TRUE(plan);
  add("not JSON\n");
  EXPECT_FALSE(plan->update());
  plan->give_up();
  EXPECT_FALSE(plan->next());
  EXPECT_EQ(plan->end(), "");
}

}  // namespace
}  // namespace placewright::explore
