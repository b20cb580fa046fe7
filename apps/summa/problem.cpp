#include "summa/problem.h"

namespace summa {
namespace {

/// Rows of a tile are split over the processors of a node.
Problem sized(int64_t n, int64_t gx, int64_t gy, int64_t processors, int64_t loops,
              int64_t warmup) {
  return {{n, loops, warmup}, gx, gy, processors, 1, 1};
}

}  // namespace

const std::vector<apps::NamedInput<Problem>>& named_inputs() {
  static const std::vector<apps::NamedInput<Problem>> inputs = {
      {"test", sized(101, 2, 2, 2, 2, 1)},
      {"small", sized(2000, 2, 2, 4, 5, 2)},
      {"medium", sized(8000, 2, 2, 4, 3, 2)},
      {"large", sized(20000, 1, 1, 4, 10, 1)},
  };
  return inputs;
}

Options parse_options(const std::vector<std::string>& arguments) {
  return apps::parse_options<Problem>(arguments, named_inputs(), matmul::numbers_of,
                                      [](const Problem& p) { return matmul::find_mistake(p); });
}

}  // namespace summa
