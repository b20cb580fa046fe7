// SPDX-License-Identifier: Apache-2.0
#include "matmul/two_level_problem.h"

namespace matmul {
namespace {

TwoLevel split_by_rows(const Size& size, int64_t gx, int64_t gy, int64_t processors) {
  return {size, gx, gy, processors, 1, 1};
}

}  // namespace

std::string find_mistake(const TwoLevel& p) {
  std::string mistake = find_mistake(
      p.size, {{"-gx", p.gx}, {"-gy", p.gy}, {"-px", p.px}, {"-py", p.py}, {"-pk", p.pk}});
  if (mistake.empty() && p.gx * p.gy > apps::kMostPieces / (p.px * p.py)) {
    mistake = "`-gx` times `-gy` times `-px` times `-py` must be at most " +
              std::to_string(apps::kMostPieces) + " parts";
  }
  const auto check = [&](const Split& split, const char* options) {
    if (mistake.empty()) mistake = find_empty_block(p.size.n, split, options);
  };
  check(p.rows(), "`-gx` times `-px`");
  check(p.columns(), "`-gy` times `-py`");
  check({p.gx, p.pk}, "`-gx` times `-pk`");
  return mistake;
}

const std::vector<apps::NamedInput<TwoLevel>>& inputs_split_by_rows() {
  static const std::vector<apps::NamedInput<TwoLevel>> inputs = {
      {"test", split_by_rows({101, 2, 1}, 2, 2, 2)},
      {"small", split_by_rows({2000, 5, 2}, 2, 2, 4)},
      {"medium", split_by_rows({8000, 3, 2}, 2, 2, 4)},
      {"large", split_by_rows({20000, 10, 1}, 1, 1, 4)},
  };
  return inputs;
}

std::vector<apps::NumberOption> numbers_of(TwoLevel& p) {
  return {{"-n", &p.size.n}, {"-gx", &p.gx}, {"-gy", &p.gy},        {"-px", &p.px},
          {"-py", &p.py},    {"-pk", &p.pk}, {"-l", &p.size.loops}, {"-warmup", &p.size.warmup}};
}

}  // namespace matmul
