// An electric circuit as a graph, simulated by Legion tasks over pieces of it. See README.md.
#include <legion.h>
#include <placewright/modelled_task.h>

#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

#include "handwritten_mapper.h"
#include "options.h"
#include "reference.h"
#include "tasks.h"

namespace circuit {
namespace {

using namespace Legion;

constexpr TraceID kLoopTrace = 1;

/// Read by the top-level task, which Legion starts without a way to pass it in.
Options& options() {
  static Options instance;
  return instance;
}

/// The modelled time when everything launched so far has ended.
double time_when_done(Context ctx, Runtime* runtime) {
  runtime->issue_execution_fence(ctx).get_void_result();
  return placewright::modelled_clock();
}

void iterate(Context ctx, Runtime* runtime, const Regions& regions, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    runtime->begin_trace(ctx, kLoopTrace);
    launch_iteration(ctx, runtime, regions);
    runtime->end_trace(ctx, kLoopTrace);
  }
}

void report_checksum(Context ctx, Runtime* runtime, uint64_t checksum) {
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "CHECKSUM = %016" PRIx64 "\n", checksum);
  if (!options().verify) return;
  const uint64_t expected = sequential_checksum(options().problem);
  const bool equal = checksum == expected;
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "VERIFICATION = %s (sequential %016" PRIx64 ")\n",
                    equal ? "passed" : "FAILED", expected);
  if (!equal) Runtime::set_return_code(1);
}

void top_level(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const Problem& problem = options().problem;
  const Regions regions = create_regions(ctx, runtime, problem, current_superpieces());
  launch_init(ctx, runtime, regions);
  iterate(ctx, runtime, regions, problem.warmup);
  const double start = time_when_done(ctx, runtime);
  iterate(ctx, runtime, regions, problem.loops);
  const double elapsed = time_when_done(ctx, runtime) - start;
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "ELAPSED TIME = %f s\n", elapsed);
  const double flops = flops_per_loop(problem) * static_cast<double>(problem.loops);
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "GFLOP/s = %.3f\n", flops / elapsed * 1e-9);
  if (placewright::data_is_real()) {
    const Future sum = launch_checksum(ctx, runtime, regions);
    report_checksum(ctx, runtime, sum.get_result<uint64_t>(/*silence_warnings=*/true));
  }
}

void register_top_level() {
  TaskVariantRegistrar registrar(kTopLevelTask, "top_level");
  registrar.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  registrar.set_replicable();
  Runtime::preregister_task_variant<top_level>(registrar, "top_level");
  Runtime::set_top_level_task_id(kTopLevelTask);
}

int start(int argc, char** argv) {
  const OptionsResult parsed = parse_options(std::vector<std::string>(argv + 1, argv + argc));
  if (!parsed.error.empty()) {
    std::fprintf(stderr, "error: circuit: %s\n", parsed.error.c_str());
    return 2;
  }
  options() = parsed.options;
  register_tasks(options().problem);
  register_top_level();
  if (options().mapper == MapperChoice::Handwritten) install_handwritten_mapper();
  return Runtime::start(argc, argv);
}

}  // namespace
}  // namespace circuit

int main(int argc, char** argv) { return circuit::start(argc, argv); }
