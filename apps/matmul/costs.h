// SPDX-License-Identifier: Apache-2.0
// Operations and bytes of the tasks, for the modelled machines. The order of requirements is the
// one in tasks.cpp.
#pragma once

#include <placewright/task_cost.h>

#include "matmul/geometry.h"

namespace matmul {

/// Writes every entry of a block.
[[nodiscard]] placewright::TaskCost cost_of_fill(const Block& block);

/// Moves data merely by being mapped there; computes nothing.
[[nodiscard]] placewright::TaskCost cost_of_placement();

/// A (m x n) += B (m x k) C (k x n): 2 m n k operations. A is read and written once. As in every
/// blocked multiplication each tile of A is computed by one group of threads, which reads its rows
/// of B and its columns of C: B crosses the memory once per column of tiles, C once per row.
/// Source: CUTLASS, "Efficient GEMM in CUDA", tiles of 128 x 128; those of cuBLAS are not
/// published. Caches between the tiles are not counted, as everywhere in task_cost.h.
[[nodiscard]] placewright::TaskCost cost_of_leaf(int64_t m, int64_t n, int64_t k);

}  // namespace matmul
