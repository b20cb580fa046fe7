// SPDX-License-Identifier: Apache-2.0
#include "stencil/cells.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/work.h"
#include "stencil/reference.h"

namespace stencil {
namespace {

/// Five by five cells around (2, 2); x fastest with `stride` doubles from one to the next.
struct Field {
  explicit Field(size_t stride) : stride(stride), values(25 * stride) {}
  template <class T>
  [[nodiscard]] Grid<T> grid() {
    return {reinterpret_cast<uintptr_t>(values.data()),
            {stride * sizeof(double), 5 * stride * sizeof(double)}};
  }
  size_t stride;
  std::vector<double> values;
};

TEST(Cells, StencilWeighsNearNeighboursTwiceAsMuch) {
  for (const size_t stride : {size_t{1}, size_t{2}}) {
    Field input(stride), output(stride);
    const Grid<double> in = input.grid<double>();
    in(3, 2) = 8;    // right: + 8 / 4
    in(2, 1) = 4;    // below: - 4 / 4
    in(0, 2) = 16;   // far left: - 16 / 8
    in(2, 4) = 32;   // far above: + 32 / 8
    in(2, 2) = 100;  // the cell itself has no weight
    in(3, 3) = 100;  // neither have diagonal ones
    output.grid<double>()(2, 2) = 0.5;
    apps::run_on_host(
        ApplyStencil{{{2, 2}, {2, 2}}, input.grid<const double>(), output.grid<double>()});
    EXPECT_EQ(output.grid<double>()(2, 2), 0.5 + 2 - 1 - 2 + 4);
  }
}

TEST(Cells, HaloTakesTheStripInTheSameOrder) {
  Field input(1), strip(1);
  const Grid<double> from = strip.grid<double>();
  for (int64_t y = 0; y < 5; ++y) {
    for (int64_t x = 0; x < 5; ++x) from(x, y) = static_cast<double>(10 * y + x);
  }
  apps::run_on_host(FillHalo{
      {{0, 1}, {1, 3}}, {{2, 3}, {2, 4}}, input.grid<double>(), strip.grid<const double>()});
  EXPECT_EQ(input.grid<double>()(0, 1), 22);
  EXPECT_EQ(input.grid<double>()(1, 1), 23);
  EXPECT_EQ(input.grid<double>()(1, 3), 43);
  EXPECT_EQ(input.grid<double>()(2, 1), 0);
}

TEST(Reference, DependsOnTheGridAndTheLengthButNotOnTiles) {
  const Problem problem;
  Problem longer = problem, larger = problem, tiled = problem;
  longer.warmup += 1;
  larger.nx *= 2;
  tiled.ntx = 8;
  tiled.nty = 1;
  EXPECT_NE(closed_form_checksum(problem), closed_form_checksum(longer));
  EXPECT_NE(closed_form_checksum(problem), closed_form_checksum(larger));
  EXPECT_EQ(closed_form_checksum(problem), closed_form_checksum(tiled));
}

}  // namespace
}  // namespace stencil
