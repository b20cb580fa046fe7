// SPDX-License-Identifier: Apache-2.0
// Cannon's algorithm, a matrix multiplication in which tiles of B move along the rows and tiles of
// C along the columns of a grid. See README.md.
#include "cannon/problem.h"
#include "common/run_main.h"
#include "matmul/two_level.h"

namespace {

int start(int argc, char** argv) {
  return matmul::run_two_level(argc, argv, "cannon", cannon::named_inputs(),
                               matmul::Rotation::ByBoth);
}

}  // namespace

int main(int argc, char** argv) { return apps::run_main(argc, argv, start); }
