// SPDX-License-Identifier: Apache-2.0
// SUMMA, a matrix multiplication in which every step broadcasts a block of columns of B and one of
// rows of C. See README.md.
#include "common/run_main.h"
#include "matmul/two_level.h"

namespace {

int start(int argc, char** argv) {
  return matmul::run_two_level(argc, argv, "summa", matmul::inputs_split_by_rows(),
                               matmul::Rotation::None);
}

}  // namespace

int main(int argc, char** argv) { return apps::run_main(argc, argv, start); }
