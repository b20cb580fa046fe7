// SPDX-License-Identifier: Apache-2.0
// A simulated run as a profile and as spans.
#include "sim/observed_run.h"

#include <gmock/gmock.h>

#include "recordings.h"

namespace placewright::sim {
namespace {

using testing::HasSubstr;

constexpr Effort kObserved{.observes = true};

double copy_s() {
  const MachineTable numbers = table();
  return numbers.peer.latency_s + kBytes / numbers.peer.bandwidth;
}

ObservedRun observed(const workload::Recording& recording, const std::string& mapping) {
  auto predicted = predict(recording, mapping, p100(), {}, kObserved);
  EXPECT_TRUE(predicted) << predicted.error().message;
  return *std::move(predicted->observed);
}

TEST(ObservedRun, TasksAndCopiesHaveTheirTimes) {
  const profile::Profile profile = observed(producer_and_consumer(3), on_gpus(1, 2)).profile;
  EXPECT_THAT(profile.runtime, HasSubstr("simulated"));
  EXPECT_NEAR(profile.span_s, 5 * kernel_s() + copy_s(), 1e-12);
  ASSERT_EQ(profile.tasks.size(), 2U);
  const profile::TaskProfile& use = profile.tasks[0];
  EXPECT_EQ(use.task, "use");
  EXPECT_EQ(use.kind, "GPU");
  EXPECT_EQ(use.processor, 2);
  EXPECT_EQ(use.count, 4U);
  EXPECT_NEAR(use.device_s, 4 * kernel_s(), 1e-12);
  EXPECT_NEAR(use.median_s, kernel_s(), 1e-12);
  EXPECT_EQ(use.run_s, 0);
  ASSERT_EQ(profile.copies.size(), 1U);
  const profile::CopyProfile& copy = profile.copies[0];
  EXPECT_EQ(copy.from, (profile::MemoryPlace{machine::MemoryKind::FbMem, 1, 0}));
  EXPECT_EQ(copy.to, (profile::MemoryPlace{machine::MemoryKind::FbMem, 2, 0}));
  EXPECT_EQ(copy.consumer, "use");
  EXPECT_EQ(copy.argument, 0);
  EXPECT_EQ(copy.bytes, kBytes);
  EXPECT_NEAR(copy.time_s, copy_s(), 1e-12);
  EXPECT_FALSE(copy.converts);
}

TEST(ObservedRun, ProcessorsAreBusyAndMemoriesHold) {
  const profile::Profile profile = observed(producer_and_consumer(3), on_gpus(1, 2)).profile;
  // Two CPUs and four GPUs.
  ASSERT_EQ(profile.processors.size(), 6U);
  const profile::ProcessorProfile& gpu = profile.processors[4];
  EXPECT_EQ(gpu.kind, "GPU");
  EXPECT_EQ(gpu.processor, 2);
  EXPECT_EQ(gpu.tasks, 4U);
  EXPECT_NEAR(gpu.busy_s, 4 * kernel_s(), 1e-12);
  EXPECT_NEAR(gpu.window_s, profile.span_s, 1e-12);
  EXPECT_EQ(profile.processors[0].busy_s, 0);
  ASSERT_EQ(profile.instances.size(), 2U);
  EXPECT_EQ(profile.instances[0].count, 1U);
  EXPECT_EQ(profile.instances[0].bytes, kBytes);
  EXPECT_EQ(profile.memories[2].peak, kBytes);
  EXPECT_EQ(profile.memories[2].capacity, uint64_t{15000} << 20);
}

TEST(ObservedRun, AnotherOrderIsAConversion) {
  workload::Recording recording = producer_and_consumer();
  recording.point_sets = {{2, {{{2, {0, 0}}, {2, {999, 999}}}}}};
  const ObservedRun run =
      observed(recording,
               on_gpus(1, 2, "Layout make data * SOA C_order;\nLayout use data * SOA F_order;\n"));
  ASSERT_EQ(run.profile.copies.size(), 1U);
  EXPECT_TRUE(run.profile.copies[0].converts);
}

TEST(ObservedRun, WaitingIsTheTimeBetweenReadyAndStart) {
  // The second task may begin at once, and its GPU works on the first.
  workload::Recording recording = producer_and_consumer();
  recording.requirements[1].privilege = machine::Privilege::WriteDiscard;
  recording.pieces.push_back({2, 0, 0, {"more"}});
  recording.requirements[1].piece = 1;
  const profile::Profile profile = observed(recording, on_gpus(1, 1)).profile;
  ASSERT_EQ(profile.tasks.size(), 2U);
  EXPECT_NEAR(profile.tasks[0].wait_s + profile.tasks[1].wait_s, kernel_s(), 1e-12);
}

TEST(ObservedRun, SpansAreInTheirOrder) {
  const std::vector<Span> spans = observed(producer_and_consumer(), on_gpus(1, 2)).spans;
  ASSERT_EQ(spans.size(), 3U);
  EXPECT_EQ(spans[0].what, "task `make`");
  EXPECT_EQ(spans[0].where, "GPU 1");
  EXPECT_TRUE(spans[0].is_task);
  EXPECT_THAT(spans[1].what, HasSubstr("copies from FBMEM to FBMEM for `use` argument 0"));
  EXPECT_EQ(spans[1].where, "copies into FBMEM 2");
  EXPECT_EQ(spans[2].what, "task `use`");
  EXPECT_EQ(spans[1].start_s, spans[0].end_s);
  EXPECT_EQ(spans[2].start_s, spans[1].end_s);
}

TEST(ObservedRun, NothingIsKeptUnlessItIsAskedFor) {
  const auto predicted = predict(producer_and_consumer(), on_gpus(1, 2));
  ASSERT_TRUE(predicted);
  EXPECT_FALSE(predicted->observed);
}

}  // namespace
}  // namespace placewright::sim
