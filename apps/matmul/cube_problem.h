// SPDX-License-Identifier: Apache-2.0
// What the three-dimensional algorithms (Johnson's, Solomonik's 2.5D, COSMA) have in common as
// problems: a cube of points, of which (i, j, k) multiplies block (i, k) of B by block (k, j) of C.
#pragma once

#include <string>

#include "matmul/geometry.h"

namespace matmul {

/// The names of the options that set a cube's sides; the same one for equal sides.
struct CubeOptions {
  const char* i;
  const char* j;
  const char* k;
};

/// Reports that the matrices cannot be cut into the blocks of the cube, each block of k into
/// `steps` more (set by `steps_option`). Empty if they can.
[[nodiscard]] std::string find_mistake(const Size& size, const Cube& cube,
                                       const CubeOptions& options, int64_t steps = 1,
                                       const char* steps_option = nullptr);

}  // namespace matmul
