// SPDX-License-Identifier: Apache-2.0
#include "options.h"

namespace stencil {
namespace {

std::vector<apps::NumberOption> numbers_of(Problem& problem) {
  return {{"-nx", &problem.nx},         {"-ny", &problem.ny},        {"-ntx", &problem.ntx},
          {"-nty", &problem.nty},       {"-l", &problem.loops},      {"-tsteps", &problem.loops},
          {"-warmup", &problem.warmup}, {"-tprune", &problem.warmup}};
}

/// As many tiles of the same size on every node, side by side in y, so that those of a node follow
/// each other.
void grow(Problem& problem, int64_t nodes) {
  problem.ny *= nodes;
  problem.nty *= nodes;
}

}  // namespace

const std::vector<apps::NamedInput<Problem>>& named_inputs() {
  static const std::vector<apps::NamedInput<Problem>> inputs = {
      {"test", {.nx = 64, .ny = 48, .ntx = 2, .nty = 2, .loops = 5, .warmup = 2}},
      {"small", {.nx = 2500, .ny = 2500, .ntx = 2, .nty = 2, .loops = 10, .warmup = 8}},
      {"medium", {.nx = 10000, .ny = 10000, .ntx = 2, .nty = 2, .loops = 10, .warmup = 8}},
      {"large", {.nx = 30000, .ny = 30000, .ntx = 2, .nty = 2, .loops = 50, .warmup = 30}},
  };
  return inputs;
}

Options parse_options(const std::vector<std::string>& arguments) {
  return apps::parse_options<Problem>(arguments, named_inputs(), numbers_of, find_mistake, grow);
}

}  // namespace stencil
