// SPDX-License-Identifier: Apache-2.0
#include "explain/dead_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace placewright::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Finding> dead(const std::string& mapping) {
  const workload::Workload workload = sample_workload();
  const workload::Candidate candidate =
      workload::compile_candidate("m", mapping, workload, workload.machine);
  EXPECT_NE(candidate.policy, nullptr) << candidate.messages;
  if (candidate.policy == nullptr) return {};
  return dead_rule_findings(candidate, workload);
}

std::vector<int> lines(const std::vector<Finding>& findings) {
  std::vector<int> result;
  for (const Finding& finding : findings) result.push_back(finding.lines.front().line);
  return result;
}

TEST(DeadRules, RulesThatDecideAreNotReported) {
  EXPECT_THAT(dead("Task * GPU, CPU;\nRegion * ghost GPU ZCMEM;\nRegion * * GPU FBMEM;\n"
                   "Layout * * * C_order;\nInstanceLimit step 2;\nPriority step 3;\n"
                   "CollectMemory step ghost;\nm = Machine(GPU);\n"
                   "def f(Task t) { return m[0, 0]; }\nIndexTaskMap step f;\n"),
              IsEmpty());
}

TEST(DeadRules, ARuleAfterOneWithTheSameKeyIsReported) {
  const auto findings = dead("Task step CPU;\nTask step GPU;\n");
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].why, HasSubstr("the first one wins"));
  EXPECT_THAT(findings[0].lines,
              ElementsAre(MappingLine{2, "Task step GPU;"}, MappingLine{1, "Task step CPU;"}));
  EXPECT_EQ(findings[0].weight, 0);
}

TEST(DeadRules, RulesForUnknownNamesAreReported) {
  const auto findings = dead("Task stp GPU;\nRegion * ghosts GPU ZCMEM;\n");
  EXPECT_THAT(lines(findings), ElementsAre(1, 2));
  EXPECT_EQ(findings[0].advice, "did you mean `step`?");
  EXPECT_THAT(findings[1].why, HasSubstr("`ghosts`"));
}

TEST(DeadRules, ARuleIsReportedWhereMoreExactOnesDecideEverywhere) {
  const auto findings =
      dead("Task * OMP, CPU;\nTask fold GPU;\nTask init GPU;\nTask step GPU;\nTask top CPU;\n");
  EXPECT_THAT(lines(findings), ElementsAre(1));
  EXPECT_THAT(findings[0].why, HasSubstr("more specific"));
}

TEST(DeadRules, AConditionThatHoldsForNoLaunchIsReported) {
  const auto findings = dead("Task step CPU if task.ispace[0] > 100;\nTask * GPU, CPU;\n");
  EXPECT_THAT(lines(findings), ElementsAre(1));
  EXPECT_THAT(findings[0].why, HasSubstr("condition"));
}

TEST(DeadRules, LimitsAndMapsForKindsWithoutTasksAreReported) {
  EXPECT_THAT(lines(dead("Task * GPU, CPU;\nInstanceLimit OMP 3;\nm = Machine(CPU);\n"
                         "def f(Task t) { return m[0, 0]; }\nIndexTaskMap CPU f;\n")),
              ElementsAre(2, 5));
}

TEST(DeadRules, ARuleThatIsUsedWhenAMemoryIsFullIsNotReported) {
  EXPECT_THAT(dead("Task * GPU, CPU;\nRegion step own GPU FBMEM;\nRegion * own GPU ZCMEM;\n"),
              IsEmpty());
}

}  // namespace
}  // namespace placewright::explain
