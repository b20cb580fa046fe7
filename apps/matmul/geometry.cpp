// SPDX-License-Identifier: Apache-2.0
#include "matmul/geometry.h"

#include <algorithm>

namespace matmul {
namespace {

/// Far more than any run launches, and far from overflow when multiplied.
constexpr int64_t kMostBlocks = 4096;
constexpr int64_t kMostRows = 1'000'000;
constexpr int64_t kMostLoops = 1'000'000;

std::string text(int64_t number) { return std::to_string(number); }

std::string find_out_of_range(const CountOption& option, int64_t least, int64_t most) {
  if (option.value >= least && option.value <= most) return {};
  return "`" + std::string(option.name) + "` must be in " + text(least) + ".." + text(most) +
         ", found " + text(option.value);
}

}  // namespace

Interval block(Interval whole, int64_t blocks, int64_t index) {
  const int64_t size = (whole.size() + blocks - 1) / blocks;
  const int64_t first = whole.first + index * size;
  return {first, std::min(first + size - 1, whole.last)};
}

Interval block(int64_t n, const Split& split, int64_t index) {
  const Interval outer = block(Interval{0, n - 1}, split.outer, index / split.inner);
  return block(outer, split.inner, index % split.inner);
}

bool Cut::is_aliased() const {
  int64_t count = 1;
  for (const int64_t extent : colors) count *= extent;
  return count > rows.count() * columns.count();
}

Cut cut(const Split& rows, const Split& columns) {
  return {{rows.count(), columns.count()}, rows, columns, 0, 1};
}

Cut row_panels(int64_t rows, int64_t columns) { return {{rows, columns}, {rows}, {1}, 0, 1}; }
Cut column_panels(int64_t rows, int64_t columns) { return {{rows, columns}, {1}, {columns}, 0, 1}; }

Cut Cube::a() const { return {{i, j, k}, {i}, {j}, 0, 1}; }
Cut Cube::b() const { return {{i, j, k}, {i}, {k}, 0, 2}; }
Cut Cube::c() const { return {{i, j, k}, {k}, {j}, 2, 1}; }
Cut Cube::a_face() const { return {{i, j, 1}, {i}, {j}, 0, 1}; }
Cut Cube::b_face() const { return {{i, 1, k}, {i}, {k}, 0, 2}; }
Cut Cube::c_face() const { return {{1, j, k}, {k}, {j}, 2, 1}; }

std::vector<Block> blocks_of(int64_t n, const Cut& cut) {
  int64_t count = 1;
  for (const int64_t extent : cut.colors) count *= extent;
  std::vector<Block> blocks;
  for (int64_t linear = 0; linear < count; ++linear) {
    std::vector<int64_t> color;
    int64_t rest = linear;
    for (const int64_t extent : cut.colors) {
      color.push_back(rest % extent);
      rest /= extent;
    }
    const auto counted = [&](const Split& split, size_t dimension) {
      return block(n, split, split.count() == 1 ? 0 : color[dimension]);
    };
    blocks.push_back({counted(cut.rows, cut.row_color), counted(cut.columns, cut.column_color)});
  }
  return blocks;
}

std::vector<int64_t> order_of_steps(Rotation rotation, int64_t i, int64_t j, int64_t steps) {
  const int64_t first = rotation == Rotation::None ? 0 : rotation == Rotation::ByRow ? i : i + j;
  std::vector<int64_t> order;
  for (int64_t s = 0; s < steps; ++s) order.push_back((first + s) % steps);
  return order;
}

std::string find_mistake(const Size& size, const std::vector<CountOption>& counts) {
  std::vector<std::string> found = {find_out_of_range({"-n", size.n}, 1, kMostRows),
                                    find_out_of_range({"-l", size.loops}, 1, kMostLoops),
                                    find_out_of_range({"-warmup", size.warmup}, 0, kMostLoops)};
  for (const CountOption& count : counts) {
    found.push_back(find_out_of_range(count, 1, kMostBlocks));
  }
  for (const std::string& mistake : found) {
    if (!mistake.empty()) return mistake;
  }
  return {};
}

std::string find_empty_block(int64_t n, const Split& split, const char* options) {
  const std::string blocks = text(split.count()) + " blocks (" + options + ")";
  if (split.count() > n) {
    return "`-n` " + text(n) + " has fewer rows than " + blocks + "; take a larger `-n`";
  }
  for (int64_t index = 0; index < split.count(); ++index) {
    if (block(n, split, index).size() > 0) continue;
    return "`-n` " + text(n) + " leaves block " + text(index) + " of " + blocks +
           " empty, since all before it are rounded up; take a larger `-n`";
  }
  return {};
}

double flops(int64_t n) {
  const auto size = static_cast<double>(n);
  return 2 * size * size * size;
}

}  // namespace matmul
