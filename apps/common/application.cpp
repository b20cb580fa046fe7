// SPDX-License-Identifier: Apache-2.0
#include "common/application.h"

#include <placewright/modelled_task.h>

#include <cinttypes>
#include <cstdio>
#include <utility>

namespace apps {
namespace {

using namespace Legion;

constexpr TraceID kLoopTrace = 1;

/// Called by the top-level task, which Legion starts without a way to pass it in.
TopLevel& top_level() {
  static TopLevel instance;
  return instance;
}

void run_top_level(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  top_level()(ctx, runtime);
}

void iterate(Context ctx, Runtime* runtime, int64_t count, const std::function<void()>& iteration) {
  for (int64_t i = 0; i < count; ++i) {
    runtime->begin_trace(ctx, kLoopTrace);
    iteration();
    runtime->end_trace(ctx, kLoopTrace);
  }
}

void refuse_to_verify(Context ctx, Runtime* runtime) {
  LEGION_PRINT_ONCE(runtime, ctx, stdout,
                    "VERIFICATION = not possible: a timing run computes nothing; run it with "
                    "`placewright run --correctness`\n");
  Runtime::set_return_code(1);
}

}  // namespace

std::vector<std::string> arguments_of(int argc, char** argv) {
  return std::vector<std::string>(argv + 1, argv + argc);
}

int refuse(const char* name, const std::string& message) {
  std::fprintf(stderr, "error: %s: %s\n", name, message.c_str());
  return 2;
}

int run_application(int argc, char** argv, TaskID id, TopLevel body) {
  top_level() = std::move(body);
  TaskVariantRegistrar registrar(id, "top_level");
  registrar.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  registrar.set_replicable();
  Runtime::preregister_task_variant<run_top_level>(registrar, "top_level");
  Runtime::set_top_level_task_id(id);
  return Runtime::start(argc, argv);
}

double time_when_done(Context ctx, Runtime* runtime) {
  runtime->issue_execution_fence(ctx).get_void_result();
  return placewright::modelled_clock();
}

double timed_loop(Context ctx, Runtime* runtime, int64_t warmup, int64_t loops,
                  const std::function<void()>& iteration) {
  iterate(ctx, runtime, warmup, iteration);
  const double start = time_when_done(ctx, runtime);
  iterate(ctx, runtime, loops, iteration);
  return time_when_done(ctx, runtime) - start;
}

double timed_repetitions(Context ctx, Runtime* runtime, int64_t warmup, int64_t loops,
                         const std::function<void()>& prepare, const std::function<void()>& work) {
  double seconds = 0;
  for (int64_t i = 0; i < warmup + loops; ++i) {
    prepare();
    const double start = time_when_done(ctx, runtime);
    work();
    const double end = time_when_done(ctx, runtime);
    if (i >= warmup) seconds += end - start;
  }
  return seconds;
}

void print_outcome(Context ctx, Runtime* runtime, double seconds, const Outcome& outcome,
                   bool verify) {
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "ELAPSED TIME = %.9f s\n", seconds);
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "GFLOP/s = %.3f\n", outcome.flops / seconds * 1e-9);
  if (!placewright::data_is_real()) {
    if (verify) refuse_to_verify(ctx, runtime);
    return;
  }
  const auto checksum = outcome.checksum().get_result<uint64_t>(/*silence_warnings=*/true);
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "CHECKSUM = %016" PRIx64 "\n", checksum);
  if (!verify) return;
  const uint64_t expected = outcome.expected();
  const bool equal = checksum == expected;
  LEGION_PRINT_ONCE(runtime, ctx, stdout, "VERIFICATION = %s (sequential %016" PRIx64 ")\n",
                    equal ? "passed" : "FAILED", expected);
  if (!equal) Runtime::set_return_code(1);
}

}  // namespace apps
