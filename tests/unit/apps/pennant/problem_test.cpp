// SPDX-License-Identifier: Apache-2.0
#include "pennant/problem.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace pennant {
namespace {

/// Three zones in x; 10 rows in pieces of 2, 3, 2 and 3 rows (0, 2, 5, 7, 10).
Problem uneven() { return {.nzx = 3, .nzy = 10, .pieces = 4}; }

void expect_partition(const std::vector<Interval>& parts, Interval whole) {
  int64_t next = whole.first;
  for (const Interval& part : parts) {
    if (part.size() == 0) continue;
    EXPECT_EQ(part.first, next);
    next = part.last + 1;
  }
  EXPECT_EQ(next, whole.last + 1);
}

template <class Member>
std::vector<Interval> parts_of(const Problem& problem, Member Piece::*member) {
  std::vector<Interval> parts;
  for (const Piece& piece : describe_pieces(problem)) parts.push_back(piece.*member);
  return parts;
}

TEST(Problem, PiecesFillTheMeshWithoutOverlap) {
  const Problem problem = uneven();
  expect_partition(parts_of(problem, &Piece::zones), {0, 29});
  expect_partition(parts_of(problem, &Piece::sides), {0, 119});
  // 11 rows of 4 points, of which 3 are shared.
  EXPECT_EQ(problem.private_points(), 8 * 4);
  expect_partition(parts_of(problem, &Piece::private_points), {0, 31});
  expect_partition(parts_of(problem, &Piece::shared_points), {32, 43});
}

TEST(Problem, RowsThatDoNotDivideMakePiecesOfDifferentSizes) {
  const std::vector<Piece> pieces = describe_pieces(uneven());
  EXPECT_EQ(pieces[0].zones, (Interval{0, 5}));
  EXPECT_EQ(pieces[1].zones, (Interval{6, 14}));
  EXPECT_EQ(pieces[2].zones, (Interval{15, 20}));
  EXPECT_EQ(pieces[3].zones, (Interval{21, 29}));
}

TEST(Problem, GhostPointsAreTheRowsSharedWithBothNeighbours) {
  const std::vector<Piece> pieces = describe_pieces(uneven());
  EXPECT_EQ(pieces[0].ghost_points, (Interval{32, 35}));
  EXPECT_EQ(pieces[1].ghost_points, (Interval{32, 39}));
  EXPECT_EQ(pieces[2].ghost_points, (Interval{36, 43}));
  EXPECT_EQ(pieces[3].ghost_points, (Interval{40, 43}));
  EXPECT_EQ(pieces[3].shared_points.size(), 0);
}

/// Every point of the mesh has one number, the same in each piece that touches it, and that number
/// lies in the piece's private or ghost points as its corners were counted.
void expect_one_number_per_point(const Problem& problem) {
  std::vector<std::set<int64_t>> numbers(static_cast<size_t>(problem.points()));
  std::set<int64_t> all;
  for (const Piece& piece : describe_pieces(problem)) {
    int64_t in_private = 0, in_ghost = 0;
    for (int64_t z = piece.zones.first; z <= piece.zones.last; ++z) {
      for (const int64_t up : {0, 1}) {
        for (const int64_t right : {0, 1}) {
          const int64_t row = z / problem.nzx + up, column = z % problem.nzx + right;
          const int64_t number = piece.rows.number(row, column);
          numbers[static_cast<size_t>(row * problem.points_per_row() + column)].insert(number);
          all.insert(number);
          in_private += piece.private_points.contains(number) ? 1 : 0;
          in_ghost += piece.ghost_points.contains(number) ? 1 : 0;
        }
      }
    }
    EXPECT_EQ(in_private, piece.private_corners);
    EXPECT_EQ(in_ghost, piece.ghost_corners);
    EXPECT_EQ(in_private + in_ghost, piece.sides.size());
  }
  for (const std::set<int64_t>& point : numbers) EXPECT_EQ(point.size(), 1u);
  EXPECT_EQ(all.size(), static_cast<size_t>(problem.points()));
  EXPECT_EQ(*all.begin(), 0);
  EXPECT_EQ(*all.rbegin(), problem.points() - 1);
}

TEST(Problem, EveryPointHasOneNumber) {
  expect_one_number_per_point(uneven());
  expect_one_number_per_point({.nzx = 5, .nzy = 4, .pieces = 1});
  expect_one_number_per_point({.nzx = 5, .nzy = 4, .pieces = 2});
}

TEST(Problem, PiecesOfOneRowHaveNoPrivatePointsBetweenNeighbours) {
  const Problem problem{.nzx = 2, .nzy = 4, .pieces = 4};
  expect_one_number_per_point(problem);
  EXPECT_EQ(describe_piece(problem, 1).private_points.size(), 0);
  // The first and the last piece have the outer row.
  EXPECT_EQ(describe_piece(problem, 0).private_points.size(), 3);
}

TEST(Problem, HotGasFillsTheLowerThird) {
  // 4 x 9 zones: the first 3 rows.
  EXPECT_EQ(initial_gas(9, 0.25, 2, 0).density, 1.0);
  EXPECT_EQ(initial_gas(9, 0.25, 3, 0).density, 1e-3);
  EXPECT_GT(initial_gas(9, 0.25, 0, 3).energy, initial_gas(9, 0.25, 0, 0).energy);
  EXPECT_EQ(initial_gas(9, 0.25, 8, 3).energy, 1e-7);
}

}  // namespace
}  // namespace pennant
