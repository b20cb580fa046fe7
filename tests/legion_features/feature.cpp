// SPDX-License-Identifier: Apache-2.0
#include "feature.h"

namespace features {
namespace {

using namespace Legion;

void fill_index_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  for (const FieldID field : task->regions[0].privilege_fields) {
    const Access<LEGION_WRITE_DISCARD> values(regions[0], field);
    for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
      values[Point<1>(*at)] = (*at)[0];
  }
}

void add_one_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  for (const FieldID field : task->regions[0].privilege_fields) {
    const Access<LEGION_READ_WRITE> values(regions[0], field);
    for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
      values[Point<1>(*at)] = values[Point<1>(*at)] + 1;
  }
}

int64_t total_task(const Task* task, const Regions& regions, Context, Runtime* runtime) {
  int64_t sum = 0;
  for (const FieldID field : task->regions[0].privilege_fields) {
    const Access<LEGION_READ_ONLY> values(regions[0], field);
    for (Domain::DomainPointIterator at(domain_of(task, 0, runtime)); at; at++)
      sum += values[Point<1>(*at)];
  }
  return sum;
}

void top_task(const Task*, const Regions&, Context ctx, Runtime* runtime) {
  const InputArgs& arguments = Runtime::get_input_args();
  all_features().at(chosen_feature(arguments.argc, arguments.argv)).run(ctx, runtime);
}

}  // namespace

std::map<std::string, Feature>& all_features() {
  static std::map<std::string, Feature> features;
  return features;
}

std::string chosen_feature(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (std::string(argv[i]) == "-feature") return argv[i + 1];
  }
  return "";
}

Add::Add(const char* name, void (*run)(Context, Runtime*), void (*prepare)()) {
  all_features()[name] = {prepare, run};
}

void result(const char* name, int64_t value) {
  std::printf("RESULT %s %lld\n", name, static_cast<long long>(value));
}

Domain domain_of(const Task* task, unsigned index, Runtime* runtime) {
  return runtime->get_index_space_domain(task->regions[index].region.get_index_space());
}

Line make_line(Context ctx, Runtime* runtime) {
  const IndexSpace space = runtime->create_index_space(ctx, Rect<1>(0, kElements - 1));
  const FieldSpace fields = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
  Line line;
  for (const FieldID field : {kX, kY}) allocator.allocate_field(sizeof(int64_t), field);
  line.region = runtime->create_logical_region(ctx, space, fields);
  runtime->attach_name(line.region, "line");
  line.colors = runtime->create_index_space(ctx, Rect<1>(0, kPieces - 1));
  line.pieces = runtime->get_logical_partition(
      ctx, line.region, runtime->create_equal_partition(ctx, space, line.colors));
  runtime->attach_name(line.pieces, "pieces");
  for (const FieldID field : {kX, kY})
    runtime->fill_field<int64_t>(ctx, line.region, line.region, field, 0);
  return line;
}

RegionRequirement whole(const Line& line, PrivilegeMode privilege, FieldID field) {
  RegionRequirement requirement(line.region, privilege, LEGION_EXCLUSIVE, line.region);
  requirement.add_field(field);
  return requirement;
}

RegionRequirement piecewise(const Line& line, PrivilegeMode privilege, FieldID field) {
  RegionRequirement requirement(line.pieces, 0, privilege, LEGION_EXCLUSIVE, line.region);
  requirement.add_field(field);
  return requirement;
}

void fill_index(const Line& line, FieldID field, Context ctx, Runtime* runtime) {
  IndexTaskLauncher launcher(kFillIndex, line.colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(piecewise(line, LEGION_WRITE_DISCARD, field));
  runtime->execute_index_space(ctx, launcher);
}

void add_one(const Line& line, FieldID field, Context ctx, Runtime* runtime) {
  IndexTaskLauncher launcher(kAddOne, line.colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(piecewise(line, LEGION_READ_WRITE, field));
  runtime->execute_index_space(ctx, launcher);
}

int64_t total(const Line& line, FieldID field, Context ctx, Runtime* runtime) {
  IndexTaskLauncher launcher(kTotal, line.colors, UntypedBuffer(), ArgumentMap());
  launcher.add_region_requirement(piecewise(line, LEGION_READ_ONLY, field));
  return runtime->execute_index_space(ctx, launcher, LEGION_REDOP_SUM_INT64).get_result<int64_t>();
}

int start(const std::string& feature, int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  TaskVariantRegistrar top(kTop, "top");
  top.add_constraint(ProcessorConstraint(Processor::LOC_PROC));
  top.set_replicable();
  Runtime::preregister_task_variant<top_task>(top, "top");
  add_task<fill_index_task>(kFillIndex, "fill_index");
  add_task<add_one_task>(kAddOne, "add_one");
  add_task<total_task>(kTotal, "total");
  if (const auto prepare = all_features().at(feature).prepare) prepare();
  return Runtime::start(argc, argv);
}

}  // namespace features
