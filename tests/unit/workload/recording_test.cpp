// SPDX-License-Identifier: Apache-2.0
#include "workload/recording.h"

#include <gmock/gmock.h>

#include <limits>

namespace placewright::workload {
namespace {

using testing::HasSubstr;

machine::LaunchDomain line(int64_t lo, int64_t hi) { return {{1, {lo}}, {1, {hi}}}; }

/// `outer` launches, 50 times, two points of `step`, of which the second launches `leaf` on its own.
Recording nested() {
  Recording recording{{*machine::MachineShape::parse("nodes=1,CPU=2"), {}}};
  for (const char* name : {"leaf", "step"})
    recording.workload.tasks.push_back({name, {machine::ProcessorKind::Cpu}, false, {}, {}});
  recording.field_spaces = {{{7, 8}, {9, 4}}};
  recording.point_sets = {{1, {line(0, 9), line(20, 29)}}, {1, {line(0, 29)}}};
  recording.pieces = {{3, 0, 0, {"ghost", "all"}, {1}}, {3, 1, 0, {}}};
  decide::Demand demand;
  demand.layout.ordering.axes = {0, decide::Ordering::kFields};
  recording.variants = {{{{4, machine::ProcessorKind::Cpu, false, true, false}, {{0, demand}}}},
                        {{{5, machine::ProcessorKind::Cpu, true, false, true}, {}}}};
  recording.costs = {{1, 2, 3, {{1, AccessPattern::Atomic, 4, 5, 6, 7, 0.5}}}};
  recording.requirements = {{0, machine::Privilege::ReadOnly, {7, 9}, 0, true},
                            {1, machine::Privilege::Reduce, {7}, 12, false},
                            {std::nullopt, machine::Privilege::None, {}, 0, true}};
  recording.argument_lists = {{0, 1}, {2}};
  Launch leaf;
  leaf.task = "leaf";
  leaf.depth = 2;
  leaf.points = {{{}, 1, std::nullopt}};
  Launch step;
  step.task = "step";
  step.domain = line(0, 1);
  step.tag = 5;
  step.mapper = 2;
  step.concurrent = true;
  step.uses_results = {1};
  step.points = {{{1, {0}}, 0, std::nullopt, 0}, {{1, {1}}, 0, 0}};
  recording.launches = {leaf, step};
  using Kind = Operation::Kind;
  recording.operations = {{Kind::Launch, 0}, {Kind::Launch, 1},     {Kind::Fence, 0},
                          {Kind::Wait, 0},   {Kind::Wait, 1},       {Kind::Clock, 0},
                          {Kind::Fill, 1},   {Kind::BeginTrace, 7}, {Kind::EndTrace, 7}};
  recording.programs = {{{1, {0}}}, {{1, {0, 2, 6, 3, 5}}, {50, {7, 1, 8}}, {1, {4, 5}}}};
  recording.program = 1;
  recording.left_out = {"explicit copies"};
  return recording;
}

std::string error_of(const Recording& recording) {
  const auto read = recording_from_json(to_json(recording));
  return read ? "no error" : read.error().message;
}

TEST(Recording, GivesBackWhatWasWritten) {
  const Recording before = nested();
  const auto after = recording_from_json(to_json(before));
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_EQ(after->workload.tasks, before.workload.tasks);
  EXPECT_EQ(after->field_spaces, before.field_spaces);
  EXPECT_EQ(after->point_sets, before.point_sets);
  EXPECT_EQ(after->pieces, before.pieces);
  EXPECT_EQ(after->requirements, before.requirements);
  EXPECT_EQ(after->argument_lists, before.argument_lists);
  ASSERT_EQ(after->variants.size(), 2U);
  EXPECT_EQ(after->variants[0][0].variant.id, 4U);
  EXPECT_TRUE(after->variants[0][0].variant.leaf);
  EXPECT_EQ(after->variants[0][0].demands[0].second.layout,
            before.variants[0][0].demands[0].second.layout);
  EXPECT_TRUE(after->variants[1][0].variant.replicable);
  EXPECT_EQ(after->launches, before.launches);
  EXPECT_EQ(after->operations, before.operations);
  EXPECT_EQ(after->programs, before.programs);
  EXPECT_EQ(after->program, 1U);
  EXPECT_EQ(after->left_out, before.left_out);
  EXPECT_EQ(to_json(*after), to_json(before));
}

TEST(Recording, IsAWorkloadToo) {
  const auto workload = workload_from_json(to_json(nested()));
  ASSERT_TRUE(workload) << workload.error().message;
  EXPECT_EQ(workload->tasks.size(), 2U);
  EXPECT_THAT(recording_from_json(to_json(*workload)).error().message,
              HasSubstr("the file has version 1, which has no program"));
}

TEST(Recording, CountsWhatRepeats) {
  // Three tasks in each of 50 passes, after a leaf.
  EXPECT_EQ(count_points(nested()), 151U);
  Recording recording = nested();
  for (int level = 0; level < 8; ++level) {
    Launch outer;
    outer.task = "step";
    outer.points = {{{}, 1, static_cast<uint32_t>(recording.programs.size() - 1)}};
    recording.launches.push_back(outer);
    recording.operations.push_back(
        {Operation::Kind::Launch, static_cast<uint32_t>(recording.launches.size() - 1)});
    recording.programs.push_back(
        {{uint64_t{1} << 40, {static_cast<uint32_t>(recording.operations.size() - 1)}}});
  }
  recording.program = static_cast<uint32_t>(recording.programs.size() - 1);
  EXPECT_EQ(count_points(recording), std::numeric_limits<uint64_t>::max());
}

TEST(Recording, RefusesNumbersOfWhatIsNotThere) {
  Recording recording = nested();
  recording.pieces[1].points = 2;
  EXPECT_EQ(error_of(recording),
            "not a recording: `recording.pieces[1].points` is point set 2, but there are 2");
  recording = nested();
  recording.requirements[1].piece = 9;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.requirements[1].piece` is piece 9"));
  recording = nested();
  recording.argument_lists[1] = {3};
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.argument_lists[1]` is requirement 3"));
  recording = nested();
  recording.launches[0].points[0].arguments = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.launches[0].points` is argument list 2"));
  recording = nested();
  recording.launches[1].task = "other";
  EXPECT_THAT(error_of(recording),
              HasSubstr("`recording.launches[1].task` is not among the tasks"));
  recording = nested();
  recording.programs[1][0].body = {9};
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.programs[1]` is operation 9"));
  recording = nested();
  recording.operations[6].number = 3;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.operations[6]` is requirement 3"));
  recording.operations[6].number = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("fills requirement 2, which has no piece"));
  recording = nested();
  recording.operations[0].number = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.operations[0]` is launch 2"));
  recording = nested();
  recording.pieces[0].ancestors = {7};
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.pieces[0].ancestors` is point set 7"));
  recording = nested();
  recording.launches[1].points[0].cost = 1;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.launches[1].points` is cost 1"));
  recording = nested();
  recording.costs[0].arguments[0].requirement = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("has the cost of argument 2, but there are 2"));
  recording = nested();
  recording.variants.pop_back();
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.variants` has 1 tasks, but there are 2"));
  recording = nested();
  recording.program = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.program` is program 2"));
}

TEST(Recording, RefusesProgramsThatContainThemselves) {
  Recording recording = nested();
  recording.launches[1].points[0].program = 1;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.programs[1]` contains program 1"));
}

TEST(Recording, RefusesToLookBackTooFar) {
  Recording recording = nested();
  recording.launches[1].uses_results = {2};
  EXPECT_THAT(error_of(recording),
              HasSubstr("`recording.programs[1]` uses the result of the launch 2 back, but there "
                        "are 1"));
  recording = nested();
  recording.operations[4].number = 52;
  EXPECT_THAT(error_of(recording), HasSubstr("waits for the launch 52 back, but there are 51"));
  recording.operations[4].number = 51;
  EXPECT_EQ(error_of(recording), "no error");
}

TEST(Recording, RefusesCostsThatAreNone) {
  Recording recording = nested();
  recording.costs[0].fp64_flops = -1;
  EXPECT_THAT(error_of(recording),
              HasSubstr("`recording.costs[0].fp64_flops` is `-1.0`, expected a "
                        "number that is not negative"));
}

TEST(Recording, RefusesPointsThatCannotBe) {
  Recording recording = nested();
  recording.point_sets[0].boxes = {line(0, 9), line(5, 12)};
  EXPECT_THAT(error_of(recording),
              HasSubstr("`recording.point_sets[0]` has boxes that overlap: 0..9 and 5..12"));
  recording = nested();
  recording.point_sets[0].boxes = {line(5, 2)};
  EXPECT_THAT(error_of(recording), HasSubstr("expected a box with points"));
  recording = nested();
  recording.point_sets[0].dim = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("expected boxes of 2 dimensions"));
  recording = nested();
  recording.launches[1].points[1].point.at[0] = 2;
  EXPECT_THAT(error_of(recording), HasSubstr("`recording.launches[1]` has a point outside"));
  recording = nested();
  recording.requirements[0].fields = {9, 7};
  EXPECT_THAT(error_of(recording),
              HasSubstr("`recording.requirements[0].fields` are not ascending"));
  recording = nested();
  recording.requirements[0].fields = {7, 10};
  EXPECT_THAT(error_of(recording), HasSubstr("has 10, which the piece lacks"));
  recording = nested();
  const machine::DomainPoint low{3, {-(int64_t{1} << 40), -(int64_t{1} << 40), 0}};
  const machine::DomainPoint high{3, {int64_t{1} << 40, int64_t{1} << 40, 1}};
  recording.point_sets[0] = {3, {{low, high}}};
  EXPECT_THAT(error_of(recording), HasSubstr("more points than can be counted"));
}

}  // namespace
}  // namespace placewright::workload
