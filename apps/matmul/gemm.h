// SPDX-License-Identifier: Apache-2.0
// The leaf of every algorithm, A += B C on row-major blocks, on a host and on a real GPU. Knows
// nothing of Legion.
#pragma once

#include <cstdint>

#include "common/column.h"
#include "matmul/geometry.h"

namespace matmul {

/// A is m x n, B m x k, C k x n. A leading dimension is the distance in doubles from one row to the
/// next; within a row the columns lie side by side.
struct Gemm {
  int64_t m = 0, n = 0, k = 0;
  const double* b = nullptr;
  int64_t ldb = 0;
  const double* c = nullptr;
  int64_t ldc = 0;
  double* a = nullptr;
  int64_t lda = 0;
};

/// Puts a block of a matrix, as a task sees it, into the form BLAS takes: its first entry, and its
/// leading dimension from the layout of the instance.
struct Panel {
  double* first = nullptr;
  int64_t leading = 0;
};
[[nodiscard]] Panel panel(const apps::Grid<double>& entries, const Block& block);

/// OpenBLAS with one thread. May be called by several threads at once.
void multiply_on_host(const Gemm& gemm);

/// cuBLAS on a cudaStream_t; does not wait. cuBLAS is loaded at the first call, so that a program
/// without a real GPU never does. Errors end the program with a message.
void multiply_on_gpu(const Gemm& gemm, void* stream);

}  // namespace matmul
