// SPDX-License-Identifier: Apache-2.0
#include "workload/partial_recording.h"

#include <gmock/gmock.h>

namespace placewright::workload {
namespace {

using testing::HasSubstr;
using Part = PartialRecording;
using Kind = Operation::Kind;

machine::LaunchDomain line(int64_t lo, int64_t hi) { return {{1, {lo}}, {1, {hi}}}; }

constexpr uint64_t kFirst = 5, kSecond = 9;  // places of two launches

/// One of two processes, which mapped one point of each of two launches; each point has a piece of its own.
Part process(int64_t number) {
  Part part{{{*machine::MachineShape::parse("nodes=2,CPU=1"), {}}}};
  part.seen.workload.tasks = {{"step", {machine::ProcessorKind::Cpu}, false, {}, {}}};
  part.seen.variants = {{{{1, machine::ProcessorKind::Cpu, false, true, false}, {}}}};
  part.seen.field_spaces = {{{1, 8}}};
  part.seen.point_sets = {{1, {line(10 * number, 10 * number + 9)}}};
  part.seen.pieces = {{1, 0, 0, {"data"}}};
  part.seen.requirements = {{0, machine::Privilege::ReadWrite, {1}}};
  part.seen.argument_lists = {{0}};
  part.seen.costs = {{0, 1e6 * static_cast<double>(number + 1), 0, {}}};
  Launch launch;
  launch.task = "step";
  launch.domain = line(0, 1);
  launch.points = {{{1, {number}}, 0}};
  part.seen.launches = {launch, launch};
  part.seen.left_out = {"explicit copies"};
  const auto task = static_cast<TaskNumber>(100 + number);
  part.places = {{0, kFirst, {task}}, {0, kSecond, {task + 10}}};
  part.programs[0] = {2, {{1, {Kind::Fence, 0}}, {2, {Kind::Wait, 1}}}, {{1, {1}}}};
  part.costs = {{task, 0}};
  return part;
}

TEST(PartialRecording, GivesBackWhatWasWritten) {
  const Part before = process(1);
  const auto after = partial_recording_from_json(to_json(before));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(to_json(*after), to_json(before));
  EXPECT_EQ(after->programs, before.programs);
  EXPECT_EQ(after->costs, before.costs);
  EXPECT_EQ(after->places[1].tasks, before.places[1].tasks);
}

TEST(PartialRecording, PartsOfOneProgramAreJoined) {
  const std::vector<Part> parts = {process(0), process(1)};
  const auto whole = join(parts);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->point_sets.size(), 2U);
  EXPECT_EQ(whole->pieces.size(), 2U);
  EXPECT_EQ(count_points(*whole), 4U);
  ASSERT_EQ(whole->launches.size(), 2U);
  for (const Launch& launch : whole->launches) {
    ASSERT_EQ(launch.points.size(), 2U);
    EXPECT_EQ(launch.points[0].point.at[0], 0);
    EXPECT_EQ(launch.points[1].point.at[0], 1);
    EXPECT_NE(launch.points[0].arguments, launch.points[1].arguments);
  }
  EXPECT_EQ(whole->launches[0].points[1].cost, 1U);
  EXPECT_EQ(whole->launches[1].points[1].cost, std::nullopt);
  EXPECT_EQ(whole->launches[1].uses_results, std::vector<uint32_t>{1});
  ASSERT_EQ(whole->programs[whole->program].size(), 1U);
  std::vector<Kind> kinds;
  for (const uint32_t operation : whole->programs[whole->program][0].body)
    kinds.push_back(whole->operations[operation].kind);
  EXPECT_EQ(kinds, (std::vector<Kind>{Kind::Launch, Kind::Fence, Kind::Launch, Kind::Wait}));
  EXPECT_EQ(whole->left_out, std::vector<std::string>{"explicit copies"});
}

TEST(PartialRecording, APointThatTwoProcessesMappedCountsOnce) {
  std::vector<Part> parts = {process(0), process(1)};
  parts.push_back(process(1));
  EXPECT_EQ(count_points(join(parts).value()), 4U);
}

TEST(PartialRecording, OrdersThatDifferAreLeftOut) {
  std::vector<Part> parts = {process(0), process(1)};
  parts[1].programs[0].marks.pop_back();
  const auto whole = join(parts);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->left_out.back(), "the fences, waits and results of some tasks");
  EXPECT_TRUE(whole->launches[1].uses_results.empty());
}

TEST(PartialRecording, WhatIsNotThereIsAnError) {
  std::vector<Part> parts = {process(0)};
  parts[0].seen.requirements[0].piece = 7;
  EXPECT_THAT(join(parts).error().message, HasSubstr("a process has piece 7, but there are 1"));
  parts = {process(0)};
  parts[0].places.pop_back();
  EXPECT_THAT(join(parts).error().message, HasSubstr("2 launches and 1 places"));
  EXPECT_FALSE(join(std::vector<Part>{}));
  EXPECT_THAT(partial_recording_from_json("{").error().message,
              HasSubstr("the recording of a process is"));
}

}  // namespace
}  // namespace placewright::workload
