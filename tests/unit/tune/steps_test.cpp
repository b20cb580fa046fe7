// SPDX-License-Identifier: Apache-2.0
// Searches whose mappings are timed in steps of one run.
#include <gmock/gmock.h>

#include <mutex>

#include "search_fixture.h"
#include "tune/replay.h"
#include "tune/strategies/wider.h"

namespace placewright::tune {
namespace {

using testing::HasSubstr;

/// Proposes what it is told, as many at once as are wanted.
class ListedStrategy : public Strategy {
 public:
  explicit ListedStrategy(std::vector<std::string> mappings) : mappings_(std::move(mappings)) {}
  [[nodiscard]] std::string_view name() const override { return "listed"; }
  void begin(const Start&) override {}
  Result<std::optional<Proposal>> ask() override {
    if (next_ == mappings_.size()) return std::nullopt;
    const std::string& mapping = mappings_[next_++];
    return Proposal{mapping, mapping};
  }
  void tell(const Proposal&, const Verdict&) override {}
  [[nodiscard]] int most_open() const override { return 100; }

 private:
  std::vector<std::string> mappings_;
  size_t next_ = 0;
};

/// A step takes a tenth of a run.
class ScriptedSteps : public StepEvaluator {
 public:
  explicit ScriptedSteps(ScriptedEvaluator& whole) : whole_(whole) {}
  std::string why_not;  ///< Empty: the program has steps.
  int visits = 0;

  Result<RunResult> begin(bool) override {
    if (why_not.empty()) return time({}, 0);
    return fail(why_not);
  }
  [[nodiscard]] Explored explored() const override { return {visits, visits, visits * 5, 1, kept}; }
  Result<workload::Workload> discover() override { return whole_.discover(); }
  Result<RunResult> verify(const Subject& subject) override { return whole_.verify(subject); }
  Result<RunResult> time(const Subject& subject, double timeout_s) override {
    auto result = whole_.time(subject, timeout_s);
    if (result && subject.command.empty()) {
      ++visits;
      result->metric /= 10;
    }
    return result;
  }
  Result<Walked> walk(const std::vector<std::string>& mappings) override {
    ++walks;
    Walked walked;
    walked.mappings = std::min<size_t>(mappings.size(), 5);
    walked.result.checksum = "the same";
    for (size_t i = 0; i < walked.mappings; ++i)
      if (wrong && wrong(mappings[i])) walked.result.checksum = "another";
    return walked;
  }
  [[nodiscard]] int lanes() const override { return static_cast<int>(in_lane.size()); }
  Result<RunResult> time_in(int lane, const Subject& subject, double timeout_s) override {
    const std::lock_guard lock(mutex_);
    ++in_lane[static_cast<size_t>(lane)];
    return time(subject, timeout_s);
  }
  std::vector<int> in_lane = {0};  ///< Visits in each.
  std::map<std::string, std::string> kept;
  int walks = 0;
  std::function<bool(const std::string& mapping)> wrong;
  Result<std::vector<explain::Finding>> explain(const Subject& subject,
                                                const workload::Workload& workload) override {
    return whole_.explain(subject, workload);
  }

 private:
  ScriptedEvaluator& whole_;
  std::mutex mutex_;
};

class StepsTest : public SearchTest {
 protected:
  StepsTest() {
    make = [](const SearchSpace& space, uint64_t seed) -> Result<std::unique_ptr<Strategy>> {
      return make_descent_strategy(space, seed);
    };
    search_.evaluations = 30;
  }
  Result<Report> search_steps(StudyStore& store) {
    const auto progress = make_silent_progress();
    Budget budget(clock_, search_.budget_s);
    return run_search({search_, *evaluator_, store, budget, *progress, make, {}, &steps_});
  }
  /// Mappings with these layouts compute something else.
  void make_layouts_wrong() {
    steps_.wrong = [](const std::string& mapping) {
      return mapping.find("AOS") != std::string::npos ||
             mapping.find("C_order") != std::string::npos;
    };
  }
  ScriptedSteps steps_{*evaluator_};
};

TEST_F(StepsTest, SamplesAreStepsAndTheClosingComparisonRuns) {
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(report->explored);
  EXPECT_GT(report->explored->visits, 15);
  EXPECT_TRUE(report->final_rounds);
  EXPECT_EQ(metric_of(*store.facts()).shown_unit(), "s/step");
  // The scripted default takes 10 s, and a step of it 1 s.
  const auto evaluations = store.evaluations();
  ASSERT_TRUE(evaluations);
  EXPECT_DOUBLE_EQ(evaluations->front().samples.front(), 1);
  EXPECT_DOUBLE_EQ(find_measured(*report, "default")->samples.front(), 10);
  EXPECT_LT(best_seconds(*report), 10);
  EXPECT_THAT(render(*report), HasSubstr("mappings were timed in"));
}

TEST_F(StepsTest, OnlyWinnersNeedACorrectnessRun) {
  StudyStore store = created();
  ASSERT_TRUE(search_steps(store));
  const auto evaluations = candidates(store);
  const auto winners = std::ranges::count_if(evaluations, &Evaluation::accepted);
  // One more for the checksum of the default mapper.
  EXPECT_EQ(evaluator_->verifications, winners + 1);
}

TEST_F(StepsTest, MappingsCloseToTheBestAreCheckedTogether) {
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->results.right, 5);
  EXPECT_EQ(report->results.wrong, 0);
  EXPECT_EQ(report->results.unknown, 0);
  // One for the default mapper, and one for each five mappings.
  EXPECT_EQ(steps_.walks, 1 + (report->results.right + 4) / 5);
}

TEST_F(StepsTest, ResultsAreNotCheckedWhereOneRunWouldTakeTooLong) {
  // A tenth of it is shorter than three such runs of three seconds.
  search_.budget_s = 80;
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->results.unknown, 0);
  EXPECT_EQ(steps_.walks, 0);
}

TEST_F(StepsTest, WhatNeedsNoRunLeavesNoLaneIdle) {
  const auto place = [](const char* kind) {
    return std::string("Task * GPU, CPU;\nRegion calculate_new_currents rp_shared GPU ") + kind +
           ";\n";
  };
  // Every second one decides what the one before it decided.
  std::vector<std::string> mappings;
  for (const char* more : {"", "Region update_voltages * GPU ZCMEM;\n", "Layout * * * AOS;\n",
                           "Layout * * * SOA C_order;\n"}) {
    mappings.push_back(place("ZCMEM") + more);
    mappings.push_back("# The same.\n" + mappings.back());
  }
  make = [&](const SearchSpace&, uint64_t) -> Result<std::unique_ptr<Strategy>> {
    return std::make_unique<ListedStrategy>(mappings);
  };
  steps_.in_lane = {0, 0};
  StudyStore store = created();
  ASSERT_TRUE(search_steps(store));
  EXPECT_EQ(candidates(store).size(), 4U);
  EXPECT_GE(steps_.in_lane[1], 2) << "two of the four mappings";
}

TEST_F(StepsTest, BisectionFindsTheMappingsThatComputeSomethingElse) {
  // Neither is ever the best, so neither has a correctness run of its own.
  make_layouts_wrong();
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->results.wrong, 0);
  EXPECT_GT(report->results.right, 0);
  int wrong = 0;
  for (const Evaluation& each : candidates(store)) {
    if (each.status != Status::WrongResult) continue;
    ++wrong;
    EXPECT_TRUE(steps_.wrong(each.mapping)) << each.mapping;
    EXPECT_FALSE(each.accepted);
  }
  EXPECT_EQ(wrong, report->results.wrong);
  EXPECT_THAT(render(*report), HasSubstr("something else"));
}

TEST_F(StepsTest, AStudyWhoseResultsWereCheckedIsReplayed) {
  make = make_wider(make);
  search_.evaluations = 60;
  make_layouts_wrong();
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GT(report->results.wrong, 0);
  const auto replayed = replay(search_, store, make);
  ASSERT_TRUE(replayed) << replayed.error().message;
  EXPECT_TRUE(replayed->is_complete())
      << replayed->reproduced << " of " << replayed->recorded << ": " << replayed->stopped_by;
}

TEST_F(StepsTest, WhatKeepsItsMappingIsReported) {
  steps_.kept = {{"solve", "concurrent launch"}};
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(render(*report),
              HasSubstr("in steps `solve` kept the run's own mapping: concurrent launch"));
}

TEST_F(StepsTest, AProgramWithoutStepsIsTimedByWholeRuns) {
  steps_.why_not = "it repeats nothing";
  StudyStore store = created();
  const auto report = search_steps(store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->explored);
  EXPECT_EQ(steps_.visits, 0);
  EXPECT_EQ(store.facts()->at(kMeasuredFact), kRuns);
}

TEST_F(StepsTest, AStudyOfStepsIsNotContinuedByRuns) {
  {
    StudyStore store = created();
    ASSERT_TRUE(search_steps(store));
  }
  steps_.why_not = "it repeats nothing";
  search_.evaluations = 40;
  auto store = StudyStore::resume(study());
  ASSERT_TRUE(store);
  const auto report = search_steps(*store);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("it repeats nothing"));
}

}  // namespace
}  // namespace placewright::tune
