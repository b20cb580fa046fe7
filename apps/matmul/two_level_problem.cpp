#include "matmul/two_level_problem.h"

namespace matmul {

std::string find_mistake(const TwoLevel& p) {
  std::string mistake = find_mistake(
      p.size, {{"-gx", p.gx}, {"-gy", p.gy}, {"-px", p.px}, {"-py", p.py}, {"-pk", p.pk}});
  const auto check = [&](const Split& split, const char* options) {
    if (mistake.empty()) mistake = find_empty_block(p.size.n, split, options);
  };
  check(p.rows(), "`-gx` times `-px`");
  check(p.columns(), "`-gy` times `-py`");
  check({p.gx, p.pk}, "`-gx` times `-pk`");
  return mistake;
}

std::vector<apps::NumberOption> numbers_of(TwoLevel& p) {
  return {{"-n", &p.size.n}, {"-gx", &p.gx}, {"-gy", &p.gy},        {"-px", &p.px},
          {"-py", &p.py},    {"-pk", &p.pk}, {"-l", &p.size.loops}, {"-warmup", &p.size.warmup}};
}

}  // namespace matmul
