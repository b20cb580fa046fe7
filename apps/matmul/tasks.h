// SPDX-License-Identifier: Apache-2.0
// The tasks that all algorithms share, and their launches.
#pragma once

#include <legion.h>

#include "matmul/matrices.h"

namespace matmul {

/// Registers fill, task_1 to task_4 and validate, for CPUs and GPUs. task_4 demands row-major
/// instances, fields kept apart: what BLAS can walk over.
void register_tasks();

/// Writes the initial entries of all matrices, which invalidates every older copy; then brings the
/// matrices to where they start.
void launch_start(Legion::Context ctx, Legion::Runtime* runtime, const Matrices& matrices);

/// task_1: brings A to where it starts, with all sums in it.
void launch_place_a(Legion::Context ctx, Legion::Runtime* runtime, const Matrices& matrices);

/// The sum of hash_entry() over all of A.
[[nodiscard]] Legion::Future launch_validate(Legion::Context ctx, Legion::Runtime* runtime,
                                             const Matrices& matrices);

}  // namespace matmul
