// SPDX-License-Identifier: Apache-2.0
// The frame of the six programs: an algorithm says where the matrices start and what one
// multiplication launches; the rest is the same for all.
#pragma once

#include <legion.h>

#include <functional>

#include "common/options.h"
#include "matmul/handwritten_mapper.h"
#include "matmul/matrices.h"

namespace matmul {

/// Launches one multiplication, whose sums are all in A when the launches have ended.
using Multiply = std::function<void()>;

struct Algorithm {
  const char* name;
  Size size;
  Start start;
  /// The algorithm's own inner tasks, before the runtime starts.
  std::function<void()> register_inner_tasks;
  /// Cuts the matrices; called once per process.
  std::function<Multiply(Legion::Context, Legion::Runtime*, const Matrices&)> prepare;
  /// Where the hand-written mapper puts what.
  Placing handwritten;
};

/// The program: registers, runs, prints. Returns the exit status.
[[nodiscard]] int run(int argc, char** argv, const Algorithm& algorithm, apps::MapperChoice mapper,
                      bool verify);

}  // namespace matmul
