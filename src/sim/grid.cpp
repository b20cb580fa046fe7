// SPDX-License-Identifier: Apache-2.0
#include "sim/grid.h"

#include <algorithm>
#include <limits>

namespace placewright::sim {

void Grid::add(const machine::LaunchDomain& box) {
  for (int d = 0; d < dim_; ++d) {
    starts_[d].push_back(box.lo.at[d]);
    starts_[d].push_back(box.hi.at[d] + 1);
  }
}

uint64_t Grid::finish() {
  uint64_t cells = 1;
  for (int d = 0; d < dim_; ++d) {
    std::vector<int64_t>& starts = starts_[d];
    std::ranges::sort(starts);
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    const uint64_t count = starts.empty() ? 0 : starts.size() - 1;
    if (__builtin_mul_overflow(cells, count, &cells)) return std::numeric_limits<uint64_t>::max();
  }
  return cells;
}

Grid::Range Grid::range(const machine::LaunchDomain& box, int d) const {
  const std::vector<int64_t>& starts = starts_[d];
  const auto position = [&](int64_t start) {
    return static_cast<uint64_t>(std::ranges::lower_bound(starts, start) - starts.begin());
  };
  return {position(box.lo.at[d]), position(box.hi.at[d] + 1)};
}

uint64_t Grid::points(uint64_t cell) const {
  uint64_t points = 1;
  for (int d = 0; d < dim_; ++d) {
    const uint64_t count = starts_[d].size() - 1;
    const uint64_t at = cell % count;
    points *= static_cast<uint64_t>(starts_[d][at + 1] - starts_[d][at]);
    cell /= count;
  }
  return points;
}

}  // namespace placewright::sim
