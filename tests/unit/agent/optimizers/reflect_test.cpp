// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "agent/answers/answer.h"
#include "search.h"

namespace placewright::agent {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReflectTest : public SearchTest {};

constexpr const char* kTwo =
    "LESSON: zero-copy memory suits shared nodes\n"
    "=== CANDIDATE: halves\nRegion calc rp_shared GPU ZCMEM;\n"
    "=== CANDIDATE: both\nRegion * rp_shared GPU ZCMEM;\n=== END";

TEST_F(ReflectTest, EveryMappingOfABatchIsRunAndTheFastestWins) {
  settings_.iterations = 2;
  const auto model = in_turn(
      {kTwo, "=== CANDIDATE: ghosts too\nRegion * rp_shared, rp_ghost GPU ZCMEM;\n=== END"});
  auto store = created();
  const auto report = search("reflect", model, store);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(candidates(store).size(), 3u);
  EXPECT_DOUBLE_EQ(best_seconds(*report), 5);
}

TEST_F(ReflectTest, TheNextRoundKnowsResultsAnchorsLessonsEffectsAndGaps) {
  settings_.iterations = 2;
  const auto model = in_turn({kTwo, kTwo});
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  EXPECT_THAT(told(*model, 0),
              AllOf(HasSubstr("Write 4 mappings"), Not(HasSubstr("Results so far"))));
  EXPECT_THAT(told(*model, 1),
              AllOf(HasSubstr("Results so far, best first"),
                    HasSubstr("#1, default: 10 s [10, 10]: Legion's default mapper's decisions"),
                    HasSubstr("#3 6 s [6, 6]: as #"), HasSubstr("in modelled time"),
                    HasSubstr("Anchor 1, #3:\n```\nRegion * rp_shared GPU ZCMEM;\n```"),
                    HasSubstr("- zero-copy memory suits shared nodes"), HasSubstr("time x 0.462: "),
                    HasSubstr("Nobody has tried yet"), HasSubstr("update: CPU")));
}

TEST_F(ReflectTest, OfAMaximizedMetricMoreIsBetterInEveryPrompt) {
  search_.metric = {"RATE = (.*)", tune::Direction::Maximize, "points/s"};
  evaluator_ = std::make_unique<tune::ScriptedEvaluator>(
      tune::circuit_workload(), clock_, [](const auto& decisions) {
        tune::RunResult result = tune::shared_together(decisions);
        result.metric = 1000 / result.metric;
        return result;
      });
  settings_.iterations = 2;
  const auto model = in_turn({kTwo, kTwo});
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  EXPECT_THAT(told(*model, 0),
              HasSubstr("a number that the application prints, in points/s. More is better."));
  EXPECT_THAT(told(*model, 1), AllOf(HasSubstr("#3 166.7 points/s [166.7, 166.7]: as #"),
                                     HasSubstr("Anchor 1, #3:"), HasSubstr("metric x 2.167: ")));
}

TEST_F(ReflectTest, AnAnswerThatRepeatsEarlierDecisionsIsToldSo) {
  settings_.iterations = 3;
  const auto model = in_turn({kTwo, kTwo, kTwo});
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  EXPECT_THAT(told(*model, 1), Not(HasSubstr("had been tried before")));
  EXPECT_THAT(told(*model, 2),
              AllOf(HasSubstr("What you proposed last although its decisions had been tried "
                              "before:\n- halves: as #"),
                    HasSubstr("- both: as #3")));
}

TEST_F(ReflectTest, AfterManyFailuresItStaysCloseToWhatWorks) {
  evaluator_ = std::make_unique<tune::ScriptedEvaluator>(
      tune::circuit_workload(), clock_, [](const auto& decisions) {
        tune::RunResult result = tune::shared_together(decisions);
        if (result.metric != 10) {
          result.status = tune::Status::OutOfMemory;
          result.memory = machine::MemoryKind::ZcMem;
          result.message = "no room";
        }
        return result;
      });
  settings_.iterations = 2;
  const auto model = in_turn({kTwo, "=== END"});
  auto store = created();
  ASSERT_FALSE(search("reflect", model, store)) << "the script has no third answer";
  EXPECT_THAT(told(*model, 1), AllOf(HasSubstr("Many of the last mappings failed"),
                                     HasSubstr("out-of-memory (ZCMEM): no room")));
}

TEST_F(ReflectTest, FindingsOfTheAnchorAreTold) {
  evaluator_->findings = [](const workload::ResolvedDecisions&) {
    explain::Finding finding;
    finding.kind = explain::FindingKind::IdleProcessors;
    finding.weight = 0.5;
    finding.what = "GPU 3 is idle";
    finding.advice = "spread the points";
    return std::vector{finding};
  };
  settings_.iterations = 2;
  const auto model = in_turn({kTwo, kTwo});
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  EXPECT_THAT(told(*model, 1),
              AllOf(HasSubstr("GPU 3 is idle"), HasSubstr("Try: spread the points")));
}

TEST_F(ReflectTest, AdviceThatARunHasShownToBeWrongIsNotTold) {
  // Both say the same of the default mapper: wires in zero-copy memory, which costs 10 s.
  evaluator_ = std::make_unique<tune::ScriptedEvaluator>(
      tune::circuit_workload(), clock_, [](const workload::ResolvedDecisions& decisions) {
        tune::RunResult result = tune::shared_together(decisions);
        if (decisions.tasks[0].arguments[2].memory == machine::MemoryKind::ZcMem)
          result.metric += 10;
        return result;
      });
  evaluator_->findings = [](const workload::ResolvedDecisions&) {
    explain::Finding finding;
    finding.kind = explain::FindingKind::CostlyCopies;
    finding.weight = 0.5;
    finding.what = "wires are copied";
    finding.advice = "keep them in one memory";
    finding.edits = {{"keep `rp_wires` in ZCMEM", "Region calc rp_wires GPU ZCMEM;\n"}};
    return std::vector{finding};
  };
  settings_.iterations = 3;
  const auto model = in_turn({"=== CANDIDATE: ghosts\nRegion * rp_ghost GPU ZCMEM;\n=== END",
                              "=== CANDIDATE: wires\nRegion calc rp_wires GPU ZCMEM;\n=== END",
                              "=== CANDIDATE: nothing\nTask * CPU;\n=== END"});
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  EXPECT_THAT(told(*model, 1), HasSubstr("Try: keep them in one memory"));
  EXPECT_THAT(told(*model, 2),
              AllOf(HasSubstr("wires are copied"), Not(HasSubstr("Try: keep them in one memory")),
                    HasSubstr("were tried and made the run slower or fail")));
}

TEST_F(ReflectTest, InvalidMappingsOfABatchAreRepairedTogether) {
  settings_.iterations = 1;
  const auto model = in_turn(
      {"=== CANDIDATE: good\nTask calc CPU;\n=== CANDIDATE: bad\nTask calc GPUS;\n"
       "=== CANDIDATE: worse\nRegion * rp_shared GPU FBMME;\n=== END",
       "=== CANDIDATE:\nTask update CPU;\n=== CANDIDATE:\nRegion * rp_shared GPU ZZ;\n=== END"});
  auto store = created();
  const auto report = search("reflect", model, store);
  ASSERT_TRUE(report);
  EXPECT_THAT(told(*model, 1), AllOf(HasSubstr("these 2 mappings, in the same order"),
                                     HasSubstr("GPUS"), HasSubstr("FBMME")));
  EXPECT_EQ(candidates(store).size(), 2u);
  EXPECT_THAT(report->strategy,
              HasSubstr("2 tried + 0 known before + 1 invalid + 0 not tried; 1 were repaired"));
}

TEST_F(ReflectTest, OffersGrammarsOfTheApplication) {
  const auto model = always("=== CANDIDATE: x\nTask calc CPU;\n=== END");
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  const llm::OutputForm form = model->requests().at(0).form;
  EXPECT_THAT(form.gbnf, HasSubstr("rp_wires"));
  EXPECT_THAT(form.lark, HasSubstr("rp_wires"));
  EXPECT_THAT(form.json_schema, HasSubstr("rp_wires"));
}

TEST_F(ReflectTest, AnAnswerInJsonIsAskedForWithAnExampleAndNoGrammar) {
  const auto model = always("=== CANDIDATE: x\nTask calc CPU;\n=== END");
  auto store = created();
  ASSERT_TRUE(search("reflect", model, store));
  const llm::Request request = model->requests().at(0);
  const std::string& json = request.form.json_system;
  EXPECT_THAT(json, AllOf(Not(HasSubstr("Grammar:")), Not(HasSubstr("=== CANDIDATE")),
                          HasSubstr("Of two rules with the same key")));
  EXPECT_THAT(request.messages.at(0).text,
              AllOf(HasSubstr("Grammar:"), HasSubstr("=== CANDIDATE"), Not(HasSubstr("JSON"))));
  // The example is an answer.
  const size_t begin = json.find("{\"lessons\"");
  const std::string example = json.substr(begin, json.find("\n\n", begin) - begin);
  const auto read = read_mappings(example, 4, /*truncated=*/false);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->drafts.size(), 1u);
  EXPECT_THAT(read->drafts[0].mapping, AllOf(HasSubstr("Region calc 3 * FBMEM;"),
                                             HasSubstr("SingleTaskMap init place_0_1_gpu;")));
}

}  // namespace
}  // namespace placewright::agent
