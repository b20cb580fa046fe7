// SPDX-License-Identifier: Apache-2.0
// A Legion program that does nothing but launch tasks; timed after an equal number of warm-up
// launches. Every task has `-args` region arguments, each a piece of a separate region, and keeps
// its processor busy for `-us` microseconds. With `-traced 1` every launch is a trace, with
// `-reductions 1` the tasks fold into their pieces instead, which a second launch reads. Where there
// are GPUs, virtual ones too, they run the tasks, without a kernel. Prints `ELAPSED TIME = ... s`.
// overhead.py compares ways to run it.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "legion.h"

namespace {

using namespace Legion;

enum Tasks { kTop, kStep };
constexpr FieldID kField = 1;
constexpr TraceID kTrace = 1;

struct Options {
  int launches = 200;
  int points = 64;
  int arguments = 0;
  long long busy_us = 0;
  bool traced = false;
  bool reductions = false;
};

Options read_options() {
  const InputArgs& input = Runtime::get_input_args();
  Options options;
  for (int k = 1; k + 1 < input.argc; ++k) {
    const std::string word = input.argv[k];
    const int value = std::atoi(input.argv[k + 1]);
    if (word == "-launches") options.launches = value;
    if (word == "-points") options.points = value;
    if (word == "-args") options.arguments = value;
    if (word == "-us") options.busy_us = value;
    if (word == "-traced") options.traced = value != 0;
    if (word == "-reductions") options.reductions = value != 0;
  }
  return options;
}

void step_task(const Task* task, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  const long long end = Realm::Clock::current_time_in_nanoseconds() +
                        1000 * *static_cast<const long long*>(task->args);
  while (Realm::Clock::current_time_in_nanoseconds() < end) {
  }
}

/// What is launched together.
std::vector<IndexTaskLauncher> make_launchers(Context ctx, Runtime* runtime,
                                              const Options& options) {
  std::vector<IndexTaskLauncher> launchers(
      options.reductions ? 2 : 1,
      IndexTaskLauncher(kStep, Domain(Rect<1>(0, options.points - 1)),
                        UntypedBuffer(&options.busy_us, sizeof options.busy_us), ArgumentMap()));
  const IndexSpace elements = runtime->create_index_space(ctx, Rect<1>(0, 4 * options.points - 1));
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, options.points - 1));
  const IndexPartition pieces = runtime->create_equal_partition(ctx, elements, colors);
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(double), kField);
  for (int k = 0; k < options.arguments; ++k) {
    const LogicalRegion region = runtime->create_logical_region(ctx, elements, fields);
    runtime->fill_field(ctx, region, region, kField, 1.0);
    const LogicalPartition partition = runtime->get_logical_partition(ctx, region, pieces);
    if (options.reductions) {
      launchers[0].add_region_requirement(
          RegionRequirement(partition, 0, LEGION_REDOP_SUM_FLOAT64, LEGION_EXCLUSIVE, region));
      launchers[1].add_region_requirement(
          RegionRequirement(partition, 0, LEGION_READ_ONLY, LEGION_EXCLUSIVE, region));
    } else {
      launchers[0].add_region_requirement(
          RegionRequirement(partition, 0, LEGION_READ_WRITE, LEGION_EXCLUSIVE, region));
    }
    for (IndexTaskLauncher& launcher : launchers)
      launcher.add_field(static_cast<unsigned>(k), kField);
  }
  return launchers;
}

double launch_all(Context ctx, Runtime* runtime, const std::vector<IndexTaskLauncher>& launchers,
                  const Options& options) {
  runtime->issue_execution_fence(ctx).wait();
  const long long start = Realm::Clock::current_time_in_nanoseconds();
  for (int k = 0; k < options.launches; ++k) {
    if (options.traced) runtime->begin_trace(ctx, kTrace);
    for (const IndexTaskLauncher& launcher : launchers) runtime->execute_index_space(ctx, launcher);
    if (options.traced) runtime->end_trace(ctx, kTrace);
  }
  runtime->issue_execution_fence(ctx).wait();
  return 1e-9 * static_cast<double>(Realm::Clock::current_time_in_nanoseconds() - start);
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const Options options = read_options();
  const std::vector<IndexTaskLauncher> launchers = make_launchers(ctx, runtime, options);
  launch_all(ctx, runtime, launchers, options);
  std::printf("ELAPSED TIME = %f s\n", launch_all(ctx, runtime, launchers, options));
}

}  // namespace

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  TaskVariantRegistrar top(kTop, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<top_task>(top, "top");
  for (const Processor::Kind kind : {Processor::LOC_PROC, Processor::TOC_PROC}) {
    TaskVariantRegistrar step(kStep, "step");
    step.add_constraint(ProcessorConstraint(kind));
    step.set_leaf();
    Runtime::preregister_task_variant<step_task>(step, "step");
  }
  return Runtime::start(argc, argv);
}
