// SPDX-License-Identifier: Apache-2.0
// A budget is a limit: what fits into it is done, and what does not is said.
#include "tune/budget.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "search_fixture.h"

namespace placewright::tune {
namespace {

using testing::HasSubstr;

/// Keeps what a search says.
class Notes : public Progress {
 public:
  std::string text;
  void note(const std::string& line) override { text += line + "\n"; }
  void running(const std::string&) override {}
  void evaluated(const Evaluation&, const std::string&, const std::string&) override {}
  void tick(double) override {}
  void finish() override {}
};

class BudgetTest : public SearchTest {
 protected:
  BudgetTest() { make = make_descent_strategy; }
  Result<Report> noted_search(StudyStore& store) {
    Budget budget(clock_, search_.budget_s + search_.closing_s);
    return run_search({search_, *evaluator_, store, budget, notes_, make, {}});
  }
  Notes notes_;
};

/// Counts questions; has the same answer to all of them.
class Asking : public Strategy {
 public:
  explicit Asking(int& asked) : asked_(asked) {}
  std::string_view name() const override { return "asking"; }
  void begin(const Start&) override {}
  Result<std::optional<Proposal>> ask() override {
    ++asked_;
    return Proposal{fmt::format("Task * GPU;\nInstanceLimit calc {};\n", asked_), "a limit"};
  }
  void tell(const Proposal&, const Verdict&) override {}

 private:
  int& asked_;
};

TEST_F(BudgetTest, FreeIsWhatTheReserveLeaves) {
  Budget budget(clock_, 100);
  clock_.now = 30;
  budget.reserve(50);
  EXPECT_DOUBLE_EQ(budget.remaining_s(), 70);
  EXPECT_DOUBLE_EQ(budget.free_s(), 20);
  budget.close();
  EXPECT_LT(budget.free_s(), 0);
}

TEST_F(BudgetTest, NoSearchTakesLongerThanItsBudget) {
  // A run takes 2 s, the discovery run 2 s, a correctness run 1 s.
  for (const double seconds : {40.0, 50.0, 75.0, 100.0, 200.0}) {
    std::filesystem::remove(study());
    search_.budget_s = seconds;
    search_.compares_untouched = true;
    clock_.now = 0;
    StudyStore store = created();
    const auto report = search(store);
    EXPECT_LE(clock_.now, seconds);
    if (!report) continue;
    EXPECT_THAT(report->why_no_rounds, testing::Not(HasSubstr("budget"))) << seconds;
  }
}

TEST_F(BudgetTest, OneThatIsTooSmallIsRefusedWithWhatIsNeeded) {
  search_.budget_s = 20;
  StudyStore store = created();
  const auto report = noted_search(store);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("the budget of 20 s is too small"));
  EXPECT_THAT(report.error().help, HasSubstr("--resume and --budget"));
  EXPECT_LE(clock_.now, 20);
  EXPECT_TRUE(candidates(store).empty());
}

TEST_F(BudgetTest, StrategyIsNotAskedOnceNothingCanBeRun) {
  int asked = 0;
  make = [&](const SearchSpace&, uint64_t) -> Result<std::unique_ptr<Strategy>> {
    return std::make_unique<Asking>(asked);
  };
  search_.evaluations = 2;
  StudyStore store = created();
  ASSERT_TRUE(noted_search(store));
  EXPECT_EQ(asked, 2);
  EXPECT_THAT(notes_.text, HasSubstr("2 mappings were tried, which is the limit"));
}

TEST_F(BudgetTest, NothingLeftToTryIsSaidOnlyWhenThatEndedTheSearch) {
  search_.budget_s = 80;
  StudyStore store = created();
  ASSERT_TRUE(noted_search(store));
  EXPECT_THAT(notes_.text, HasSubstr("the rest of the budget is for the closing comparison"));
  EXPECT_THAT(notes_.text, testing::Not(HasSubstr("nothing left to try")));
}

TEST_F(BudgetTest, TimeForTheClosingComparisonLeavesTheBudgetToTheSearch) {
  search_.budget_s = 100;
  search_.closing_s = 300;
  StudyStore store = created();
  const auto report = noted_search(store);
  ASSERT_TRUE(report) << report.error().message;
  // Two rows of eleven rounds of 2 s, where half of 100 s would do for nine.
  EXPECT_GE(find_measured(*report, "default")->samples.size(), 11U);
  const double last_s = candidates(store).back().elapsed_s;
  EXPECT_GT(last_s, 75);
  EXPECT_LE(last_s, 100);
}

TEST_F(BudgetTest, TheEndOfTheStrategyIsSaidInItsWords) {
  StudyStore store = created();
  ASSERT_TRUE(noted_search(store));
  EXPECT_THAT(notes_.text, HasSubstr("nothing left to try"));
}

TEST_F(BudgetTest, TheDefaultIsNotComparedWithItself) {
  evaluator_ = std::make_unique<ScriptedEvaluator>(
      circuit_workload(), clock_,
      [](const workload::ResolvedDecisions&) { return RunResult{.metric = 10}; });
  search_.evaluations = 3;
  StudyStore store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  // Three of the default; two of each candidate and one of the default between them, after which it
  // cannot win any more; no closing round.
  EXPECT_EQ(evaluator_->timings, 3 + 3 * 3);
  EXPECT_THAT(render(*report),
              HasSubstr("no closing comparison, nothing that was tried is better"));
}

TEST_F(BudgetTest, WithoutABetterMappingTheUntouchedCommandGetsTheFewestRounds) {
  evaluator_ = std::make_unique<ScriptedEvaluator>(
      circuit_workload(), clock_,
      [](const workload::ResolvedDecisions&) { return RunResult{.metric = 10}; });
  search_.evaluations = 1;
  search_.compares_untouched = true;
  StudyStore store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  const ReportRow* untouched = find_measured(*report, kUntouchedRow);
  ASSERT_NE(untouched, nullptr);
  EXPECT_EQ(untouched->samples.size(), 3u);
}

TEST_F(BudgetTest, WithoutACandidateThereIsNoWordOfAGain) {
  make = [](const SearchSpace&, uint64_t) -> Result<std::unique_ptr<Strategy>> {
    class Nothing : public Strategy {
      std::string_view name() const override { return "nothing"; }
      void begin(const Start&) override {}
      Result<std::optional<Proposal>> ask() override { return std::nullopt; }
      void tell(const Proposal&, const Verdict&) override {}
    };
    return std::make_unique<Nothing>();
  };
  StudyStore store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  EXPECT_THAT(render(*report), HasSubstr("nothing was tried"));
  EXPECT_THAT(render(*report), testing::Not(HasSubstr("no gain")));
  EXPECT_THAT(report->best_mapping, HasSubstr("Nothing else was tried"));
}

TEST_F(BudgetTest, AnOpenClosingComparisonGetsMoreRounds) {
  // Fast and slow in turn: eleven rounds leave the gain open.
  int runs = 0;
  evaluator_ = std::make_unique<ScriptedEvaluator>(
      circuit_workload(), clock_, [&](const workload::ResolvedDecisions& decisions) {
        RunResult result{.metric = 10};
        if (decisions.tasks[0].arguments[1].memory == machine::MemoryKind::ZcMem)
          result.metric = ++runs > 6 && runs % 3 == 0 ? 12 : 8;
        return result;
      });
  search_.evaluations = 30;
  StudyStore store = created();
  const auto report = search(store);
  ASSERT_TRUE(report);
  const ReportRow* best = find_measured(*report, kBestRow);
  ASSERT_NE(best, nullptr);
  EXPECT_EQ(best->samples.size(), 21u);
}

}  // namespace
}  // namespace placewright::tune
