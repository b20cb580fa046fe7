// SPDX-License-Identifier: Apache-2.0
// COSMA, a matrix multiplication over a grid of points whose three sides are chosen to move the
// least data. See README.md.
#include "common/application.h"
#include "common/run_main.h"
#include "cosma/problem.h"
#include "matmul/cube.h"

namespace {

int start(int argc, char** argv) {
  const cosma::Options options = cosma::parse_options(apps::arguments_of(argc, argv));
  if (!options.error.empty()) return apps::refuse("cosma", options.error);
  return matmul::run(argc, argv,
                     matmul::one_level_algorithm("cosma", options.problem.size,
                                                 options.problem.cube(), matmul::cosma_placing()),
                     options.mapper, options.verify);
}

}  // namespace

int main(int argc, char** argv) { return apps::run_main(argc, argv, start); }
