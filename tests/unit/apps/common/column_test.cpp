// SPDX-License-Identifier: Apache-2.0
#include "common/column.h"

#include <gtest/gtest.h>

#include <vector>

#include "common/work.h"

namespace apps {
namespace {

TEST(Column, CountsFromTheAddressOfIndexZero) {
  // Indices 10..12 of a region, stored as the second of two interleaved fields.
  std::vector<int64_t> memory = {0, 7, 0, 8, 0, 9};
  const Column<int64_t> column{reinterpret_cast<uintptr_t>(&memory[1]) - 10 * 16, 16};
  EXPECT_EQ(column[10], 7);
  column[12] = 5;
  EXPECT_EQ(memory[5], 5);
}

TEST(Grid, FollowsBothStrides) {
  // 2 x 3 elements, the second index contiguous.
  std::vector<double> memory = {0, 1, 2, 10, 11, 12};
  const Grid<double> grid{reinterpret_cast<uintptr_t>(memory.data()), {24, 8}};
  EXPECT_EQ(grid(1, 2), 12);
  grid(0, 1) = 5;
  EXPECT_EQ(memory[1], 5);
}

struct AddIndex {
  int64_t* sum;
  [[nodiscard]] int64_t count() const { return 5; }
  void operator()(int64_t i) const { add_atomically(*sum, i); }
};

TEST(Work, VisitsEveryPieceOnce) {
  int64_t sum = 0;
  run_on_host(AddIndex{&sum});
  EXPECT_EQ(sum, 0 + 1 + 2 + 3 + 4);
}

}  // namespace
}  // namespace apps
