// SPDX-License-Identifier: Apache-2.0
#include "options.h"

namespace pennant {
namespace {

std::vector<apps::NumberOption> numbers_of(Problem& problem) {
  return {{"-nzx", &problem.nzx},     {"-nzy", &problem.nzy},     {"-npieces", &problem.pieces},
          {"-l", &problem.loops},     {"-cstop", &problem.loops}, {"-warmup", &problem.warmup},
          {"-prune", &problem.warmup}};
}

/// As many pieces with as many rows of zones on every node.
void grow(Problem& problem, int64_t nodes) {
  problem.nzy *= nodes;
  problem.pieces *= nodes;
}

}  // namespace

const std::vector<apps::NamedInput<Problem>>& named_inputs() {
  static const std::vector<apps::NamedInput<Problem>> inputs = {
      {"test", {.nzx = 8, .nzy = 24, .pieces = 4, .loops = 5, .warmup = 2}},
      {"small", {.nzx = 320, .nzy = 360, .pieces = 4, .loops = 10, .warmup = 8}},
      {"medium", {.nzx = 320, .nzy = 5760, .pieces = 4, .loops = 3, .warmup = 4}},
      {"large", {.nzx = 320, .nzy = 92160, .pieces = 4, .loops = 30, .warmup = 30}},
  };
  return inputs;
}

Options parse_options(const std::vector<std::string>& arguments) {
  return apps::parse_options<Problem>(arguments, named_inputs(), numbers_of, find_mistake, grow);
}

}  // namespace pennant
