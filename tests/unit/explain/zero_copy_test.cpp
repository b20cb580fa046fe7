// SPDX-License-Identifier: Apache-2.0
#include "explain/zero_copy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace placewright::explain {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(ZeroCopy, KernelsThatReachOverTheBusAreReported) {
  Observation run = sample_run("Task * GPU, CPU;\nRegion * own GPU ZCMEM;\n");
  run.bus_bytes_per_second = 15.75e9;
  // 1 MiB over 15.75 GB/s takes 66.6 us of a kernel's 100 us.
  for (auto& row : run.profile->tasks) row.median_s = 100e-6;
  for (auto& row : run.profile->tasks) row.count = 9000;
  auto findings = explained(run, FindingKind::SlowZeroCopy);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_NEAR(findings[0].weight, 0.666 * 0.9, 1e-2);
  EXPECT_THAT(findings[0].what, HasSubstr("at least 66.6 us of it on bus accesses"));
  EXPECT_THAT(rules(findings[0]), ElementsAre("Region * own GPU FBMEM;\n"));
  EXPECT_THAT(findings[0].lines, ElementsAre(MappingLine{2, "Region * own GPU ZCMEM;"}));
  // The same in a run of modelled time: 100 ms of wall time are 100 us.
  for (auto& row : run.profile->tasks) row.median_s = 100e-3;
  for (auto& row : run.profile->tasks) row.count = 9;
  run.time_scale = 1000;
  EXPECT_THAT(explained(run, FindingKind::SlowZeroCopy), SizeIs(1));
}

TEST(ZeroCopy, SlowZeroCopyIsJudgedByTheBusOfTheMachine) {
  Observation run = sample_run("Task * GPU, CPU;\nRegion * own GPU ZCMEM;\n");
  for (auto& row : run.profile->tasks) row.median_s = 100e-6;
  for (auto& row : run.profile->tasks) row.count = 9000;
  EXPECT_THAT(explained(run, FindingKind::SlowZeroCopy), IsEmpty()) << "the bus is not known";
  // 1 MiB over 31.5 GB/s takes 33.3 us of a kernel's 100 us.
  run.bus_bytes_per_second = 31.5e9;
  const auto findings = explained(run, FindingKind::SlowZeroCopy);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].what, HasSubstr("at least 33.3 us of it on bus accesses"));
  // Over 55.43 GB/s it takes 18.9 us: less than a quarter.
  run.bus_bytes_per_second = 55.43e9;
  EXPECT_THAT(explained(run, FindingKind::SlowZeroCopy), IsEmpty());
}

TEST(ZeroCopy, SmallSharedDataInZeroCopyMemoryIsNotReported) {
  Observation run = sample_run("Task * GPU, CPU;\nRegion * ghost GPU ZCMEM;\n");
  run.bus_bytes_per_second = 15.75e9;
  // 1 KiB takes 65 ns of 9 ms.
  EXPECT_THAT(explained(run, FindingKind::SlowZeroCopy), IsEmpty());
}

}  // namespace
}  // namespace placewright::explain
