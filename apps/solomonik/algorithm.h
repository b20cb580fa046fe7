// SPDX-License-Identifier: Apache-2.0
// Solomonik's 2.5D algorithm: layers of points, each layer with a range of k, in which its points
// take turns as in Cannon's algorithm.
//
//   task_5 (i, j, l)  point (i, j) of layer l: step by step, in Cannon's order, starts
//   task_4            the leaf, which adds to A
#pragma once

#include "matmul/algorithm.h"
#include "solomonik/problem.h"

namespace solomonik {

[[nodiscard]] matmul::Algorithm algorithm_of(const Problem& problem);

}  // namespace solomonik
