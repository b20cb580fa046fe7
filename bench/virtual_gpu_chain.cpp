// SPDX-License-Identifier: Apache-2.0
// Measures how much time Legion and the virtual GPUs add to a chain of dependent kernels: `-length`
// traced index launches of one point per GPU, each reading and writing what the previous one wrote,
// every kernel of `-model-us` modelled microseconds. Ideal: length x modelled time x time_scale.
// Exits with 1 if the median of the repetitions exceeds `-limit` times the ideal.
#include <legion.h>
#include <placewright/machine_table.h>
#include <placewright/virtual_gpu.h>
#include <realm/cuda/cuda_module.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace {

using namespace Legion;

enum { kTopTask = 1, kLinkTask };
enum { kValue = 1 };

struct Options {
  int length = 100;
  int repetitions = 5;
  double model_us = 5000;
  double limit = 0;  ///< 0 means no limit.
};

Options options;
bool over_limit = false;

void link_task(const Task* task, const std::vector<PhysicalRegion>&, Context, Runtime*) {
  Realm::Cuda::set_task_ctxsync_required(false);
  const double seconds = *static_cast<const double*>(task->args);
  const auto launch = placewright::virtual_gpu_launch();
  if (launch(Realm::Cuda::get_task_cuda_stream(), seconds, nullptr, nullptr) != 0) std::abort();
}

struct Chain {
  IndexSpace points;
  LogicalRegion region;
  LogicalPartition pieces;
};

Chain make_chain(Context context, Runtime* runtime, int gpus) {
  const IndexSpace space = runtime->create_index_space(context, Rect<1>(0, 1024 * gpus - 1));
  const FieldSpace fields = runtime->create_field_space(context);
  runtime->create_field_allocator(context, fields).allocate_field(sizeof(double), kValue);
  const IndexSpace points = runtime->create_index_space(context, Rect<1>(0, gpus - 1));
  const IndexPartition blocks = runtime->create_equal_partition(context, space, points);
  const LogicalRegion region = runtime->create_logical_region(context, space, fields);
  runtime->fill_field<double>(context, region, region, kValue, 0);
  return {points, region, runtime->get_logical_partition(context, region, blocks)};
}

/// Runs the whole chain once; returns wall-clock seconds.
double run_chain(Context context, Runtime* runtime, const Chain& chain) {
  const auto now = [&] {
    runtime->issue_execution_fence(context);
    return runtime->get_current_time_in_microseconds(context).get_result<long long>(true);
  };
  const double seconds = options.model_us * 1e-6;
  const long long start = now();
  runtime->begin_trace(context, 1);
  for (int i = 0; i < options.length; ++i) {
    IndexTaskLauncher launcher(kLinkTask, chain.points, TaskArgument(&seconds, sizeof seconds),
                               ArgumentMap());
    launcher.add_region_requirement(
        RegionRequirement(chain.pieces, 0, LEGION_READ_WRITE, LEGION_EXCLUSIVE, chain.region));
    launcher.add_field(0, kValue);
    runtime->execute_index_space(context, launcher);
  }
  runtime->end_trace(context, 1);
  return static_cast<double>(now() - start) * 1e-6;
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context context, Runtime* runtime) {
  const placewright::MachineTableResult read = placewright::machine_table_from_environment();
  const int gpus = placewright::virtual_gpu_count();
  if (!read.table || gpus == 0) {
    std::fprintf(stderr, "virtual_gpu_chain: needs virtual GPUs and a machine table\n");
    std::exit(2);
  }
  const double scale = read.table->time_scale;
  const double ideal = options.length * options.model_us * 1e-6 * scale;
  const Chain chain = make_chain(context, runtime, gpus);
  // The first run records the trace and the second is the first to replay it.
  for (int i = 0; i < 2; ++i) run_chain(context, runtime, chain);
  std::vector<double> ratios;
  for (int i = 0; i < options.repetitions; ++i) {
    const double seconds = run_chain(context, runtime, chain);
    ratios.push_back(seconds / ideal);
    std::printf(
        "virtual GPU chain: %d x %g us on %d GPUs, time scale %g: %.1f ms, ideal %.1f ms, "
        "ratio %.4f\n",
        options.length, options.model_us, gpus, scale, seconds * 1e3, ideal * 1e3, ratios.back());
  }
  std::sort(ratios.begin(), ratios.end());
  const double median = ratios[ratios.size() / 2];
  std::printf("median ratio %.4f (%.4f to %.4f)\n", median, ratios.front(), ratios.back());
  over_limit = options.limit > 0 && median > options.limit;
}

void read_options(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    const auto is = [&](const char* name) { return std::strcmp(argv[i], name) == 0; };
    if (is("-length")) options.length = std::max(1, std::atoi(argv[i + 1]));
    if (is("-repetitions")) options.repetitions = std::max(1, std::atoi(argv[i + 1]));
    if (is("-model-us")) options.model_us = std::atof(argv[i + 1]);
    if (is("-limit")) options.limit = std::atof(argv[i + 1]);
  }
}

}  // namespace

int main(int argc, char** argv) {
  read_options(argc, argv);
  Runtime::set_top_level_task_id(kTopTask);
  TaskVariantRegistrar top(kTopTask, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<top_task>(top, "top");
  TaskVariantRegistrar link(kLinkTask, "link");
  link.add_constraint(ProcessorConstraint(Processor::TOC_PROC));
  link.set_leaf();
  Runtime::preregister_task_variant<link_task>(link, "link");
  const int status = Runtime::start(argc, argv);
  return over_limit ? 1 : status;
}
