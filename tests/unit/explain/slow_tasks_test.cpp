// SPDX-License-Identifier: Apache-2.0
#include "explain/slow_tasks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace placewright::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(SlowTasks, ABusyRunHasOneFindingAboutItsBusiestProcessor) {
  // 0.9 s of 1 s: at least half on one processor.
  const auto findings = explain(sample_run());
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].kind, FindingKind::BusiestProcessor);
  EXPECT_NEAR(findings[0].weight, 0.9, 1e-9);
  EXPECT_EQ(findings[0].what, "GPU 0 of node 0 is at work for 900 ms, 90 % of the run");
  EXPECT_THAT(facts(findings[0], "top task"), ElementsAre("`step`: 900 ms in 100 runs"));
  EXPECT_THAT(findings[0].why, HasSubstr("lower bound"));
}

TEST(SlowTasks, IdleProcessorsAreListedWithTheirShares) {
  Observation run = sample_run();
  // Idle: (0.8 + 0.4) / 2 of a window of 1 s, 60 % on the mean.
  run.profile->processors[0].busy_s = 0.2;
  run.profile->processors[1].busy_s = 0.6;
  const auto findings = explained(run, FindingKind::IdleProcessors);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.6, 1e-9);
  EXPECT_EQ(findings[0].what,
            "the GPU processors are idle 60 % of the time in which they are used");
  EXPECT_THAT(facts(findings[0], "idle"),
              ElementsAre("GPU 0 of node 0: 80 % of 1 s", "GPU 1 of node 0: 40 % of 1 s"));
  EXPECT_THAT(findings[0].lines, ElementsAre(MappingLine{1, "Task * GPU, CPU;"}));
}

TEST(SlowTasks, IdlenessIsAttributedToItsLargestCause) {
  Observation run = sample_run();
  for (auto& each : run.profile->processors) each.busy_s = std::min(each.busy_s, 0.2);
  EXPECT_THAT(explained(run, FindingKind::IdleProcessors)[0].why, HasSubstr("runtime"));
  run.profile->copies = {
      {kFrameBuffer0, kFrameBuffer1, "ghost", "own", "step", 1, 10, 1000, 0.5, 0, false}};
  EXPECT_THAT(explained(run, FindingKind::IdleProcessors)[0].why, HasSubstr("wait for copies"));
  run.workload->tasks[2].launches[0].domain.hi.at[0] = 0;
  EXPECT_THAT(explained(run, FindingKind::IdleProcessors)[0].why,
              HasSubstr("at most 1 points at a time for 2 processors"));
}

TEST(SlowTasks, UnusedProcessorsGetMapsThatUseThem) {
  Observation run = sample_run(std::string(kOnGpus) +
                               "m = Machine(GPU);\ndef f(Task t) { return m[0, 0]; }\n"
                               "IndexTaskMap step f;\n");
  run.profile->tasks.pop_back();
  run.profile->processors[0].busy_s = 0.7;
  run.profile->processors[1] = {"GPU", 0, 1, 0, 0, 0, 1};
  const auto findings = explained(run, FindingKind::IdleProcessors);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].edits, SizeIs(3));
  EXPECT_THAT(findings[0].lines.back(), (MappingLine{5, "IndexTaskMap step f;"}));
}

TEST(SlowTasks, ImbalanceIsReportedByTaskAndProcessor) {
  Observation run = sample_run();
  // 100 x 9 ms against 100 x 1 ms: mean 0.5 s, most 0.9 s.
  run.profile->tasks[1].median_s = 0.001;
  const auto findings = explained(run, FindingKind::Imbalance);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.4, 1e-9);
  EXPECT_EQ(findings[0].what,
            "GPU 0 of node 0 is busy with `step` for 900 ms, 1.8 times the mean over 2 processors");
  EXPECT_THAT(facts(findings[0], "at work"),
              ElementsAre("GPU 1 of node 0: 100 x 1 ms", "GPU 0 of node 0: 100 x 9 ms"));
  EXPECT_THAT(findings[0].edits, SizeIs(3));
}

TEST(SlowTasks, ImbalanceOfFewRunsOrFewPointsIsNotReported) {
  Observation run = sample_run();
  run.profile->tasks[1].median_s = 0.001;
  run.workload->tasks[2].launches[0].domain.hi.at[0] = 0;
  EXPECT_THAT(explained(run, FindingKind::Imbalance), IsEmpty());
  run = sample_run();
  run.profile->tasks[0].count = 1;
  run.profile->tasks[1].count = 1;
  run.profile->tasks[1].median_s = 0.0001;
  EXPECT_THAT(explained(run, FindingKind::Imbalance), IsEmpty());
}

TEST(SlowTasks, MapperCallsAreReportedFromATwentiethOfTheRun) {
  Observation run = sample_run();
  run.profile->mapper_calls = {{"map_task", 1000, 0.1}, {"slice_task", 10, 0.02}};
  auto findings = explained(run, FindingKind::MappingOverhead);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.12, 1e-9);
  EXPECT_THAT(facts(findings[0], "mapper call"),
              ElementsAre("map_task: 1000 x, 100 ms", "slice_task: 10 x, 20 ms"));
  run.profile->mapper_calls = {{"map_task", 10, 0.001}};
  EXPECT_THAT(explained(run, FindingKind::MappingOverhead), IsEmpty());
  run.profile->processors.back().runtime_s = 0.9;
  findings = explained(run, FindingKind::MappingOverhead);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.9, 1e-9);
}

TEST(SlowTasks, OneStragglerPerTaskIsReported) {
  Observation run = sample_run();
  run.profile->tasks[0].longest_s = 0.2;
  run.profile->tasks[1].longest_s = 0.3;
  const auto findings = explained(run, FindingKind::Straggler);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.3, 1e-9);
  EXPECT_EQ(findings[0].what,
            "one run of `step` on GPU 1 of node 0 took 300 ms, its median is 9 ms");
}

TEST(SlowTasks, OneStalledRunIsAStragglerAndNoImbalance) {
  for (const uint64_t count : {uint64_t{2}, uint64_t{3}}) {
    Observation run = sample_run();
    for (auto& row : run.profile->tasks) row.count = count;
    run.profile->tasks[1].longest_s = 0.9;
    // The median of two runs of 9 ms and 900 ms; of three it stays.
    if (count == 2) run.profile->tasks[1].median_s = 0.4545;
    EXPECT_THAT(explained(run, FindingKind::Imbalance), IsEmpty());
    const auto findings = explained(run, FindingKind::Straggler);
    ASSERT_THAT(findings, SizeIs(1));
    EXPECT_EQ(findings[0].what,
              "one run of `step` on GPU 1 of node 0 took 900 ms, its median is 9 ms");
  }
}

TEST(SlowTasks, NoDecisionsAreGuessedUnderAMapperOfTheProgramsOwn) {
  Observation run = sample_run("");
  run.outcome.has_own_mapper = true;
  run.profile->tasks[1].median_s = 0.001;
  const auto findings = explained(run, FindingKind::Imbalance);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].edits, IsEmpty());
  EXPECT_THAT(findings[0].lines, IsEmpty());
}

}  // namespace
}  // namespace placewright::explain
