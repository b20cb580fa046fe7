// SPDX-License-Identifier: Apache-2.0
// What optimizers remember of earlier answers: the best, repeated ones, those without an answer.
#include <gmock/gmock.h>

#include "search.h"

namespace placewright::agent {
namespace {

using llm::ScriptedModel;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MemoryTest : public SearchTest {};

constexpr const char* kZeroCopy =
    R"({"suggestion": {"region_decision": "Region * rp_shared, rp_ghost GPU ZCMEM;"}})";
constexpr const char* kToCpus = R"({"suggestion": {"task_decision": "Task * CPU;"}})";

TEST_F(MemoryTest, OptoPrimeShowsTheBestSoFarWhileItChangesAnother) {
  const auto model = in_turn({kZeroCopy, kToCpus, "TERMINATE"});
  auto store = created();
  ASSERT_TRUE(search("optoprime", model, store));
  EXPECT_THAT(told(*model, 1), Not(HasSubstr("The best so far"))) << "it is the one in the problem";
  EXPECT_THAT(told(*model, 2),
              AllOf(HasSubstr("The best so far were these variables"),
                    HasSubstr("Region * rp_shared, rp_ghost GPU ZCMEM;"), HasSubstr("5 s")));
}

TEST_F(MemoryTest, ThePublishedSettingDoesNotShowTheBestSoFar) {
  settings_.feedback = *parse_feedback("paper");
  settings_.iterations = 3;
  const auto model = in_turn({kZeroCopy, kToCpus, "TERMINATE"});
  auto store = created();
  ASSERT_TRUE(search("optoprime", model, store));
  EXPECT_THAT(told(*model, 2), Not(HasSubstr("The best so far")));
}

TEST_F(MemoryTest, AnAnswerThatRepeatsEarlierDecisionsIsToldSo) {
  // The rule for a region that is named is the same as that for all regions.
  const auto model =
      in_turn({kZeroCopy, kToCpus, kZeroCopy,
               R"({"suggestion": {"task_decision": "Task * GPU, CPU;"}})", "TERMINATE"});
  settings_.iterations = 5;
  auto store = created();
  ASSERT_TRUE(search("optoprime", model, store));
  EXPECT_THAT(told(*model, 1), Not(HasSubstr("had been tried before")));
  EXPECT_THAT(told(*model, 3), HasSubstr("These decisions had been tried before"));
}

TEST_F(MemoryTest, AnAnswerThatIsOnlyReasoningCostsOneIteration) {
  const auto silent = [] {
    return llm::fail(llm::Failure::OnlyReasoning, "all spent", "allow more");
  };
  auto model = std::make_shared<ScriptedModel>(std::vector<llm::Completion>{
      silent(), ScriptedModel::says(kZeroCopy), silent(), ScriptedModel::says("TERMINATE")});
  auto store = created();
  const auto report = search("optoprime", model, store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_DOUBLE_EQ(best_seconds(*report), 5);
  EXPECT_EQ(model->requests().size(), 4u) << "the same question is not asked again";
  EXPECT_THAT(notes_, testing::Contains(HasSubstr("all spent; allow more")));
  EXPECT_THAT(report->strategy, HasSubstr("2 cut short"));
}

TEST_F(MemoryTest, AModelThatOnlyReasonsTwiceEndsTheSearchWithTheRemedy) {
  const auto model = std::make_shared<ScriptedModel>([](const llm::Request&, int) {
    return llm::Completion(llm::fail(llm::Failure::OnlyReasoning, "all spent", "allow more"));
  });
  auto store = created();
  const auto report = search("optoprime", model, store);
  ASSERT_FALSE(report);
  EXPECT_EQ(model->requests().size(), 2u);
  EXPECT_THAT(report.error().message, HasSubstr("(only-reasoning): all spent"));
  EXPECT_THAT(report.error().help, AllOf(HasSubstr("allow more"), HasSubstr("--resume")));
}

}  // namespace
}  // namespace placewright::agent
