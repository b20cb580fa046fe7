// SPDX-License-Identifier: Apache-2.0
// The grid that the corners of boxes make: every box is a whole number of its cells.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "machine/domain.h"

namespace placewright::sim {

class Grid {
 public:
  explicit Grid(int dim) : dim_(dim) {}
  void add(const machine::LaunchDomain& box);
  /// Call it after all boxes were added. Returns the number of cells, at most UINT64_MAX.
  [[nodiscard]] uint64_t finish();

  /// Calls `visit` with the number of each cell of a box that was added.
  template <class Visit>
  void for_each(const machine::LaunchDomain& box, Visit&& visit) const;
  /// How many points a cell has.
  [[nodiscard]] uint64_t points(uint64_t cell) const;

 private:
  struct Range {
    uint64_t begin;
    uint64_t end;
  };
  [[nodiscard]] Range range(const machine::LaunchDomain& box, int d) const;

  int dim_;
  /// By dimension, ascending: where a cell begins.
  std::array<std::vector<int64_t>, machine::kMaxDim> starts_;
};

template <class Visit>
void Grid::for_each(const machine::LaunchDomain& box, Visit&& visit) const {
  std::array<Range, machine::kMaxDim> ranges{};
  std::array<uint64_t, machine::kMaxDim> at{};
  for (int d = 0; d < dim_; ++d) {
    ranges[d] = range(box, d);
    at[d] = ranges[d].begin;
  }
  for (;;) {
    uint64_t cell = 0;
    for (int d = dim_ - 1; d >= 0; --d) cell = cell * (starts_[d].size() - 1) + at[d];
    visit(cell);
    int d = 0;
    while (d < dim_ && ++at[d] == ranges[d].end) {
      at[d] = ranges[d].begin;
      ++d;
    }
    if (d == dim_) return;
  }
}

}  // namespace placewright::sim
