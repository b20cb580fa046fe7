// SPDX-License-Identifier: Apache-2.0
// Solomonik's 2.5D algorithm, a matrix multiplication in layers that share the work along k. See
// README.md.
#include "common/application.h"
#include "common/run_main.h"
#include "solomonik/algorithm.h"
#include "solomonik/problem.h"

namespace {

int start(int argc, char** argv) {
  const solomonik::Options options = solomonik::parse_options(apps::arguments_of(argc, argv));
  if (!options.error.empty()) return apps::refuse("solomonik", options.error);
  return matmul::run(argc, argv, solomonik::algorithm_of(options.problem), options.mapper,
                     options.verify);
}

}  // namespace

int main(int argc, char** argv) { return apps::run_main(argc, argv, start); }
