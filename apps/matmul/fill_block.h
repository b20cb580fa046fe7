// SPDX-License-Identifier: Apache-2.0
// Writing the starting entries of one block, as work (common/work.h).
#pragma once

#include "common/column.h"
#include "matmul/geometry.h"

namespace matmul {

struct FillBlock {
  Matrix matrix;
  Block block;
  apps::Grid<double> entries;

  [[nodiscard]] int64_t count() const { return block.rows.size() * block.columns.size(); }
  APPS_HOST_DEVICE void operator()(int64_t index) const {
    const int64_t i = block.rows.first + index / block.columns.size();
    const int64_t j = block.columns.first + index % block.columns.size();
    entries(i, j) = initial_entry(matrix, i, j);
  }
};

}  // namespace matmul
