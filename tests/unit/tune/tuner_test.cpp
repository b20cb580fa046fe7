// SPDX-License-Identifier: Apache-2.0
#include "tune/tuner.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "search_fixture.h"

namespace placewright::tune {
namespace {

namespace fs = std::filesystem;

class TunerTest : public SearchTest {
 protected:
  Result<Report> tune(StudyStore& store, ScriptedEvaluator& evaluator,
                      std::function<bool()> stop = {}) {
    const auto silent = make_silent_progress();
    const auto maker = search_.strategy == "random" ? make_random_strategy : make_descent_strategy;
    Budget budget(clock_, search_.budget_s);
    return run_search({search_, evaluator, store, budget, *silent, maker, std::move(stop)});
  }
};

const ReportRow& row(const Report& report, const std::string& name) {
  for (const ReportRow& row : report.rows) {
    if (row.name == name) return row;
  }
  ADD_FAILURE() << "no row " << name;
  return report.rows.front();
}

TEST_F(TunerTest, DescentFindsTheOptimumThatOnlyACoordinatedMoveReaches) {
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->gain, Gain::Sure);
  EXPECT_DOUBLE_EQ(row(*report, "best").samples.front(), 5);
  EXPECT_DOUBLE_EQ(row(*report, "default").samples.front(), 10);
  EXPECT_GE(row(*report, "best").samples.size(), 7u);
  EXPECT_THAT(summarize(report->versus_default),
              testing::ElementsAre("FBMEM -> ZCMEM: `calc` argument 0 (rp_shared), argument 1 "
                                   "(rp_ghost); `update` argument 0 (rp_shared)"));
}

/// The same application as shared_together, but it prints 1000 over its time.
RunResult printed_rate(const workload::ResolvedDecisions& decisions) {
  RunResult result = shared_together(decisions);
  result.metric = 1000 / result.metric;
  result.reading = Reading{fmt::format("{}", result.metric), "THROUGHPUT = ", "points/s"};
  return result;
}

TEST_F(TunerTest, AMaximizedMetricFindsTheSameOptimum) {
  search_.metric = {"THROUGHPUT = (.*) points/s", Direction::Maximize, std::nullopt};
  ScriptedEvaluator evaluator(circuit_workload(), clock_, printed_rate);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->gain, Gain::Sure);
  EXPECT_DOUBLE_EQ(row(*report, "best").samples.front(), 200) << "1000 / 5 s, as printed";
  EXPECT_DOUBLE_EQ(row(*report, "default").samples.front(), 100);
  const std::string shown = render(*report);
  EXPECT_THAT(shown, testing::AllOf(testing::HasSubstr("median points/s"),
                                    testing::HasSubstr("value / default"),
                                    testing::HasSubstr("2.000 [2.000, 2.000]"),
                                    testing::HasSubstr("larger values are better")));
  const auto list = store.evaluations();
  ASSERT_TRUE(list);
  EXPECT_DOUBLE_EQ(*list->front().median, 100) << "the study keeps what was printed";
}

TEST_F(TunerTest, AMaximizedMetricIsResumedWithItsUnit) {
  search_.metric = {"THROUGHPUT = (.*) points/s", Direction::Maximize, std::nullopt};
  search_.evaluations = 3;
  {
    ScriptedEvaluator evaluator(circuit_workload(), clock_, printed_rate);
    StudyStore store = created();
    ASSERT_TRUE(tune(store, evaluator));
  }
  search_.evaluations = 0;
  ScriptedEvaluator evaluator(circuit_workload(), clock_, printed_rate);
  StudyStore store = reopened();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->metric.unit, "points/s");
  EXPECT_DOUBLE_EQ(row(*report, "best").samples.front(), 200);
}

TEST_F(TunerTest, ARateWithoutADirectionIsRefused) {
  search_.metric = {"THROUGHPUT = (.*) points/s", std::nullopt, std::nullopt};
  ScriptedEvaluator evaluator(circuit_workload(), clock_, printed_rate);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, testing::HasSubstr("THROUGHPUT = 100 points/s` looks like"));
  EXPECT_THAT(report.error().help, testing::HasSubstr("--maximize"));
}

TEST_F(TunerTest, TheSameSeedTriesTheSameMappings) {
  std::vector<std::vector<std::string>> tried;
  search_.strategy = "random";
  search_.evaluations = 12;
  for (int round = 0; round < 2; ++round) {
    fs::remove(study());
    ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
    StudyStore store = created();
    ASSERT_TRUE(tune(store, evaluator));
    tried.emplace_back();
    const auto list = store.evaluations();
    ASSERT_TRUE(list);
    for (const Evaluation& evaluation : *list) tried.back().push_back(evaluation.mapping);
  }
  EXPECT_EQ(tried[0].size(), 13u);  // the default and 12 candidates
  EXPECT_EQ(tried[0], tried[1]);
}

TEST_F(TunerTest, SaysNoGainAndWritesTheDefaultWhenNothingIsFaster) {
  ScriptedEvaluator evaluator(circuit_workload(), clock_, [](const workload::ResolvedDecisions&) {
    return RunResult{.metric = 10};
  });
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->gain, Gain::None);
  EXPECT_TRUE(report->versus_default.empty());
  EXPECT_THAT(render(*report), testing::HasSubstr("no gain"));
  const workload::Candidate written = workload::compile_candidate(
      "m", report->best_mapping, circuit_workload(), circuit_workload().machine);
  ASSERT_NE(written.policy, nullptr) << written.messages;
  EXPECT_EQ(written.decisions.tasks[0].kind, machine::ProcessorKind::Gpu);
}

TEST_F(TunerTest, RefusesAFasterMappingWithAnotherChecksum) {
  ScriptedEvaluator evaluator(circuit_workload(), clock_,
                              [](const workload::ResolvedDecisions& decisions) {
                                RunResult result{.metric = 10};
                                if (decisions.tasks[0].kind == machine::ProcessorKind::Cpu) {
                                  result.metric = 1;
                                  result.checksum = "bad";
                                }
                                return result;
                              });
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->gain, Gain::None);
  EXPECT_GE(report->failures.at("wrong-result"), 1);
  const auto list = store.evaluations();
  ASSERT_TRUE(list);
  for (const Evaluation& evaluation : *list) {
    if (evaluation.status != Status::WrongResult) continue;
    EXPECT_EQ(evaluation.message, "checksum bad instead of c0ffee");
    EXPECT_TRUE(evaluation.samples.empty()) << "a wrong result is not timed";
  }
}

TEST_F(TunerTest, CountsFailuresByTheirKind) {
  ScriptedEvaluator evaluator(
      circuit_workload(), clock_, [](const workload::ResolvedDecisions& decisions) {
        RunResult result{.metric = 10};
        if (decisions.tasks[0].arguments[2].memory == machine::MemoryKind::ZcMem) {
          result.status = Status::OutOfMemory;
          result.memory = machine::MemoryKind::ZcMem;
          result.message = "no room for rp_wires";
        }
        return result;
      });
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_GE(report->failures.at("out-of-memory (ZCMEM)"), 1);
}

TEST_F(TunerTest, StaysWithinItsBudget) {
  search_.budget_s = 120;
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_LE(clock_.now, 120);
  EXPECT_GE(row(*report, "best").samples.size(), 7u);
  EXPECT_GT(report->evaluations, 5);
}

TEST_F(TunerTest, MeasuresTheHandWrittenMapperInTheSameRounds) {
  search_.handwritten_command = {"circuit", "-mapper", "handwritten"};
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_EQ(row(*report, "hand-written").samples.size(), row(*report, "best").samples.size());
}

TEST_F(TunerTest, MeasuresTheCommandAsItsUserRunsItInTheSameRounds) {
  search_.compares_untouched = true;
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows.front().name, "untouched");
  EXPECT_THAT(row(*report, "untouched").samples, testing::Each(11));
  EXPECT_EQ(row(*report, "untouched").samples.size(), row(*report, "best").samples.size());
  EXPECT_EQ(report->gain, Gain::Sure);
}

TEST_F(TunerTest, ACommandThatNeedsPlacewrightToRunIsNamedAndTheOthersAreCompared) {
  search_.compares_untouched = true;
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  evaluator.untouched = {Status::Failed, "`circuit` ended with exit status 1"};
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->gain, Gain::Sure);
  EXPECT_THAT(render(*report), testing::HasSubstr("untouched     failed: `circuit` ended with"));
}

TEST_F(TunerTest, EndsEarlyWithATableWhenTheUserWantsNoMore) {
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  const auto report = tune(store, evaluator, [&] { return evaluator.timings > 8; });
  ASSERT_TRUE(report);
  EXPECT_FALSE(report->final_rounds);
  EXPECT_THAT(render(*report), testing::HasSubstr("ended early"));
}

TEST_F(TunerTest, AnExpertMappingWithErrorsIsAnError) {
  search_.expert = folder_ + "/expert.mapping";
  std::ofstream(search_.expert) << "Task calc OMP;\n";
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  const auto report = tune(store, evaluator);
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message,
              testing::AllOf(testing::HasSubstr("the expert mapping is rejected"),
                             testing::HasSubstr("no-variant")));
}

TEST_F(TunerTest, AnErrorWithoutAMessageIsAnErrorToo) {
  class Failing : public ScriptedEvaluator {
   public:
    using ScriptedEvaluator::ScriptedEvaluator;
    Result<RunResult> time(const Subject& subject, double timeout_s) override {
      if (timings == 4) return fail("");
      return ScriptedEvaluator::time(subject, timeout_s);
    }
  };
  Failing evaluator(circuit_workload(), clock_, shared_together);
  StudyStore store = created();
  EXPECT_FALSE(tune(store, evaluator));
  EXPECT_EQ(evaluator.timings, 4) << "nothing runs after it, no closing round either";
}

// A child is killed in the middle of its study; the study goes on where it was.
TEST_F(TunerTest, KillingLosesAtMostTheEvaluationInFlight) {
  const std::string marks = folder_ + "/marks";
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    int runs = 0;
    ScriptedEvaluator evaluator(circuit_workload(), clock_,
                                [&](const workload::ResolvedDecisions& d) {
                                  if (++runs == 25) kill(getpid(), SIGKILL);
                                  return shared_together(d);
                                });
    StudyStore store = created();
    (void)tune(store, evaluator);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));

  StudyStore store = reopened();
  const auto before = store.evaluations();
  ASSERT_TRUE(before);
  ASSERT_GT(before->size(), 3u);
  ScriptedEvaluator evaluator(circuit_workload(), clock_, shared_together);
  const auto report = tune(store, evaluator);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(evaluator.discoveries, 0);
  EXPECT_DOUBLE_EQ(row(*report, "best").samples.front(), 5);
  const auto after = store.evaluations();
  std::set<std::string> decisions;
  for (const Evaluation& evaluation : *after)
    EXPECT_TRUE(decisions.insert(evaluation.decisions).second) << "evaluated twice";
}

}  // namespace
}  // namespace placewright::tune
