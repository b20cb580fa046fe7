// SPDX-License-Identifier: Apache-2.0
// The three-dimensional algorithms: point (i, j, k) of one launch adds B(i,k) C(k,j) to A(i,j).
// Points that differ in k only add to the same block, each to a copy of its own; task_1 folds the
// copies where A started.
#pragma once

#include "common/launch.h"
#include "matmul/algorithm.h"

namespace matmul {

/// The blocks of the matrices, one of each per point of the cube: partitions `A_blocks`,
/// `B_blocks`, `C_blocks`.
struct CubeBlocks {
  Legion::LogicalPartition a, b, c;
};

[[nodiscard]] CubeBlocks cut_cube(Legion::Context ctx, Legion::Runtime* runtime,
                                  const Matrices& matrices, const Cube& cube);

/// A launch of `task` over the cube: A for sums, B and C to read.
[[nodiscard]] apps::Launch launch_over(Legion::Runtime* runtime, TaskId task,
                                       const Matrices& matrices, const CubeBlocks& blocks);

/// Where the matrices start: on three sides of the cube.
[[nodiscard]] Start start_on_sides(const Cube& cube);

/// Johnson's algorithm and COSMA: one launch of task_4. They differ in their cubes and in where an
/// expert puts the start.
[[nodiscard]] Algorithm one_level_algorithm(const char* name, const Size& size, const Cube& cube,
                                            const Placing& handwritten);

}  // namespace matmul
