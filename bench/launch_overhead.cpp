// A Legion program of nothing but launches: 200 empty index launches of 64 points, timed after as
// many for warming up. Prints `ELAPSED TIME = ... s`. launch_overhead.py compares mappers with it.
#include <cstdio>

#include "legion.h"

namespace {

using namespace Legion;

enum Tasks { kTop, kEmpty };
constexpr int kLaunches = 200;
constexpr int kPoints = 64;

void empty_task(const Task*, const std::vector<PhysicalRegion>&, Context, Runtime*) {}

double launch_all(Context ctx, Runtime* runtime) {
  runtime->issue_execution_fence(ctx).wait();
  const long long start = Realm::Clock::current_time_in_nanoseconds();
  for (int i = 0; i < kLaunches; ++i) {
    const IndexTaskLauncher launcher(kEmpty, Domain(Rect<1>(0, kPoints - 1)), UntypedBuffer(),
                                     ArgumentMap());
    runtime->execute_index_space(ctx, launcher);
  }
  runtime->issue_execution_fence(ctx).wait();
  return 1e-9 * static_cast<double>(Realm::Clock::current_time_in_nanoseconds() - start);
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  launch_all(ctx, runtime);
  std::printf("ELAPSED TIME = %f s\n", launch_all(ctx, runtime));
}

}  // namespace

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  TaskVariantRegistrar top(kTop, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<top_task>(top, "top");
  TaskVariantRegistrar empty(kEmpty, "empty");
  empty.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  empty.set_leaf();
  Runtime::preregister_task_variant<empty_task>(empty, "empty");
  return Runtime::start(argc, argv);
}
