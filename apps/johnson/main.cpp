// SPDX-License-Identifier: Apache-2.0
// Johnson's algorithm, a matrix multiplication over a cube of points, each with one product of
// blocks. See README.md.
#include "common/application.h"
#include "common/run_main.h"
#include "johnson/problem.h"
#include "matmul/cube.h"

namespace {

int start(int argc, char** argv) {
  const johnson::Options options = johnson::parse_options(apps::arguments_of(argc, argv));
  if (!options.error.empty()) return apps::refuse("johnson", options.error);
  return matmul::run(argc, argv,
                     matmul::one_level_algorithm("johnson", options.problem.size,
                                                 options.problem.cube(), matmul::johnson_placing()),
                     options.mapper, options.verify);
}

}  // namespace

int main(int argc, char** argv) { return apps::run_main(argc, argv, start); }
