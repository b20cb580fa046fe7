// SPDX-License-Identifier: Apache-2.0
#include "tune/inputs.h"

#include <gmock/gmock.h>

#include "search_fixture.h"

namespace placewright::tune {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;

class InputsTest : public SearchTest {
 protected:
  InputsTest() {
    make = [](const SearchSpace& space, uint64_t seed) -> Result<std::unique_ptr<Strategy>> {
      return make_descent_strategy(space, seed);
    };
    search_.evaluations = 20;
    Input large;
    large.name = "large";
    large.command = {"circuit", "-large"};
    search_.inputs = {large};
  }
  SeveralInputs both() {
    return SeveralInputs({{"small", {"small-mapper"}, evaluator_.get(), nullptr},
                          {"large", {"large-mapper"}, &large_, nullptr}});
  }
  /// Four times the small input, and what helps there hurts here.
  ScriptedEvaluator large_{circuit_workload(), clock_,
                           [](const workload::ResolvedDecisions& decisions) {
                             RunResult result = shared_together(decisions);
                             result.metric = 400 / result.metric;
                             result.checksum = "beef";
                             return result;
                           }};
};

TEST_F(InputsTest, AValueIsTheGeometricMean) {
  SeveralInputs inputs = both();
  const auto result = inputs.time({}, 1);
  ASSERT_TRUE(result);
  EXPECT_THAT(result->by_input, ElementsAre(10, 40));
  EXPECT_THAT(result->metric, DoubleEq(20));
  EXPECT_EQ(result->wall_s, 4);
}

TEST_F(InputsTest, TheChecksumIsThatOfAll) {
  SeveralInputs inputs = both();
  EXPECT_EQ(inputs.verify({})->checksum, "c0ffee beef");
}

TEST_F(InputsTest, AFailureNamesItsInput) {
  ScriptedEvaluator full(circuit_workload(), clock_, [](const workload::ResolvedDecisions&) {
    return RunResult{Status::OutOfMemory, "no room"};
  });
  SeveralInputs inputs({{"small", {}, evaluator_.get(), nullptr}, {"large", {}, &full, nullptr}});
  const auto result = inputs.time({}, 1);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, Status::OutOfMemory);
  EXPECT_EQ(result->message, "input `large`: no room");
}

TEST_F(InputsTest, WhatTheyLaunchIsMerged) {
  SeveralInputs inputs = both();
  const auto workload = inputs.discover();
  ASSERT_TRUE(workload);
  EXPECT_EQ(workload->tasks.size(), circuit_workload().tasks.size());
  EXPECT_EQ(evaluator_->discoveries + large_.discoveries, 2);
}

TEST_F(InputsTest, AGainOfOneInputThatAnotherLosesIsNone) {
  SeveralInputs inputs = both();
  StudyStore store = created();
  const auto progress = make_silent_progress();
  Budget budget(clock_, search_.budget_s);
  const auto report = run_search({search_, inputs, store, budget, *progress, make, {}});
  ASSERT_TRUE(report) << report.error().message;
  // The product of both values is 400 whatever the mapping.
  for (const Evaluation& each : candidates(store)) EXPECT_NEAR(*each.median, 20, 1e-9);
  EXPECT_EQ(report->gain, Gain::None);
}

TEST_F(InputsTest, TheReportShowsEachInput) {
  ScriptedEvaluator twice(circuit_workload(), clock_,
                          [](const workload::ResolvedDecisions& decisions) {
                            RunResult result = shared_together(decisions);
                            result.metric *= 4;
                            return result;
                          });
  SeveralInputs inputs({{"small", {}, evaluator_.get(), nullptr}, {"large", {}, &twice, nullptr}});
  StudyStore store = created();
  const auto progress = make_silent_progress();
  Budget budget(clock_, search_.budget_s);
  const auto report = run_search({search_, inputs, store, budget, *progress, make, {}});
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(find_measured(*report, "default")->by_input[1].front(), DoubleEq(40));
  EXPECT_THAT(render(*report),
              HasSubstr("input `large`: best 20 s, 0.500 [0.500, 0.500] of default"));
}

}  // namespace
}  // namespace placewright::tune
