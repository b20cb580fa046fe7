// SPDX-License-Identifier: Apache-2.0
#include "agent/optimizers/archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "circuit_workload.h"
#include "workload/candidate.h"

namespace placewright::agent {
namespace {

using explain::FindingKind;
using testing::ElementsAre;
using testing::HasSubstr;

class ArchiveTest : public testing::Test {
 protected:
  void add(int64_t id, const std::string& mapping, double seconds, double copies = 0) {
    Entry entry;
    entry.id = id;
    entry.mapping = mapping;
    entry.decisions =
        workload::compile_candidate("m", mapping, space_.workload(), space_.machine()).decisions;
    entry.outcome.value = seconds;
    entry.outcome.interval = {seconds, 0.98 * seconds, 1.02 * seconds, 0.75, 3};
    explain::Finding finding;
    finding.kind = FindingKind::CostlyCopies;
    finding.weight = copies;
    entry.outcome.findings = {finding};
    archive_.add(entry);
  }
  void add_failure(int64_t id, const std::string& message) {
    Entry entry;
    entry.id = id;
    entry.outcome.status = tune::Status::Crash;
    entry.outcome.message = message;
    archive_.add(entry);
  }

  tune::SearchSpace space_{tune::circuit_workload(), tune::circuit_workload().machine};
  Archive archive_{space_};
};

TEST_F(ArchiveTest, FrontHoldsWhatNothingBeatsInTimeAndCopies) {
  add(1, "Task * GPU, CPU;", 10, 0.5);                   // 5 s in copies
  add(2, "Region * rp_shared GPU ZCMEM;", 8, 0.5);       // 4 s: beats the first
  add(3, "Region * rp_shared, rp_ghost GPU ZCMEM;", 9);  // none, but slower than the second
  add(4, "Region * * GPU ZCMEM;", 12);                   // none, and slower than the third
  EXPECT_THAT(archive_.front(), ElementsAre(1u, 2u));
}

TEST_F(ArchiveTest, AnchorsAreTheFastestAndALittleUsedMemberOfTheFront) {
  EXPECT_TRUE(archive_.anchors().empty());
  add(1, "Task * GPU, CPU;", 10, 0.5);
  EXPECT_THAT(archive_.anchors(), ElementsAre(0u));
  add(2, "Region * rp_shared GPU ZCMEM;", 8, 0.5);
  add(3, "Region * rp_shared, rp_ghost GPU ZCMEM;", 9);
  EXPECT_THAT(archive_.anchors(), ElementsAre(1u, 2u));
}

TEST_F(ArchiveTest, TheParentIsTheNearestThatRan) {
  add(1, "Task * GPU, CPU;", 10);
  add(2, "Task * CPU;", 50);
  add_failure(3, "no");
  add(4, "Region update rp_shared GPU ZCMEM;", 9);
  EXPECT_EQ(archive_.entries()[3].parent, 0u);
  EXPECT_EQ(archive_.entries()[3].distance, 1);
  EXPECT_EQ(archive_.entries()[0].children, 2);
}

TEST_F(ArchiveTest, EffectsAreOfSmallStepsWithTheStrongestFirst) {
  add(1, "Task * GPU, CPU;", 10);
  add(2, "Region update rp_shared GPU ZCMEM;", 9);
  add(3, "Region update rp_shared GPU ZCMEM;\nRegion calc rp_wires GPU ZCMEM;", 36);
  EXPECT_THAT(
      archive_.effects(8),
      ElementsAre("time x 4.000: FBMEM -> ZCMEM: `calc` argument 2 (rp_wires) (#3 against #2)",
                  "time x 0.900: FBMEM -> ZCMEM: `update` argument 0 (rp_shared) (#2 "
                  "against #1)"));
}

TEST_F(ArchiveTest, EffectsAreClaimedOnlyWhereTheRunsDifferClearly) {
  add(1, "Task * GPU, CPU;", 10);
  add(2, "Region update rp_shared GPU ZCMEM;", 9.8);  // [9.6, 10] and [9.8, 10.2]
  EXPECT_TRUE(archive_.effects(8).empty());
}

TEST_F(ArchiveTest, TheSecondAnchorTakesAtMostHalfAsLongAgain) {
  add(1, "Task * GPU, CPU;", 10, 0.5);
  add(2, "Region * * GPU ZCMEM;", 15.1);  // on the front, because it has no copies
  EXPECT_THAT(archive_.anchors(), ElementsAre(0u));
  add(3, "Region * rp_shared, rp_ghost GPU ZCMEM;", 14.9);
  EXPECT_THAT(archive_.anchors(), ElementsAre(0u, 2u));
}

TEST_F(ArchiveTest, DifferencesAreFromTheNearestOfThoseThatAreShown) {
  add(1, "Task * GPU, CPU;", 10);
  add(2, "Region calc rp_wires GPU ZCMEM;", 36);
  add(3, "Region calc rp_wires GPU ZCMEM;\nRegion update rp_shared GPU ZCMEM;", 35);
  EXPECT_EQ(archive_.difference_from_nearest(0, {0, 1, 2}), "Legion's default mapper's decisions");
  EXPECT_EQ(archive_.difference_from_nearest(2, {0, 1, 2}),
            "as #2, but FBMEM -> ZCMEM: `update` argument 0 (rp_shared)");
  EXPECT_THAT(archive_.difference_from_nearest(2, {0, 2}), HasSubstr("as #1, but FBMEM -> ZCMEM"));
}

TEST_F(ArchiveTest, TheNamedOnesAreAlwaysListed) {
  Entry expert;
  expert.name = "expert";
  expert.outcome.value = 100;
  expert.decisions =
      workload::compile_candidate("m", "Task calc CPU;", space_.workload(), space_.machine())
          .decisions;
  archive_.add(expert);
  add(2, "Task * GPU, CPU;", 10);
  add(3, "Task * CPU;", 50);
  EXPECT_THAT(archive_.best_and_named(1), ElementsAre(1u, 0u));
}

TEST_F(ArchiveTest, WhatFailedIsNotCalledUntried) {
  Entry entry;
  entry.decisions =
      workload::compile_candidate("m", "Task * CPU;", space_.workload(), space_.machine())
          .decisions;
  entry.outcome.status = tune::Status::OutOfMemory;
  archive_.add(entry);
  EXPECT_THAT(archive_.untried(100), testing::Not(testing::Contains("calc: CPU")));
}

TEST_F(ArchiveTest, UntriedChoicesCountOnlyWhileTheyHaveAnEffect) {
  add(1, "Region calc rp_wires GPU ZCMEM;\nTask update CPU;\nTask * GPU, CPU;", 10);
  const std::vector<std::string> untried = archive_.untried(100);
  EXPECT_THAT(untried, testing::Contains("calc: CPU"));
  EXPECT_THAT(untried, testing::Contains("update: GPU"));
  EXPECT_THAT(untried, testing::Contains("calc argument 2 (rp_wires) on GPU: FBMEM"));
  EXPECT_THAT(untried, testing::Contains("update argument 0 (rp_shared) on GPU: FBMEM, ZCMEM"));
}

TEST_F(ArchiveTest, FailuresAreTheNewestWithDifferentMessages) {
  add_failure(1, "a");
  add_failure(2, "b");
  add_failure(3, "b");
  EXPECT_THAT(archive_.failures(5), ElementsAre(2u, 0u));
  EXPECT_EQ(archive_.difference_from_nearest(0, {}), "");
}

TEST_F(ArchiveTest, DifferencesFromTheDefaultAreData) {
  workload::Workload workload = tune::circuit_workload();
  workload.tasks[0].name = "calc\nIgnore this";
  const tune::SearchSpace space(workload, workload.machine);
  Archive archive(space);
  Entry entry;
  entry.decisions =
      workload::compile_candidate("m", "Task * CPU;", workload, workload.machine).decisions;
  archive.add(entry);
  const std::string line = archive.difference_from_nearest(0, {});
  EXPECT_THAT(line, HasSubstr("calc Ignore this"));
  EXPECT_EQ(line.find('\n'), line.npos);
}

TEST_F(ArchiveTest, OfMaximizedValuesTheLargestIsBest) {
  const tune::Metric rate{"RATE = (.*)", tune::Direction::Maximize, "points/s"};
  for (const double value : {100.0, 200.0, 150.0}) {
    Entry entry;
    entry.outcome.value = value;
    entry.outcome.metric = rate;
    archive_.add(entry);
  }
  EXPECT_THAT(archive_.best(2), testing::ElementsAre(1, 2));
}

}  // namespace
}  // namespace placewright::agent
