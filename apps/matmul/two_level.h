// SPDX-License-Identifier: Apache-2.0
// Cannon's algorithm, SUMMA and PUMMA: tiles over nodes, and parts of tiles over the processors of
// a node. They differ in the order in which a point takes the blocks of k.
//
//   task_7 (i, j)  over nodes: step by step, in the order of the algorithm, starts
//   task_6         the step of a node, which launches
//   task_5 (x, y)  over parts of the tile: step by step, starts
//   task_4         the leaf
#pragma once

#include "matmul/algorithm.h"
#include "matmul/two_level_problem.h"

namespace matmul {

/// The program: reads the command line, runs, prints. Returns the exit status.
[[nodiscard]] int run_two_level(int argc, char** argv, const char* name,
                                const std::vector<apps::NamedInput<TwoLevel>>& inputs,
                                Rotation rotation);

}  // namespace matmul
