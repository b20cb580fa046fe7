// SPDX-License-Identifier: Apache-2.0
#include "matmul/geometry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

namespace matmul {
namespace {

using testing::ElementsAre;

/// How often the blocks of a cut hold each entry of an n x n matrix.
std::map<std::pair<int64_t, int64_t>, int64_t> count_entries(int64_t n, const Cut& cut) {
  std::map<std::pair<int64_t, int64_t>, int64_t> counts;
  for (const Block& block : blocks_of(n, cut)) {
    for (int64_t i = block.rows.first; i <= block.rows.last; ++i) {
      for (int64_t j = block.columns.first; j <= block.columns.last; ++j) ++counts[{i, j}];
    }
  }
  return counts;
}

void expect_each_entry(int64_t n, const Cut& cut, int64_t times) {
  const auto counts = count_entries(n, cut);
  ASSERT_EQ(static_cast<int64_t>(counts.size()), n * n);
  EXPECT_EQ(counts.begin()->first, std::make_pair(int64_t{0}, int64_t{0}));
  EXPECT_EQ(counts.rbegin()->first, std::make_pair(n - 1, n - 1));
  for (const auto& [entry, count] : counts) EXPECT_EQ(count, times);
}

TEST(Geometry, BlocksAreRoundedUpAndTheLastIsTheRest) {
  EXPECT_EQ(block(Interval{0, 9}, 3, 0), (Interval{0, 3}));
  EXPECT_EQ(block(Interval{0, 9}, 3, 1), (Interval{4, 7}));
  EXPECT_EQ(block(Interval{0, 9}, 3, 2), (Interval{8, 9}));
  EXPECT_EQ(block(Interval{4, 7}, 2, 1), (Interval{6, 7}));
}

TEST(Geometry, InnerBlocksStayInTheirOuterOne) {
  // 0..4, 5..9, 10: each cut in two.
  const Split split{3, 2};
  EXPECT_EQ(block(11, {3, 1}, 0), (Interval{0, 3}));
  EXPECT_EQ(block(11, split, 0), (Interval{0, 1}));
  EXPECT_EQ(block(11, split, 3), (Interval{6, 7}));
  EXPECT_EQ(block(11, split, 4), (Interval{8, 9}));
  EXPECT_EQ(block(11, split, 5), (Interval{10, 10}));
}

TEST(Geometry, BlocksOfTwoDimensionsCoverTheMatrixOnce) {
  const Cut tiles = cut({2, 3}, {4, 1});
  EXPECT_FALSE(tiles.is_aliased());
  expect_each_entry(23, tiles, 1);
}

TEST(Geometry, BlocksOfACubeCoverEachMatrixOncePerPointAlongTheThirdSide) {
  const Cube cube{2, 3, 4};
  expect_each_entry(13, cube.a(), 4);
  expect_each_entry(13, cube.b(), 3);
  expect_each_entry(13, cube.c(), 2);
  EXPECT_TRUE(cube.a().is_aliased());
  EXPECT_FALSE((Cube{2, 3, 1}.a().is_aliased()));
}

TEST(Geometry, TheStartCoversEachMatrixOnce) {
  const Cube cube{2, 3, 4};
  for (const Cut& face : {cube.a_face(), cube.b_face(), cube.c_face()}) {
    EXPECT_FALSE(face.is_aliased());
    expect_each_entry(13, face, 1);
  }
  EXPECT_THAT(cube.a_face().colors, ElementsAre(2, 3, 1));
  EXPECT_THAT(cube.b_face().colors, ElementsAre(2, 1, 4));
  EXPECT_THAT(cube.c_face().colors, ElementsAre(1, 3, 4));
}

TEST(Geometry, PointsOfACubeGetTheBlocksOfTheirProduct) {
  const Cube cube{2, 3, 4};
  const auto a = blocks_of(24, cube.a()), b = blocks_of(24, cube.b()), c = blocks_of(24, cube.c());
  // Point (1, 2, 3) is the last: the first dimension counts fastest.
  EXPECT_EQ(a.back(), (Block{{12, 23}, {16, 23}}));
  EXPECT_EQ(b.back(), (Block{{12, 23}, {18, 23}}));
  EXPECT_EQ(c.back(), (Block{{18, 23}, {16, 23}}));
  EXPECT_EQ(b[1], (Block{{12, 23}, {0, 5}}));
  for (size_t p = 0; p < a.size(); ++p) {
    EXPECT_EQ(a[p].rows, b[p].rows);
    EXPECT_EQ(a[p].columns, c[p].columns);
    EXPECT_EQ(b[p].columns, c[p].rows);
  }
}

TEST(Geometry, StepsRotateAsTheAlgorithmsDo) {
  EXPECT_THAT(order_of_steps(Rotation::None, 2, 1, 4), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(order_of_steps(Rotation::ByRow, 2, 1, 4), ElementsAre(2, 3, 0, 1));
  EXPECT_THAT(order_of_steps(Rotation::ByBoth, 2, 1, 4), ElementsAre(3, 0, 1, 2));
  EXPECT_THAT(order_of_steps(Rotation::ByBoth, 3, 3, 4), ElementsAre(2, 3, 0, 1));
}

TEST(Geometry, EntriesAreSmallWholeNumbersOfEveryValue) {
  std::map<double, int> of_b, of_c;
  for (int64_t i = 0; i < 40; ++i) {
    for (int64_t j = 0; j < 40; ++j) {
      ++of_b[initial_entry(Matrix::B, i, j)];
      ++of_c[initial_entry(Matrix::C, i, j)];
      EXPECT_EQ(initial_entry(Matrix::A, i, j), 0);
    }
  }
  for (const auto& counts : {of_b, of_c}) {
    ASSERT_EQ(counts.size(), 16u);
    EXPECT_EQ(counts.begin()->first, -8);
    EXPECT_EQ(counts.rbegin()->first, 7);
  }
  EXPECT_NE(of_b, of_c);
}

TEST(Geometry, CountsTheOperationsOfAProduct) { EXPECT_EQ(flops(1000), 2e9); }

}  // namespace
}  // namespace matmul
