// PUMMA, a matrix multiplication in which tiles of B move along the rows of a grid while rows of C
// are broadcast. See README.md.
#include "matmul/two_level.h"

int main(int argc, char** argv) {
  return matmul::run_two_level(argc, argv, "pumma", matmul::inputs_split_by_rows(),
                               matmul::Rotation::ByRow);
}
