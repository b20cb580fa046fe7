// SPDX-License-Identifier: Apache-2.0
// The products of blocks that the points of a cube compute add up to the product of the matrices.
#include <gtest/gtest.h>

#include <vector>

#include "matmul/gemm.h"
#include "matmul/geometry.h"
#include "matmul/reference.h"

namespace matmul {
namespace {

constexpr int64_t kOrder = 37;

/// A whole matrix in rows of `leading` doubles, the last of which belong to nobody.
struct Storage {
  int64_t leading = kOrder + 3;
  std::vector<double> values = std::vector<double>(static_cast<size_t>(kOrder * leading), -1e9);
  double& at(int64_t i, int64_t j) { return values[static_cast<size_t>(i * leading + j)]; }
  apps::Grid<double> grid() {
    return {reinterpret_cast<uintptr_t>(values.data()),
            {static_cast<size_t>(leading) * sizeof(double), sizeof(double)}};
  }
};

Storage start_of(Matrix matrix) {
  Storage storage;
  for (int64_t i = 0; i < kOrder; ++i) {
    for (int64_t j = 0; j < kOrder; ++j) storage.at(i, j) = initial_entry(matrix, i, j);
  }
  return storage;
}

uint64_t checksum(Storage& a) {
  uint64_t sum = 0;
  for (int64_t i = 0; i < kOrder; ++i) {
    for (int64_t j = 0; j < kOrder; ++j) sum += hash_entry(kOrder, i, j, a.at(i, j));
  }
  return sum;
}

struct Product {
  Block a, b, c;
};

void multiply(Storage& a, Storage& b, Storage& c, const Product& p) {
  const Panel pa = panel(a.grid(), p.a), pb = panel(b.grid(), p.b), pc = panel(c.grid(), p.c);
  multiply_on_host({p.a.rows.size(), p.a.columns.size(), p.b.columns.size(), pb.first, pb.leading,
                    pc.first, pc.leading, pa.first, pa.leading});
}

/// Like Solomonik's algorithm; with one step like Johnson's and COSMA.
uint64_t checksum_of_blocks(const Cube& cube, int64_t steps) {
  Storage a = start_of(Matrix::A), b = start_of(Matrix::B), c = start_of(Matrix::C);
  const auto as = blocks_of(kOrder, cube.a());
  const auto bs = blocks_of(kOrder, cube.b());
  const auto cs = blocks_of(kOrder, cube.c());
  for (size_t point = 0; point < as.size(); ++point) {
    const auto [i, j] = std::pair(static_cast<int64_t>(point) % cube.i,
                                  static_cast<int64_t>(point) / cube.i % cube.j);
    for (const int64_t step : order_of_steps(Rotation::ByBoth, i, j, steps)) {
      const Interval k = block(bs[point].columns, steps, step);
      multiply(a, b, c, {as[point], {bs[point].rows, k}, {k, cs[point].columns}});
    }
  }
  return checksum(a);
}

TEST(Products, ReferenceIsTheSumOverK) {
  Storage a = start_of(Matrix::A);
  for (int64_t i = 0; i < kOrder; ++i) {
    for (int64_t j = 0; j < kOrder; ++j) {
      for (int64_t k = 0; k < kOrder; ++k) {
        a.at(i, j) += initial_entry(Matrix::B, i, k) * initial_entry(Matrix::C, k, j);
      }
    }
  }
  EXPECT_EQ(checksum(a), whole_checksum(kOrder));
}

TEST(Products, BlocksOfACubeAddUpToTheProduct) {
  for (const Cube& cube : {Cube{1, 1, 1}, {2, 2, 2}, {3, 3, 3}, {1, 2, 2}, {2, 4, 1}, {5, 1, 3}}) {
    EXPECT_EQ(checksum_of_blocks(cube, 1), whole_checksum(kOrder)) << cube.i << cube.j << cube.k;
  }
}

TEST(Products, StepsOfALayerAddUpToTheProduct) {
  EXPECT_EQ(checksum_of_blocks({2, 2, 2}, 2), whole_checksum(kOrder));
  EXPECT_EQ(checksum_of_blocks({2, 2, 1}, 5), whole_checksum(kOrder));
}

TEST(Products, OneRowHasALeadingDimensionThatBlasTakes) {
  Storage storage;
  apps::Grid<double> grid = storage.grid();
  grid.strides[0] = 0;
  EXPECT_EQ(panel(grid, {{2, 2}, {0, 8}}).leading, 9);
  EXPECT_EQ(panel(storage.grid(), {{2, 4}, {1, 8}}).leading, kOrder + 3);
  EXPECT_EQ(panel(storage.grid(), {{2, 4}, {1, 8}}).first, &storage.at(2, 1));
}

TEST(Products, ChecksumTellsPlacesAndValuesApart) {
  EXPECT_NE(hash_entry(10, 0, 1, 5), hash_entry(10, 1, 0, 5));
  EXPECT_NE(hash_entry(10, 0, 1, 5), hash_entry(10, 0, 1, 6));
  EXPECT_EQ(hash_entry(10, 0, 1, 0.0), hash_entry(10, 0, 1, -0.0));
}

}  // namespace
}  // namespace matmul
