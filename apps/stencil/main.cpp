// SPDX-License-Identifier: Apache-2.0
// The star stencil of the Parallel Research Kernels as Legion tasks over tiles. See README.md.
#include <legion.h>

#include "common/application.h"
#include "common/run_main.h"
#include "handwritten_mapper.h"
#include "options.h"
#include "reference.h"
#include "tasks.h"

namespace stencil {
namespace {

using namespace Legion;

void compute(Context ctx, Runtime* runtime, const Options& options) {
  const Problem& problem = options.problem;
  const Regions regions = create_regions(ctx, runtime, problem, current_tiles());
  launch_init(ctx, runtime, regions);
  const double elapsed = apps::timed_loop(ctx, runtime, problem.warmup, problem.loops,
                                          [&] { launch_iteration(ctx, runtime, regions); });
  apps::print_outcome(ctx, runtime, elapsed,
                      {flops_per_loop(problem) * static_cast<double>(problem.loops),
                       [&] { return launch_checksum(ctx, runtime, regions); },
                       [&] { return closed_form_checksum(problem); }},
                      options.verify);
}

int start(int argc, char** argv) {
  const Options options = parse_options(apps::arguments_of(argc, argv));
  if (!options.error.empty()) return apps::refuse("stencil", options.error);
  register_tasks(options.problem);
  if (options.mapper == apps::MapperChoice::Handwritten) install_handwritten_mapper();
  return apps::run_application(argc, argv, kTopLevelTask, [options](Context ctx, Runtime* runtime) {
    compute(ctx, runtime, options);
  });
}

}  // namespace
}  // namespace stencil

int main(int argc, char** argv) { return apps::run_main(argc, argv, stencil::start); }
