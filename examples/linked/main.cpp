// SPDX-License-Identifier: Apache-2.0
// Squares numbers on all processors. The mapping named by the first argument decides which ones.
#include <legion.h>
#include <placewright/mapper.h>

#include <cstdio>

using namespace Legion;

enum Tasks { kTop, kSquare };

long long square_task(const Task* task, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  const long long x = task->index_point[0];
  return x * x;
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const IndexTaskLauncher launcher(kSquare, Domain(Rect<1>(0, 9)), UntypedBuffer(), ArgumentMap());
  const FutureMap squares = runtime->execute_index_space(ctx, launcher);
  long long sum = 0;
  for (int x = 0; x < 10; ++x) sum += squares.get_result<long long>(x);
  std::printf("SUM = %lld\n", sum);
}

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  TaskVariantRegistrar top(kTop, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<top_task>(top, "top");
  TaskVariantRegistrar square(kSquare, "square");
  square.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  square.set_leaf();
  Runtime::preregister_task_variant<long long, square_task>(square, "square");
  if (argc > 1) placewright::install_mapper(argv[1]);
  return Runtime::start(argc, argv);
}
