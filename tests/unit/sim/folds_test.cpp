// SPDX-License-Identifier: Apache-2.0
// Which instances fold, and how often they are filled.
#include <gmock/gmock.h>

#include <algorithm>

#include "recordings.h"

namespace placewright::sim {
namespace {

using machine::Privilege;
using machine::ProcessorKind;
using workload::Operation;

constexpr uint64_t kPasses = 8;
constexpr const char* kEachGpu =
    "Task * GPU;\nm = Machine(GPU);\ndef each(Task task) { return m[0, task.ipoint[0]]; }\n"
    "IndexTaskMap fold each;\n";

/// In each pass four points fold into the data, twice, and `use` reads it.
workload::Recording folding() {
  workload::Recording recording = producer_and_consumer();
  recording.workload.tasks.push_back({"fold", {ProcessorKind::Gpu}, false, {}, {}});
  recording.variants.push_back({{{3, ProcessorKind::Gpu, false, true, false}, {}}});
  recording.requirements.push_back({0, Privilege::Reduce, {1}});
  recording.requirements.back().reduction = 7;
  recording.argument_lists.push_back({2});
  workload::Launch launch;
  launch.task = "fold";
  launch.domain = line(0, 3);
  for (int64_t point = 0; point < 4; ++point)
    launch.points.push_back({{1, {point}}, 2, std::nullopt, 0});
  recording.launches.push_back(launch);
  recording.operations.push_back({Operation::Kind::Launch, 2});
  recording.programs[0].push_back({kPasses, {2, 2, 1}});
  return recording;
}

uint64_t fills(const Prediction& prediction) {
  const auto found = std::ranges::find(prediction.moves, "", &MovedBetween::from);
  return found == prediction.moves.end() ? 0 : found->count;
}

TEST(Folds, TasksOfAProcessorTakeTurnsAmongItsInstances) {
  const auto predicted = predict(folding(), kEachGpu);
  ASSERT_TRUE(predicted) << predicted.error().message;
  // The two of a pass have an instance each, also once a GPU has as many as it may.
  EXPECT_EQ(fills(*predicted), kPasses * 2 * 4);
}

TEST(Folds, PiecesOfAnotherColorHaveInstancesOfTheirOwn) {
  workload::Recording recording = folding();
  recording.pieces[0].color = {0};
  workload::Piece twin = recording.pieces[0];
  twin.color = {1};
  recording.pieces.push_back(twin);
  recording.requirements.push_back(recording.requirements[2]);
  recording.requirements.back().piece = 1;
  recording.argument_lists.push_back({3});
  // Even and odd points of a launch fold into the same data, as different pieces.
  for (size_t point = 0; point < 4; ++point)
    recording.launches[2].points[point].arguments = point % 2 == 0 ? 2 : 3;
  const auto all_on_one =
      predict(recording,
              "Task * GPU;\nm = Machine(GPU);\ndef one(Task task) { return m[0, 0]; }\n"
              "IndexTaskMap fold one;\n");
  ASSERT_TRUE(all_on_one) << all_on_one.error().message;
  // In the first pass four points of each color find none and make one each.
  EXPECT_EQ(all_on_one->peaks[1].bytes, static_cast<uint64_t>(kBytes) * (1 + 2 * 4));
}

}  // namespace
}  // namespace placewright::sim
