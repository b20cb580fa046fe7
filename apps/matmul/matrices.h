// SPDX-License-Identifier: Apache-2.0
// The names under which tasks and data are known to Legion and to mappings, and the regions.
#pragma once

#include <legion.h>

#include "matmul/geometry.h"

namespace matmul {

/// task_6 and task_7 exist in the algorithms with two levels only, task_5 also in Solomonik's.
enum TaskId : Legion::TaskID {
  kTopLevelTask = 1,
  kFill,    ///< fill: the entries of one block.
  kPlaceA,  ///< task_1, task_2, task_3: bring A, B, C to where they start.
  kPlaceB,
  kPlaceC,
  kLeaf,      ///< task_4: A += B C on one block of each.
  kInner,     ///< task_5: the steps of one processor.
  kStep,      ///< task_6: one step of a node, over its processors.
  kOuter,     ///< task_7: the steps of a node.
  kValidate,  ///< validate: the checksum of a block of A.
};

enum MatrixField : Legion::FieldID { kEntry = 1 };

/// Colors of partitions; Legion wants either to choose all of a region's or none.
enum PartitionColor : Legion::Color {
  kStartBlocks = 1,  ///< Partition of a whole matrix: where it starts.
  kBlocks,           ///< Partition of a matrix or of a block that the algorithm works on.
};

/// Where the matrices start: one block per point of each color space.
struct Start {
  Cut a, b, c;
};

/// A matrix and the blocks in which it starts.
struct MatrixRegion {
  Legion::LogicalRegion region;
  Legion::LogicalPartition start;
};

/// The regions `A`, `B`, `C` with partitions `A_start`, `B_start`, `C_start`.
struct Matrices {
  int64_t n = 0;
  MatrixRegion a, b, c;
};

/// Creates and names everything. Every process of a run does the same.
[[nodiscard]] Matrices create_matrices(Legion::Context ctx, Legion::Runtime* runtime, int64_t n,
                                       const Start& start);

/// A partition of a whole matrix.
[[nodiscard]] Legion::LogicalPartition cut_matrix(Legion::Context ctx, Legion::Runtime* runtime,
                                                  int64_t n, Legion::LogicalRegion matrix,
                                                  const Cut& cut, PartitionColor color,
                                                  const char* name);

/// Cuts a region into rows x columns blocks, under the color kBlocks.
Legion::LogicalPartition cut_region(Legion::Context ctx, Legion::Runtime* runtime,
                                    Legion::LogicalRegion region, int64_t rows, int64_t columns,
                                    const char* name);

/// The same for every block of a partition; one partition per block.
std::vector<Legion::LogicalPartition> cut_blocks(Legion::Context ctx, Legion::Runtime* runtime,
                                                 Legion::LogicalPartition blocks, int64_t rows,
                                                 int64_t columns, const char* name);

/// Block (row, column) of what cut_region() made of `region`.
[[nodiscard]] Legion::LogicalRegion inner_block(Legion::Context ctx, Legion::Runtime* runtime,
                                                Legion::LogicalRegion region, int64_t row,
                                                int64_t column);

/// The rows and columns of a block.
[[nodiscard]] Block block_of(Legion::Runtime* runtime, Legion::LogicalRegion region);

}  // namespace matmul
