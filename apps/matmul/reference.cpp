// SPDX-License-Identifier: Apache-2.0
#include "matmul/reference.h"

#include <vector>

#include "common/checksum.h"
#include "matmul/gemm.h"

namespace matmul {
namespace {

std::vector<double> whole(Matrix matrix, int64_t n) {
  std::vector<double> entries;
  entries.reserve(static_cast<size_t>(n * n));
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) entries.push_back(initial_entry(matrix, i, j));
  }
  return entries;
}

}  // namespace

uint64_t hash_entry(int64_t n, int64_t i, int64_t j, double value) {
  constexpr uint64_t kFieldOfA = 1;
  // Adding zero makes one zero of both.
  return apps::hash_value(kFieldOfA, i * n + j, apps::bits_of(value + 0.0));
}

uint64_t whole_checksum(int64_t n) {
  std::vector<double> a = whole(Matrix::A, n);
  const std::vector<double> b = whole(Matrix::B, n);
  const std::vector<double> c = whole(Matrix::C, n);
  multiply_on_host({n, n, n, b.data(), n, c.data(), n, a.data(), n});
  uint64_t sum = 0;
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) sum += hash_entry(n, i, j, a[static_cast<size_t>(i * n + j)]);
  }
  return sum;
}

}  // namespace matmul
