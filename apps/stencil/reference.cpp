// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include "cells.h"
#include "common/checksum.h"

namespace stencil {
namespace {

/// Eight times what one iteration adds to the output of (x, y), in whole numbers.
int64_t eightfold_gain(int64_t x, int64_t y) {
  const auto first = [](int64_t at_x, int64_t at_y) {
    return static_cast<int64_t>(initial_value(at_x, at_y));
  };
  int64_t sum = 0;
  for (int64_t r = 1; r <= kRadius; ++r) {
    // 8 / (2 * r * kRadius) is 2 or 1.
    sum += 2 / r * (first(x + r, y) - first(x - r, y) + first(x, y + r) - first(x, y - r));
  }
  return sum;
}

}  // namespace

uint64_t closed_form_checksum(const Problem& problem) {
  const int64_t iterations = problem.warmup + problem.loops;
  uint64_t sum = 0;
  for (int64_t y = -kRadius; y < problem.ny + kRadius; ++y) {
    for (int64_t x = -kRadius; x < problem.nx + kRadius; ++x) {
      const double input = initial_value(x, y) + static_cast<double>(iterations);
      sum += apps::hash_value(kHashInput, hash_index(problem, x, y), apps::bits_of(input));
      if (x < 0 || y < 0 || x >= problem.nx || y >= problem.ny) continue;
      const double output = static_cast<double>(iterations * eightfold_gain(x, y)) / 8;
      sum += apps::hash_value(kHashOutput, hash_index(problem, x, y), apps::bits_of(output));
    }
  }
  return sum;
}

}  // namespace stencil
