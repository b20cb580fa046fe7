// SPDX-License-Identifier: Apache-2.0
#include "explain/wrong_kind.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "explain/task_on_kind.h"
#include "samples.h"

namespace placewright::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

/// `step` takes 8 us on each GPU.
Observation small_tasks() {
  Observation run = sample_run();
  for (auto& row : run.profile->tasks) {
    row.median_s = 8e-6;
    row.longest_s = 9e-6;
    row.device_s = 0.05;
  }
  return run;
}

TEST(WrongKind, TasksTooSmallForAGpuAreReportedWithoutAdviceThatNoTimeSupports) {
  const auto findings = explained(small_tasks(), FindingKind::SmallTasks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.05, 1e-9);
  EXPECT_THAT(findings[0].what, HasSubstr("`step` takes 8 us on a GPU"));
  EXPECT_THAT(findings[0].edits, IsEmpty());
}

TEST(WrongKind, ACpuIsAdvisedWhereItWasFaster) {
  Observation run = small_tasks();
  run.earlier[{"step", "CPU"}] = 3e-6;
  const auto findings = explained(run, FindingKind::SmallTasks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(rules(findings[0]), ElementsAre("Task step CPU;\n"));
  EXPECT_THAT(facts(findings[0], "on CPU in another run"), ElementsAre("3 us"));
}

TEST(WrongKind, ACpuIsNotAdvisedWhereItWasSlower) {
  Observation run = small_tasks();
  run.earlier[{"step", "CPU"}] = 103e-6;
  const auto findings = explained(run, FindingKind::SmallTasks);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].edits, IsEmpty());
  EXPECT_THAT(findings[0].advice, HasSubstr("a CPU takes longer"));
}

TEST(WrongKind, AGpuIsAdvisedOnlyUntilARunShowsThatItIsSlower) {
  Observation run = sample_run("Task * CPU;\n");
  run.profile->tasks = {{"step", "cpu", "CPU", 0, 0, 100, 0, 0.8, 0, 0, 0.009, 0.008}};
  run.profile->processors = {{"CPU", 0, 0, 100, 0.8, 0, 1}};
  run.earlier[{"step", "GPU"}] = 0.001;
  const auto findings = explained(run, FindingKind::SlowProcessor);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].why, "it was faster on a GPU");
  run.earlier[{"step", "GPU"}] = 0.02;
  EXPECT_THAT(explained(run, FindingKind::SlowProcessor), IsEmpty());
}

TEST(WrongKind, TimesOfAProfileAreModelledOnes) {
  const TaskTimes times = task_times(*sample_run().profile, 1000);
  EXPECT_DOUBLE_EQ(times.at({"step", "GPU"}), 9e-6);
}

TEST(WrongKind, SmallnessIsJudgedInModelledTime) {
  Observation run = sample_run();
  run.time_scale = 1000;  // 9 ms of wall time are 9 us.
  EXPECT_THAT(explained(run, FindingKind::SmallTasks), SizeIs(1));
  run.time_scale = 1;
  EXPECT_THAT(explained(run, FindingKind::SmallTasks), IsEmpty());
}

TEST(WrongKind, LargeTasksOnACpuAreReportedIfTheyHaveAGpuVariant) {
  Observation run = sample_run("Task * CPU;\n");
  run.profile->tasks = {{"step", "cpu", "CPU", 0, 0, 100, 0, 0.8, 0, 0, 0.009, 0.008},
                        {"top", "cpu", "CPU", 0, 1, 1, 0, 0.4, 0, 0.1, 0.5, 0.4}};
  run.profile->processors = {{"CPU", 0, 0, 100, 0.8, 0, 1}, {"CPU", 0, 1, 1, 0.4, 0, 1}};
  const auto findings = explained(run, FindingKind::SlowProcessor);
  ASSERT_THAT(findings, SizeIs(1));  // `top` has no GPU variant.
  EXPECT_NEAR(findings[0].weight, 0.4, 1e-9);
  EXPECT_THAT(rules(findings[0]), ElementsAre("Task step GPU;\n"));
  EXPECT_THAT(findings[0].lines, ElementsAre(MappingLine{1, "Task * CPU;"}));
}

}  // namespace
}  // namespace placewright::explain
