// SPDX-License-Identifier: Apache-2.0
#include "cosma/problem.h"

#include "matmul/cube_problem.h"

namespace cosma {

std::string find_mistake(const Problem& p) {
  return matmul::find_mistake(p.size, p.cube(), {"-gx", "-gy", "-gz"});
}

const std::vector<apps::NamedInput<Problem>>& named_inputs() {
  static const std::vector<apps::NamedInput<Problem>> inputs = {
      {"test", {{101, 2, 1}, 1, 2, 2}},
      {"small", {{2000, 5, 2}, 1, 2, 2}},
      {"medium", {{8000, 3, 2}, 1, 2, 2}},
      {"large", {{20000, 11, 1}, 1, 2, 2}},
  };
  return inputs;
}

Options parse_options(const std::vector<std::string>& arguments) {
  return apps::parse_options<Problem>(
      arguments, named_inputs(),
      [](Problem& p) -> std::vector<apps::NumberOption> {
        return {{"-n", &p.size.n}, {"-gx", &p.gx},        {"-gy", &p.gy},
                {"-gz", &p.gz},    {"-l", &p.size.loops}, {"-warmup", &p.size.warmup}};
      },
      find_mistake);
}

}  // namespace cosma
