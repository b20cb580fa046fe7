// SPDX-License-Identifier: Apache-2.0
#include "tune/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"
#include "scripted_evaluator.h"
#include "support/json.h"
#include "tune/comparison_report.h"

namespace placewright::tune {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kGpu = "Task * GPU;\n";
constexpr const char* kCpu = "Task * CPU;\n";

class ComparisonTest : public testing::Test {
 protected:
  /// 10 s on GPUs, 50 s on CPUs.
  static RunResult by_kind(const workload::ResolvedDecisions& decisions) {
    return shared_together(decisions);
  }

  Result<Comparison> run(std::vector<ComparedMapping> mappings) {
    settings_.command = {"circuit"};
    return compare({settings_,
                    evaluator_,
                    circuit_workload().machine,
                    std::move(mappings),
                    rounds_,
                    10,
                    {},
                    [&](const std::string& text) { notes_ += text; },
                    [&](const std::string& text) { running_.push_back(text); }});
  }

  Comparison compared(std::vector<ComparedMapping> mappings) {
    auto result = run(std::move(mappings));
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }

  Settings settings_;
  int rounds_ = 3;
  FakeClock clock_;
  RunResult fails_on_cpu_ = {Status::Crash, "signal 11", {}, 0, "", 0};
  ScriptedEvaluator evaluator_{circuit_workload(), clock_, by_kind};
  std::string notes_;
  std::vector<std::string> running_;
};

TEST_F(ComparisonTest, TakesTurnsAndGivesTheRatioToTheFirst) {
  rounds_ = 2;
  const Comparison result = compared({{"a", kGpu, ""}, {"b", kCpu, ""}});
  EXPECT_FALSE(result.failed());
  EXPECT_THAT(result.rows[0].samples, ElementsAre(10, 10));
  EXPECT_THAT(result.rows[1].samples, ElementsAre(50, 50));
  EXPECT_THAT(running_,
              ElementsAre("discovery run", "untimed run: a", "untimed run: b", "round 1 of 2: a",
                          "round 1 of 2: b", "round 2 of 2: b", "round 2 of 2: a"));
  EXPECT_THAT(render(result), HasSubstr("5.000 [5.000, 5.000]"));
  EXPECT_THAT(render(result), HasSubstr("checksums are equal: c0ffee"));
  EXPECT_THAT(render(result), HasSubstr("GPU -> CPU: `calc`"));
  EXPECT_THAT(render(result), HasSubstr("too few rounds to tell"));
}

TEST_F(ComparisonTest, SaysWhichIsFasterWhereTheWholeIntervalDoes) {
  EXPECT_THAT(render(compared({{"a", kGpu, ""}, {"b", kCpu, ""}})), HasSubstr("slower\n"));
  EXPECT_THAT(render(compared({{"b", kCpu, ""}, {"a", kGpu, ""}})), HasSubstr("faster\n"));
}

TEST_F(ComparisonTest, EqualDecisionsLeaveNothingToExpect) {
  const Comparison result = compared({{"default", std::nullopt, ""},
                                      {"a", kGpu, ""},
                                      {"b", "Task * GPU, CPU;\n", ""},
                                      {"c", kGpu, ""}});
  EXPECT_FALSE(result.changes[0]) << "the reference";
  for (const size_t i : {1, 2, 3}) EXPECT_TRUE(result.changes[i]->same()) << i;
  const Comparison pair = compared({{"a", kGpu, ""}, {"c", "# The same.\nTask * GPU;\n", ""}});
  EXPECT_TRUE(pair.changes[1]->same_rules);
  EXPECT_THAT(render(pair),
              HasSubstr("c decides like a in every case: no difference is to be expected"));
}

TEST_F(ComparisonTest, MistakesAreFoundBeforeAnythingRunsAndTheOthersAreCompared) {
  const Comparison result = compared({{"wrong", "Task * GPUS;\n", ""},
                                      {"a", kGpu, ""},
                                      {"missing", std::nullopt, "no such file"},
                                      {"b", kCpu, ""}});
  EXPECT_TRUE(result.failed());
  EXPECT_EQ(result.reference, 1u);
  EXPECT_THAT(result.rows[0].message, HasSubstr("wrong:1:8: error: unknown processor kind"));
  EXPECT_EQ(result.rows[2].message, "no such file");
  EXPECT_FALSE(result.changes[0] || result.changes[2]);
  EXPECT_THAT(result.rows[3].samples, SizeIs(3));
  EXPECT_THAT(render(result), HasSubstr("rejected-mapping: wrong:1:8: error: unknown"));
}

TEST_F(ComparisonTest, OneMappingIsNoComparison) {
  const Comparison result = compared({{"a", kGpu, ""}, {"wrong", "Task * GPUS;\n", ""}});
  EXPECT_TRUE(result.failed());
  EXPECT_EQ(evaluator_.discoveries + evaluator_.verifications + evaluator_.timings, 0);
  EXPECT_THAT(render(result), Not(HasSubstr("not verified")));
}

TEST_F(ComparisonTest, AnotherChecksumIsAnError) {
  ScriptedEvaluator evaluator(circuit_workload(), clock_, [](const auto& decisions) {
    RunResult result = by_kind(decisions);
    if (result.metric == 50) result.checksum = "bad";
    return result;
  });
  settings_.command = {"circuit"};
  const auto result = compare({settings_,
                               evaluator,
                               circuit_workload().machine,
                               {{"a", kGpu, ""}, {"b", kCpu, ""}, {"c", kGpu, ""}}});
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->failed());
  EXPECT_EQ(result->rows[1].status, Status::WrongResult);
  EXPECT_EQ(result->rows[1].message, "checksum bad, and `a` prints c0ffee");
  EXPECT_THAT(result->rows[1].samples, IsEmpty());
  EXPECT_THAT(result->rows[2].samples, SizeIs(7));
  EXPECT_THAT(render(*result), HasSubstr("checksums DIFFER"));
}

TEST_F(ComparisonTest, JsonHasEverySampleAndEveryDecision) {
  const auto json = parse_json(to_json(compared({{"a", kGpu, ""}, {"b\x1b", kCpu, ""}})));
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ((*json)["kind"], "measured");
  EXPECT_EQ((*json)["unit"], "s");
  EXPECT_EQ((*json)["reference"], "a");
  const auto& second = (*json)["mappings"][1];
  EXPECT_EQ(second["samples"].size(), 3u);
  EXPECT_EQ(second["ratio_to_reference"]["median"], 5.0);
  EXPECT_EQ(second["verdict"], "slower");
  EXPECT_EQ(second["decisions"]["differences"][0]["change"], "GPU -> CPU");
  EXPECT_FALSE((*json)["mappings"][0].contains("decisions"));
}

}  // namespace
}  // namespace placewright::tune
