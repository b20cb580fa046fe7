// SPDX-License-Identifier: Apache-2.0
#include "cannon/problem.h"

namespace cannon {
namespace {

/// A tile is cut into a grid of side x side parts, between which its blocks move like the tiles.
matmul::TwoLevel sized(int64_t n, int64_t gx, int64_t gy, int64_t side, int64_t loops,
                       int64_t warmup) {
  return {{n, loops, warmup}, gx, gy, side, side, side};
}

}  // namespace

const std::vector<apps::NamedInput<matmul::TwoLevel>>& named_inputs() {
  static const std::vector<apps::NamedInput<matmul::TwoLevel>> inputs = {
      {"test", sized(101, 2, 2, 2, 2, 1)},
      {"small", sized(2000, 2, 2, 2, 5, 2)},
      {"medium", sized(8000, 2, 2, 2, 3, 2)},
      {"large", sized(20000, 1, 1, 2, 10, 1)},
  };
  return inputs;
}

}  // namespace cannon
