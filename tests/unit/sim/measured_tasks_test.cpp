// SPDX-License-Identifier: Apache-2.0
// Tasks whose application states no cost take what a run measured, or are unknown.
#include <gmock/gmock.h>

#include "recordings.h"

namespace placewright::sim {
namespace {

using machine::ProcessorKind;
using testing::HasSubstr;

constexpr double kMake_s = 0.003, kUse_s = 0.005;

workload::Recording measured() {
  workload::Recording recording = producer_and_consumer(3);
  for (workload::Launch& launch : recording.launches) launch.points[0].cost.reset();
  recording.measured = {{0, ProcessorKind::Gpu, kMake_s, 1}, {1, ProcessorKind::Gpu, kUse_s, 4}};
  return recording;
}

TEST(MeasuredTasks, TakeWhatWasMeasured) {
  const auto predicted = predict(measured(), on_gpus(1, 1));
  ASSERT_TRUE(predicted) << predicted.error().message;
  EXPECT_DOUBLE_EQ(predicted->all_s, kMake_s + 4 * kUse_s);
  EXPECT_EQ(predicted->measured_tasks, 5U);
  EXPECT_EQ(predict(producer_and_consumer(), on_gpus(1, 1))->measured_tasks, 0U);
}

TEST(MeasuredTasks, RunAloneOnAGpu) {
  workload::Recording recording = measured();
  // The second one does not need the first one's data.
  recording.requirements[1].privilege = machine::Privilege::WriteDiscard;
  recording.pieces.push_back({2, 0, 0, {"more"}});
  recording.requirements[1].piece = 1;
  recording.programs[0].pop_back();
  EXPECT_DOUBLE_EQ(predict(recording, on_gpus(1, 1))->all_s, kMake_s + kUse_s);
  EXPECT_DOUBLE_EQ(predict(recording, on_gpus(1, 2))->all_s, std::max(kMake_s, kUse_s));
}

TEST(MeasuredTasks, AreUnknownOnAnotherKindOfProcessor) {
  const auto predicted = predict(measured(), "Task * CPU;\n");
  ASSERT_FALSE(predicted);
  EXPECT_THAT(predicted.error().message, HasSubstr("what task `make` takes is unknown"));
  EXPECT_THAT(predicted.error().message, HasSubstr("no run measured it on a CPU"));
}

TEST(MeasuredTasks, AreUnknownWithTheirDataElsewhere) {
  for (const char* rule :
       {"Region use data GPU ZCMEM;\n", "Region make data GPU ZCMEM;\nLayout use data * AOS;\n"}) {
    const auto predicted = predict(measured(), on_gpus(1, 1, rule));
    ASSERT_FALSE(predicted) << rule;
    EXPECT_THAT(predicted.error().message, HasSubstr("in another memory or layout"));
  }
}

TEST(MeasuredTasks, AreUnknownInAnotherOrder) {
  workload::Recording recording = measured();
  recording.point_sets = {{2, {{{2, {0, 0}}, {2, {99, 99}}}}}};
  EXPECT_TRUE(predict(recording, on_gpus(1, 1)));
  EXPECT_TRUE(predict(recording, on_gpus(1, 1, "Layout * * * SOA F_order;\n")));
  EXPECT_FALSE(predict(recording, on_gpus(1, 1, "Layout * * * SOA C_order;\n")));
}

TEST(MeasuredTasks, AStatedCostComesFirst) {
  workload::Recording recording = producer_and_consumer();
  recording.measured = {{0, ProcessorKind::Gpu, 1, 1}};
  EXPECT_DOUBLE_EQ(predict(recording, on_gpus(1, 1))->all_s, 2 * kernel_s());
}

}  // namespace
}  // namespace placewright::sim
