// SPDX-License-Identifier: Apache-2.0
#include "options.h"

namespace circuit {
namespace {

Problem sized(int64_t pieces, int64_t per_superpiece, int64_t nodes, int64_t wires, int64_t steps,
              int64_t loops, int64_t warmup) {
  Problem problem;
  problem.pieces = pieces;
  problem.pieces_per_superpiece = per_superpiece;
  problem.nodes_per_piece = nodes;
  problem.wires_per_piece = wires;
  problem.steps = steps;
  problem.loops = loops;
  problem.warmup = warmup;
  return problem;
}

std::vector<apps::NumberOption> numbers_of(Problem& problem) {
  return {{"-p", &problem.pieces},
          {"-pps", &problem.pieces_per_superpiece},
          {"-npp", &problem.nodes_per_piece},
          {"-wpp", &problem.wires_per_piece},
          {"-pct", &problem.percent_local},
          {"-s", &problem.seed},
          {"-l", &problem.loops},
          {"-steps", &problem.steps},
          {"-warmup", &problem.warmup},
          {"-prune", &problem.warmup}};
}

/// As many pieces on every node.
void grow(Problem& problem, int64_t nodes) { problem.pieces *= nodes; }

}  // namespace

const std::vector<apps::NamedInput<Problem>>& named_inputs() {
  static const std::vector<apps::NamedInput<Problem>> inputs = {
      {"test", sized(4, 1, 20, 80, 10, 5, 2)},
      {"small", sized(4, 1, 50, 200, 100, 10, 8)},
      {"medium", sized(40, 10, 5000, 20000, 100, 3, 4)},
      {"large", sized(40, 10, 5000, 20000, 10000, 10, 3)},
  };
  return inputs;
}

Options parse_options(const std::vector<std::string>& arguments) {
  return apps::parse_options<Problem>(arguments, named_inputs(), numbers_of, find_mistake, grow);
}

}  // namespace circuit
