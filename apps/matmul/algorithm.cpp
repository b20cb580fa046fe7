// SPDX-License-Identifier: Apache-2.0
#include "matmul/algorithm.h"

#include "common/application.h"
#include "matmul/reference.h"
#include "matmul/tasks.h"

namespace matmul {
namespace {

using namespace Legion;

void measure(Context ctx, Runtime* runtime, const Algorithm& algorithm, bool verify) {
  const Size& size = algorithm.size;
  const Matrices matrices = create_matrices(ctx, runtime, size.n, algorithm.start);
  const Multiply multiply = algorithm.prepare(ctx, runtime, matrices);
  const double elapsed = apps::timed_repetitions(
      ctx, runtime, size.warmup, size.loops, [&] { launch_start(ctx, runtime, matrices); },
      multiply);
  apps::print_outcome(ctx, runtime, elapsed,
                      {flops(size.n) * static_cast<double>(size.loops),
                       [&] { return launch_validate(ctx, runtime, matrices); },
                       [&] { return whole_checksum(size.n); }},
                      verify);
}

}  // namespace

int run(int argc, char** argv, const Algorithm& algorithm, apps::MapperChoice mapper, bool verify) {
  register_tasks();
  if (algorithm.register_inner_tasks) algorithm.register_inner_tasks();
  if (mapper == apps::MapperChoice::Handwritten) install_handwritten_mapper(algorithm.handwritten);
  return apps::run_application(argc, argv, kTopLevelTask,
                               [&algorithm, verify](Context ctx, Runtime* runtime) {
                                 measure(ctx, runtime, algorithm, verify);
                               });
}

}  // namespace matmul
