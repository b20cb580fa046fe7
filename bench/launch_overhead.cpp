// SPDX-License-Identifier: Apache-2.0
// A Legion program that does nothing but launch tasks; timed after an equal number of warm-up
// launches. Every task has `-args` region arguments, each a piece of a separate region, and keeps
// its processor busy for `-us` microseconds. Prints `ELAPSED TIME = ... s`. overhead.py compares
// ways to run it.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "legion.h"

namespace {

using namespace Legion;

enum Tasks { kTop, kStep };
constexpr FieldID kField = 1;

struct Options {
  int launches = 200;
  int points = 64;
  int arguments = 0;
  long long busy_us = 0;
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
  }
  return options;
}

void step_task(const Task* task, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  const long long end = Realm::Clock::current_time_in_nanoseconds() +
                        1000 * *static_cast<const long long*>(task->args);
  while (Realm::Clock::current_time_in_nanoseconds() < end) {
  }
}

IndexTaskLauncher make_launcher(Context ctx, Runtime* runtime, const Options& options) {
  IndexTaskLauncher launcher(kStep, Domain(Rect<1>(0, options.points - 1)),
                             UntypedBuffer(&options.busy_us, sizeof options.busy_us),
                             ArgumentMap());
  const IndexSpace elements = runtime->create_index_space(ctx, Rect<1>(0, 4 * options.points - 1));
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, options.points - 1));
  const IndexPartition pieces = runtime->create_equal_partition(ctx, elements, colors);
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(double), kField);
  for (int k = 0; k < options.arguments; ++k) {
    const LogicalRegion region = runtime->create_logical_region(ctx, elements, fields);
    runtime->fill_field(ctx, region, region, kField, 1.0);
    const LogicalPartition partition = runtime->get_logical_partition(ctx, region, pieces);
    launcher.add_region_requirement(
        RegionRequirement(partition, 0, LEGION_READ_WRITE, LEGION_EXCLUSIVE, region));
    launcher.add_field(static_cast<unsigned>(k), kField);
  }
  return launcher;
}

double launch_all(Context ctx, Runtime* runtime, const IndexTaskLauncher& launcher, int launches) {
  runtime->issue_execution_fence(ctx).wait();
  const long long start = Realm::Clock::current_time_in_nanoseconds();
  for (int k = 0; k < launches; ++k) runtime->execute_index_space(ctx, launcher);
  runtime->issue_execution_fence(ctx).wait();
  return 1e-9 * static_cast<double>(Realm::Clock::current_time_in_nanoseconds() - start);
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const Options options = read_options();
  const IndexTaskLauncher launcher = make_launcher(ctx, runtime, options);
  launch_all(ctx, runtime, launcher, options.launches);
  std::printf("ELAPSED TIME = %f s\n", launch_all(ctx, runtime, launcher, options.launches));
}

}  // namespace

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  TaskVariantRegistrar top(kTop, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<top_task>(top, "top");
  TaskVariantRegistrar step(kStep, "step");
  step.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  step.set_leaf();
  Runtime::preregister_task_variant<step_task>(step, "step");
  return Runtime::start(argc, argv);
}
