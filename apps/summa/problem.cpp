#include "summa/problem.h"

namespace summa {
namespace {

/// Rows of a tile are split over the processors of a node.
matmul::TwoLevel sized(int64_t n, int64_t gx, int64_t gy, int64_t processors, int64_t loops,
                       int64_t warmup) {
  return {{n, loops, warmup}, gx, gy, processors, 1, 1};
}

}  // namespace

const std::vector<apps::NamedInput<matmul::TwoLevel>>& named_inputs() {
  static const std::vector<apps::NamedInput<matmul::TwoLevel>> inputs = {
      {"test", sized(101, 2, 2, 2, 2, 1)},
      {"small", sized(2000, 2, 2, 4, 5, 2)},
      {"medium", sized(8000, 2, 2, 4, 3, 2)},
      {"large", sized(20000, 1, 1, 4, 10, 1)},
  };
  return inputs;
}

}  // namespace summa
