// SPDX-License-Identifier: Apache-2.0
#include "stencil/problem.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

namespace stencil {
namespace {

using At = std::pair<int64_t, int64_t>;

template <class Visit>
void visit(const Box& box, Visit&& cell) {
  for (int64_t y = box.y.first; y <= box.y.last; ++y) {
    for (int64_t x = box.x.first; x <= box.x.last; ++x) cell(x, y);
  }
}

/// Tiles of 4 x 5 cells, 3 by 2 of them.
Problem three_by_two() { return {.nx = 12, .ny = 10, .ntx = 3, .nty = 2}; }

TEST(Problem, TilesAreDisjointAndFillTheEnlargedGrid) {
  const Problem problem = three_by_two();
  std::set<At> seen;
  int64_t count = 0;
  for (const Tile& tile : describe_tiles(problem)) {
    visit(tile.whole, [&](int64_t x, int64_t y) {
      seen.insert({x, y});
      ++count;
    });
  }
  // Every tile has (4 + 4) * (5 + 4) points.
  EXPECT_EQ(count, 6 * 8 * 9);
  EXPECT_EQ(seen.size(), 6u * 8 * 9);
  EXPECT_EQ(all_points(problem).size(), 6 * 8 * 9);
  EXPECT_EQ(*seen.rbegin(), At(23, 17));
}

TEST(Problem, EveryCellOfTheGridAndItsBorderBelongsToOneExterior) {
  const Problem problem = three_by_two();
  std::map<At, int> exterior, interior;
  for (const Tile& tile : describe_tiles(problem)) {
    visit(tile.exterior, [&](int64_t x, int64_t y) { ++exterior[{x + tile.to_x, y + tile.to_y}]; });
    visit(tile.interior, [&](int64_t x, int64_t y) { ++interior[{x + tile.to_x, y + tile.to_y}]; });
  }
  EXPECT_EQ(exterior.size(), 16u * 14);
  EXPECT_EQ(exterior.begin()->first, At(-2, -2));
  EXPECT_EQ(exterior.rbegin()->first, At(13, 11));
  EXPECT_EQ(interior.size(), 12u * 10);
  EXPECT_EQ(interior.begin()->first, At(0, 0));
  EXPECT_EQ(interior.rbegin()->first, At(11, 9));
  for (const auto& [cell, times] : exterior) EXPECT_EQ(times, 1);
}

TEST(Problem, WhatATileReadsIsTheNeighboursCopyOfTheSameCells) {
  const std::vector<Tile> tiles = describe_tiles(three_by_two());
  int strips = 0;
  for (const Tile& reader : tiles) {
    for (int side = 0; side < kSides; ++side) {
      ASSERT_EQ(reader.halo[side].size(), reader.in[side].size());
      if (reader.halo[side].size() == 0) continue;
      for (const Tile& owner : tiles) {
        if (owner.out[side] != reader.in[side]) continue;
        ++strips;
        EXPECT_EQ(reader.halo[side].x.first + reader.to_x, owner.edge[side].x.first + owner.to_x);
        EXPECT_EQ(reader.halo[side].y.last + reader.to_y, owner.edge[side].y.last + owner.to_y);
        EXPECT_EQ(owner.edge[side].x.size(), owner.out[side].x.size());
        EXPECT_EQ(owner.edge[side].y.size(), owner.out[side].y.size());
      }
    }
  }
  // 2 * 2 pairs of neighbours in x and 3 in y, each read both ways.
  EXPECT_EQ(strips, 2 * (4 + 3));
}

TEST(Problem, StripsOfASideFillTheirRegion) {
  const Problem problem = three_by_two();
  // xm: 3 tiles of 2 columns, 10 rows; ym: 12 columns, 2 tiles of 2 rows.
  EXPECT_EQ(all_strips(problem, kXm), (Box{{0, 5}, {0, 9}}));
  EXPECT_EQ(all_strips(problem, kYp), (Box{{0, 11}, {0, 3}}));
  for (int side = 0; side < kSides; ++side) {
    int64_t cells = 0;
    for (const Tile& tile : describe_tiles(problem)) cells += tile.out[side].size();
    EXPECT_EQ(cells, all_strips(problem, side).size());
  }
}

TEST(Problem, TilesAreCountedAlongXFirst) {
  const std::vector<Tile> tiles = describe_tiles(three_by_two());
  EXPECT_EQ(tiles[1].interior.x.first + tiles[1].to_x, 4);
  EXPECT_EQ(tiles[1].interior.y.first + tiles[1].to_y, 0);
  EXPECT_EQ(tiles[3].interior.x.first + tiles[3].to_x, 0);
  EXPECT_EQ(tiles[3].interior.y.first + tiles[3].to_y, 5);
}

}  // namespace
}  // namespace stencil
