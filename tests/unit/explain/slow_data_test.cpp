// SPDX-License-Identifier: Apache-2.0
#include "explain/slow_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "samples.h"

namespace placewright::explain {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

profile::CopyProfile copy(std::optional<profile::MemoryPlace> from, profile::MemoryPlace to,
                          double time_s, std::string region = "ghost",
                          std::string consumer = "step", int argument = 1) {
  profile::CopyProfile result;
  result.from = from;
  result.to = to;
  result.region = std::move(region);
  result.source = "own";
  result.consumer = std::move(consumer);
  result.argument = argument;
  result.count = 10;
  result.bytes = 10240;
  result.time_s = time_s;
  return result;
}

TEST(SlowData, CopiesBetweenFrameBuffersAreReportedAsOnePath) {
  Observation run = sample_run();
  run.profile->copies = {copy(kFrameBuffer0, kFrameBuffer1, 0.3),
                         copy(kFrameBuffer1, kFrameBuffer0, 0.1)};
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  // Into two frame buffers at the same time: (0.3 + 0.1) / 2.
  EXPECT_NEAR(findings[0].weight, 0.2, 1e-9);
  EXPECT_EQ(
      findings[0].what,
      "20 copies from FBMEM to FBMEM for argument 1 (`ghost`) of `step` move 20 KiB in 400 ms "
      "(20 % of the run)");
  EXPECT_THAT(facts(findings[0], "copied from"), ElementsAre("instances of `own`"));
  EXPECT_THAT(facts(findings[0], "path"),
              ElementsAre("FBMEM 0 of node 0 -> FBMEM 1 of node 0: 300 ms",
                          "FBMEM 1 of node 0 -> FBMEM 0 of node 0: 100 ms"));
  EXPECT_THAT(rules(findings[0]),
              ElementsAre("Region * ghost GPU ZCMEM;\nRegion * own GPU ZCMEM;\n"));
  EXPECT_THAT(findings[0].lines, ElementsAre(MappingLine{2, "Region * * GPU FBMEM;"}));
}

TEST(SlowData, ZeroCopyMemoryIsNotAdvisedWhereTheBusTakesLonger) {
  Observation run = sample_run();
  // `own` and `ghost` in zero-copy memory: 4 points x 10 launches x 1 MiB and more over two buses of
  // 1 GB/s take at least 21 ms, the copies 20 ms.
  run.bus_bytes_per_second = 1e9;
  run.profile->copies = {copy(kFrameBuffer0, kFrameBuffer1, 0.02)};
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].edits, IsEmpty());
  EXPECT_THAT(facts(findings[0], "zero-copy memory would not help"),
              ElementsAre(HasSubstr("on the bus instead of 20 ms of modelled time of copies")));
  EXPECT_THAT(findings[0].advice, testing::Not(HasSubstr("a memory that all of them see")));
}

TEST(SlowData, ModelledTimesAreCalledSo) {
  Observation run = sample_run();
  run.time_scale = 1000;
  run.bus_bytes_per_second = 1e12;
  run.profile->copies = {copy(kFrameBuffer0, kFrameBuffer1, 0.3)};
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].what, HasSubstr("move 10 KiB in 300 us of modelled time"));
}

TEST(SlowData, CopiesFromTheHostNameTheirWriter) {
  Observation run = sample_run("Task * GPU, CPU;\nTask init CPU;\n");
  run.profile->copies = {copy(kHostMemory, kFrameBuffer1, 0.3, "own", "step", 0)};
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].why, HasSubstr("written in SYSMEM and used in FBMEM"));
  EXPECT_THAT(rules(findings[0]), Contains("Task init GPU;\n"));
  EXPECT_THAT(rules(findings[0]), Contains("Region * own GPU ZCMEM;\nRegion * own CPU ZCMEM;\n"));
}

TEST(SlowData, CopiesBetweenNodesAskForAnotherPlacement) {
  Observation run = sample_run();
  run.workload->machine = run.machine = *machine::MachineShape::parse("nodes=2,GPU=2,CPU=2");
  run.profile->copies = {
      copy(kFrameBuffer0, profile::MemoryPlace{machine::MemoryKind::FbMem, 1, 1}, 0.3)};
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].why, HasSubstr("another node"));
  EXPECT_THAT(findings[0].edits, SizeIs(3));
}

TEST(SlowData, CopiesInsideOneMemoryAreExplainedByOverlappingRegions) {
  Observation run = sample_run();
  run.profile->copies = {copy(kFrameBuffer0, kFrameBuffer0, 0.3)};
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].what, HasSubstr("copies inside of FBMEM"));
  EXPECT_THAT(findings[0].why, HasSubstr("overlap"));
}

TEST(SlowData, FillsAreDistinguishedFromCopies) {
  Observation run = sample_run();
  run.profile->copies = {copy(std::nullopt, kFrameBuffer0, 0.3, "totals", "fold", 0)};
  run.profile->copies[0].source.clear();
  const auto findings = explained(run, FindingKind::CostlyCopies);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].what, HasSubstr("10 fills of FBMEM"));
}

TEST(SlowData, CheapCopiesAndMoreThanFivePathsAreLeftOut) {
  Observation run = sample_run();
  run.profile->copies = {copy(kFrameBuffer0, kFrameBuffer1, 0.01)};
  EXPECT_THAT(explained(run, FindingKind::CostlyCopies), IsEmpty());
  run.profile->copies.clear();
  for (int argument = 0; argument < 9; ++argument)
    run.profile->copies.push_back(copy(kFrameBuffer0, kFrameBuffer1, 0.1, "", "step", argument));
  EXPECT_THAT(explained(run, FindingKind::CostlyCopies), SizeIs(5));
}

TEST(SlowData, ConversionsNameTheLayoutRules) {
  Observation run = sample_run(std::string(kOnGpus) + "Layout step own * C_order;\n");
  run.profile->copies = {copy(kFrameBuffer0, kFrameBuffer0, 0.3, "own", "step", 0)};
  run.profile->copies[0].converts = true;
  const auto findings = explained(run, FindingKind::LayoutConversion);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_THAT(findings[0].why, HasSubstr("rearranges"));
  EXPECT_THAT(findings[0].lines, Contains(MappingLine{3, "Layout step own * C_order;"}));
  EXPECT_THAT(rules(findings[0]), ElementsAre("Layout * \"own\" * SOA C_order;\n"));
  EXPECT_THAT(explained(run, FindingKind::CostlyCopies), IsEmpty());
}

TEST(SlowData, RepeatedlyCreatedInstancesAreReported) {
  Observation run = sample_run(std::string(kOnGpus) + "CollectMemory step ghost;\n");
  profile::InstanceProfile instances{kFrameBuffer0, "ghost", "step", 1, 100, 4, 102400, 1024, 0.1};
  run.profile->instances = {instances};
  auto findings = explained(run, FindingKind::RecreatedInstances);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].what,
            "100 instances of 4 regions were made in FBMEM 0 of node 0 for argument 1 (`ghost`) of "
            "`step`");
  EXPECT_THAT(findings[0].lines, ElementsAre(MappingLine{3, "CollectMemory step ghost;"}));
  instances.distinct = 50;  // Two of each.
  run.profile->instances = {instances};
  EXPECT_THAT(explained(run, FindingKind::RecreatedInstances), IsEmpty());
}

TEST(SlowData, RepeatedReductionInstancesAreNotReported) {
  Observation run = sample_run();
  run.profile->instances = {{kFrameBuffer0, "totals", "fold", 0, 100, 1, 6400, 64, 0.1}};
  EXPECT_THAT(explained(run, FindingKind::RecreatedInstances), IsEmpty());
}

TEST(SlowData, AMemoryThatIsNearlyFullIsReported) {
  Observation run = sample_run();
  run.profile->memories = {{kFrameBuffer1, 1000, 950}, {kHostMemory, 1000, 100}};
  run.profile->instances = {{kFrameBuffer1, "own", "step", 0, 1, 1, 900, 900, 0.1}};
  const auto findings = explained(run, FindingKind::MemoryPressure);
  ASSERT_THAT(findings, SizeIs(1));
  EXPECT_EQ(findings[0].what, "FBMEM 1 of node 0 was filled to 95 %: 950 B of 1000 B");
  EXPECT_THAT(facts(findings[0], "instances"),
              ElementsAre("900 B in 1 for argument 0 (`own`) of `step`"));
  EXPECT_THAT(rules(findings[0]), ElementsAre("Region * own GPU ZCMEM;\n"));
}

}  // namespace
}  // namespace placewright::explain
