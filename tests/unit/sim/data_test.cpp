// SPDX-License-Identifier: Apache-2.0
#include "sim/data.h"

#include <gmock/gmock.h>

namespace placewright::sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using workload::Recording;

machine::LaunchDomain line(int64_t lo, int64_t hi) { return {{1, {lo}}, {1, {hi}}}; }
machine::LaunchDomain box(int64_t x, int64_t y, int64_t x2, int64_t y2) {
  return {{2, {x, y}}, {2, {x2, y2}}};
}

Recording empty() { return {{*machine::MachineShape::parse("nodes=1,CPU=2"), {}}}; }

uint64_t bytes_of(const Data& data, uint32_t requirement) {
  uint64_t bytes = 0;
  for (const uint32_t cell : data.used_by(requirement)) bytes += data.cells()[cell].bytes;
  return bytes;
}

TEST(SimData, PiecesThatOverlapAreCutWhereTheyMeet) {
  Recording recording = empty();
  recording.field_spaces = {{{1, 8}, {2, 4}, {3, 4}}};
  recording.point_sets = {{1, {line(0, 9)}}, {1, {line(5, 14)}}, {1, {line(0, 2), line(20, 29)}}};
  for (uint32_t i = 0; i < 3; ++i) recording.pieces.push_back({7, i, 0, {}});
  const auto reads = machine::Privilege::ReadOnly;
  recording.requirements = {{0, reads, {1}}, {1, reads, {1, 2}}, {2, reads, {1}}, {0, reads, {1}}};
  const auto data = Data::cut(recording);
  ASSERT_TRUE(data) << data.error().message;
  // 0..2, 3..4, 5..9, 10..14 and 20..29; field 1, field 2 and the unused field 3.
  EXPECT_EQ(data->cells().size(), 15U);
  EXPECT_EQ(data->used_by(0).size(), 3U);
  EXPECT_EQ(bytes_of(*data, 0), 80U);
  EXPECT_EQ(bytes_of(*data, 1), 120U);
  EXPECT_EQ(bytes_of(*data, 2), 104U);
  EXPECT_EQ(data->common_points(7, 0, 1), 5U);
  EXPECT_EQ(data->common_points(7, 0, 2), 3U);
  EXPECT_EQ(data->common_points(7, 1, 2), 0U);
  EXPECT_EQ(data->of(7, 0).size(), 9U);
}

TEST(SimData, TreesHaveNothingInCommon) {
  Recording recording = empty();
  recording.field_spaces = {{{1, 8}}};
  recording.point_sets = {{1, {line(0, 9)}}};
  recording.pieces = {{7, 0, 0, {}}, {8, 0, 0, {}}};
  recording.requirements = {{0, machine::Privilege::ReadOnly, {1}},
                            {1, machine::Privilege::ReadOnly, {1}},
                            {std::nullopt, machine::Privilege::None, {}}};
  const auto data = Data::cut(recording);
  ASSERT_TRUE(data);
  EXPECT_NE(data->used_by(0)[0], data->used_by(1)[0]);
  EXPECT_TRUE(data->used_by(2).empty());
}

TEST(SimData, HalosOfTilesAreCellsOfTheirOwn) {
  Recording recording = empty();
  recording.field_spaces = {{{1, 1}}};
  // Four tiles of 10 x 10, and the first one's halo of one column and one row of its neighbours.
  recording.point_sets = {{2, {box(0, 0, 9, 9)}},   {2, {box(10, 0, 19, 9)}},
                          {2, {box(0, 10, 9, 19)}}, {2, {box(10, 10, 19, 19)}},
                          {2, {box(10, 0, 10, 9)}}, {2, {box(0, 10, 9, 10)}}};
  for (uint32_t i = 0; i < 6; ++i) {
    recording.pieces.push_back({1, i, 0, {}});
    recording.requirements.push_back({i, machine::Privilege::ReadOnly, {1}});
  }
  const auto data = Data::cut(recording);
  ASSERT_TRUE(data);
  std::vector<uint64_t> bytes;
  for (uint32_t i = 0; i < 6; ++i) bytes.push_back(bytes_of(*data, i));
  EXPECT_THAT(bytes, ElementsAre(100, 100, 100, 100, 10, 10));
  EXPECT_EQ(data->cells().size(), 6U);
  EXPECT_EQ(data->common_points(1, 1, 4), 10U);
  EXPECT_EQ(data->common_points(1, 3, 4), 0U);
}

TEST(SimData, TooManyWaysToMeetAreRefused) {
  Recording recording = empty();
  recording.field_spaces = {{{1, 8}}};
  workload::PointSet points{3, {}};
  for (int64_t i = 0; i < 200; ++i) {
    machine::LaunchDomain diagonal;
    diagonal.lo = diagonal.hi = {3, {2 * i, 2 * i, 2 * i}};
    points.boxes.push_back(diagonal);
  }
  recording.point_sets = {points};
  recording.pieces = {{7, 0, 0, {}}};
  EXPECT_THAT(Data::cut(recording).error().message, HasSubstr("meet in too many ways"));
}

}  // namespace
}  // namespace placewright::sim
