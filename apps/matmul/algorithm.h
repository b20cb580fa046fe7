// SPDX-License-Identifier: Apache-2.0
// The frame of the six programs: an algorithm defines where the matrices start and what one
// multiplication launches; the rest is common to all.
#pragma once

#include <legion.h>

#include <functional>

#include "common/options.h"
#include "matmul/handwritten_mapper.h"
#include "matmul/matrices.h"

namespace matmul {

/// Launches one multiplication. All its sums are in A when the launches have ended.
using Multiply = std::function<void()>;

struct Algorithm {
  const char* name;
  Size size;
  Start start;
  /// The algorithm's own inner tasks, before the runtime starts.
  std::function<void()> register_inner_tasks;
  /// Cuts the matrices; called once per process.
  std::function<Multiply(Legion::Context, Legion::Runtime*, const Matrices&)> prepare;
  /// The placement that the hand-written mapper uses.
  Placing handwritten;
};

/// The program: registers, runs, prints. Returns the exit status.
[[nodiscard]] int run(int argc, char** argv, const Algorithm& algorithm, apps::MapperChoice mapper,
                      bool verify);

}  // namespace matmul
