// SPDX-License-Identifier: Apache-2.0
#include "matmul/costs.h"

namespace matmul {
namespace {

using placewright::AccessPattern;
using placewright::TaskCost;

constexpr double kEntry = sizeof(double);
constexpr int64_t kTile = 128;

double tiles(int64_t size) { return static_cast<double>((size + kTile - 1) / kTile); }

}  // namespace

TaskCost cost_of_fill(const Block& block) {
  TaskCost cost;
  cost.parallelism = static_cast<double>(block.rows.size() * block.columns.size());
  cost.arguments = {{0, AccessPattern::Stream, cost.parallelism, 0, kEntry}};
  return cost;
}

TaskCost cost_of_placement() { return {}; }

TaskCost cost_of_leaf(int64_t m, int64_t n, int64_t k) {
  const auto entries = [](int64_t rows, int64_t columns) {
    return static_cast<double>(rows) * static_cast<double>(columns);
  };
  TaskCost cost;
  cost.fp64_flops = 2 * entries(m, n) * static_cast<double>(k);
  cost.parallelism = entries(m, n);
  cost.arguments = {{0, AccessPattern::Stream, entries(m, n), kEntry, kEntry},
                    {1, AccessPattern::Stream, entries(m, k) * tiles(n), kEntry, 0},
                    {2, AccessPattern::Stream, entries(k, n) * tiles(m), kEntry, 0}};
  return cost;
}

}  // namespace matmul
