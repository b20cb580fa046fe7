// SUMMA, a matrix multiplication in which every step broadcasts a block of columns of B and one of
// rows of C. See README.md.
#include "common/application.h"
#include "matmul/two_level.h"
#include "summa/problem.h"

int main(int argc, char** argv) {
  const summa::Options options = summa::parse_options(apps::arguments_of(argc, argv));
  if (!options.error.empty()) return apps::refuse("summa", options.error);
  return matmul::run(
      argc, argv,
      matmul::two_level_algorithm("summa", options.problem, matmul::Rotation::None),
      options.mapper, options.verify);
}
