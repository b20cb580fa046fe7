// SPDX-License-Identifier: Apache-2.0
// Doubles a thousand numbers in eight pieces. The task has a variant for CPUs and one for GPUs, which runs on virtual GPUs.
#include <legion.h>
#include <placewright/modelled_task.h>

#include <cstdio>

using namespace Legion;

enum Tasks { kTop, kDoubleValues };
enum Fields { kValue };
constexpr coord_t kValues = 1000;
constexpr coord_t kPieces = 8;

/// Both variants. The modelled time follows from the operations and the bytes stated here, and from where the mapping placed the data.
void double_values(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                   Runtime* runtime) {
  const FieldAccessor<READ_WRITE, double, 1, coord_t, Realm::AffineAccessor<double, 1, coord_t>>
      values(regions[0], kValue);
  const Rect<1> piece = regions[0].get_bounds<1, coord_t>().bounds;
  const auto number = static_cast<double>(piece.volume());

  placewright::TaskCost cost;
  cost.fp64_flops = number;
  cost.arguments.push_back(
      {0, placewright::AccessPattern::Stream, number, sizeof(double), sizeof(double)});
  placewright::TaskBody body;
  // Runs later, outside of Legion, so it owns what it uses. A real GPU would need body.on_gpu.
  body.on_host = [values, piece] {
    for (coord_t x = piece.lo[0]; x <= piece.hi[0]; ++x) values[x] *= 2;
  };
  placewright::run_modelled_task(task, regions, runtime, cost, std::move(body));
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const IndexSpace space = runtime->create_index_space(ctx, Rect<1>(0, kValues - 1));
  const FieldSpace fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, fields).allocate_field(sizeof(double), kValue);
  const LogicalRegion region = runtime->create_logical_region(ctx, space, fields);
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, kPieces - 1));
  const IndexPartition pieces = runtime->create_equal_partition(ctx, space, colors);
  runtime->fill_field(ctx, region, region, kValue, 1.5);

  IndexTaskLauncher launcher(kDoubleValues, colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(RegionRequirement(
      runtime->get_logical_partition(ctx, region, pieces), 0, READ_WRITE, EXCLUSIVE, region));
  launcher.add_field(0, kValue);
  runtime->execute_index_space(ctx, launcher);

  InlineLauncher inline_launcher(RegionRequirement(region, READ_ONLY, EXCLUSIVE, region));
  inline_launcher.add_field(kValue);
  const PhysicalRegion mapped = runtime->map_region(ctx, inline_launcher);
  const FieldAccessor<READ_ONLY, double, 1> values(mapped, kValue);
  double sum = 0;
  for (coord_t x = 0; x < kValues; ++x) sum += values[x];
  // In a timing run no bytes move, so the values mean nothing.
  if (placewright::data_is_real()) std::printf("SUM = %g\n", sum);
  runtime->unmap_region(ctx, mapped);
}

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  TaskVariantRegistrar top(kTop, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  Runtime::preregister_task_variant<top_task>(top, "top");
  for (const Processor::Kind kind : {Processor::LOC_PROC, Processor::TOC_PROC}) {
    TaskVariantRegistrar registrar(kDoubleValues, "double_values");
    registrar.add_constraint(ProcessorConstraint(kind));
    registrar.set_leaf();
    Runtime::preregister_task_variant<double_values>(registrar, "double_values");
  }
  return Runtime::start(argc, argv);
}
