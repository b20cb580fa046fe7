// SPDX-License-Identifier: Apache-2.0
#include "matmul/gemm.h"

#include <cblas.h>

#include <algorithm>

namespace matmul {

Panel panel(const apps::Grid<double>& entries, const Block& block) {
  double& first = entries(block.rows.first, block.columns.first);
  // The distance between rows means nothing when there is one; BLAS still wants a possible one.
  const int64_t leading = static_cast<int64_t>(entries.strides[0] / sizeof(double));
  const bool one_row = block.rows.size() == 1;
  return {&first, one_row ? std::max(leading, block.columns.size()) : leading};
}

void multiply_on_host(const Gemm& g) {
  static const bool one_thread = (openblas_set_num_threads(1), true);
  static_cast<void>(one_thread);
  const auto to_int = [](int64_t value) { return static_cast<blasint>(value); };
  cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, to_int(g.m), to_int(g.n), to_int(g.k), 1.0,
              g.b, to_int(g.ldb), g.c, to_int(g.ldc), 1.0, g.a, to_int(g.lda));
}

}  // namespace matmul
