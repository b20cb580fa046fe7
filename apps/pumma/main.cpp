// SPDX-License-Identifier: Apache-2.0
// PUMMA, a matrix multiplication in which blocks of C move along the columns of a grid while blocks
// of B are broadcast along its rows. See README.md.
#include "common/run_main.h"
#include "matmul/two_level.h"

namespace {

int start(int argc, char** argv) {
  return matmul::run_two_level(argc, argv, "pumma", matmul::inputs_split_by_rows(),
                               matmul::Rotation::ByRow);
}

}  // namespace

int main(int argc, char** argv) { return apps::run_main(argc, argv, start); }
