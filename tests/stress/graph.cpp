// SPDX-License-Identifier: Apache-2.0
// A random task graph (`-seed N`) on Legion. Prints `RESULT = right`, or what is wrong. Knows
// nothing of mappings.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "legion.h"
#include "plan.h"

namespace {

using namespace Legion;
using stress::Access;
using stress::Launch;
using stress::Part;
using stress::Plan;
using stress::Use;

enum Tasks : TaskID { kTop, kNest, kSum, kFirstName };
const char* const kNames[stress::kTaskNames] = {"alpha", "beta", "gamma", "delta", "epsilon"};
constexpr FieldID kFirstField = 1;
constexpr ReductionOpID kAdd = LEGION_REDOP_SUM_UINT64;

using Affine = Realm::AffineAccessor<uint64_t, 1, coord_t>;
template <PrivilegeMode mode>
using Accessor = FieldAccessor<mode, uint64_t, 1, coord_t, Affine>;
using Folder = ReductionAccessor<SumReduction<uint64_t>, /*EXCLUSIVE=*/false, 1, coord_t, Affine>;

uint64_t seed() {
  const InputArgs& input = Runtime::get_input_args();
  for (int k = 1; k + 1 < input.argc; ++k) {
    if (std::string(input.argv[k]) == "-seed") return std::strtoull(input.argv[k + 1], nullptr, 10);
  }
  return 0;
}

/// One region with what launches see of it.
struct Data {
  LogicalRegion region;
  LogicalPartition pieces, overlapping;
};

LogicalPartition partition(Context ctx, Runtime* runtime, const Plan& plan, LogicalRegion region,
                           Part part) {
  std::map<DomainPoint, Domain> domains;
  for (int x = 0; x < plan.pieces; ++x) {
    const stress::Span span = stress::span_of(plan, part, x);
    domains[DomainPoint(Point<1>(x))] = Domain(Rect<1>(span.first, span.last - 1));
  }
  const IndexSpace colors = runtime->create_index_space(ctx, Rect<1>(0, plan.pieces - 1));
  const IndexPartition result =
      runtime->create_partition_by_domain(ctx, region.get_index_space(), domains, colors);
  const LogicalPartition logical = runtime->get_logical_partition(ctx, region, result);
  runtime->attach_name(logical, part == Part::Pieces ? "pieces" : "overlapping");
  return logical;
}

Data make_data(Context ctx, Runtime* runtime, const Plan& plan, int number) {
  const IndexSpace elements = runtime->create_index_space(ctx, Rect<1>(0, plan.elements - 1));
  const FieldSpace fields = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
  for (int field = 0; field < stress::kFields; ++field)
    allocator.allocate_field(sizeof(uint64_t), kFirstField + static_cast<FieldID>(field));
  Data data;
  data.region = runtime->create_logical_region(ctx, elements, fields);
  runtime->attach_name(data.region, ("region_" + std::to_string(number)).c_str());
  data.pieces = partition(ctx, runtime, plan, data.region, Part::Pieces);
  data.overlapping = partition(ctx, runtime, plan, data.region, Part::Overlapping);
  for (int field = 0; field < stress::kFields; ++field) {
    runtime->fill_field(ctx, data.region, data.region, kFirstField + static_cast<FieldID>(field),
                        uint64_t{1});
  }
  return data;
}

RegionRequirement requirement(const Use& use, const Data& data) {
  const bool whole = use.part == Part::Whole;
  const LogicalPartition part = use.part == Part::Pieces ? data.pieces : data.overlapping;
  const auto with = [&](auto mode, auto property) {
    return whole ? RegionRequirement(data.region, mode, property, data.region)
                 : RegionRequirement(part, 0, mode, property, data.region);
  };
  RegionRequirement result;
  switch (use.access) {
    case Access::Read:
      result = with(LEGION_READ_ONLY, LEGION_EXCLUSIVE);
      break;
    case Access::Write:
      result = with(LEGION_READ_WRITE, LEGION_EXCLUSIVE);
      break;
    case Access::Overwrite:
      result = with(LEGION_WRITE_DISCARD, LEGION_EXCLUSIVE);
      break;
    case Access::Add:
      result = whole ? RegionRequirement(data.region, kAdd, LEGION_EXCLUSIVE, data.region)
                     : RegionRequirement(part, 0, kAdd, LEGION_EXCLUSIVE, data.region);
      break;
  }
  result.add_field(kFirstField + static_cast<FieldID>(use.field));
  return result;
}

template <class Launcher>
void add_uses(Launcher& launcher, const Launch& launch, const std::vector<Data>& data) {
  for (const Use& use : launch.uses)
    launcher.add_region_requirement(requirement(use, data[static_cast<size_t>(use.region)]));
}

void issue(Context ctx, Runtime* runtime, const Plan& plan, const Launch& launch,
           const std::vector<Data>& data) {
  const UntypedBuffer number(&launch.number, sizeof launch.number);
  const auto task = static_cast<TaskID>(kFirstName + launch.task);
  if (launch.index) {
    IndexTaskLauncher launcher(task, Domain(Rect<1>(0, plan.pieces - 1)), number, ArgumentMap());
    add_uses(launcher, launch, data);
    runtime->execute_index_space(ctx, launcher);
  } else {
    TaskLauncher launcher(task, number);
    add_uses(launcher, launch, data);
    runtime->execute_task(ctx, launcher);
  }
}

/// The whole graph is known from the seed, so a nested launch is named by its position.
struct NestArguments {
  uint64_t seed;
  size_t launch;
  Data data[8];
};

void nest_task(const Task* task, const std::vector<PhysicalRegion>&, Context ctx,
               Runtime* runtime) {
  const auto& arguments = *static_cast<const NestArguments*>(task->args);
  const Plan plan = stress::make_plan(arguments.seed);
  const std::vector<Data> data(arguments.data, arguments.data + plan.regions);
  issue(ctx, runtime, plan, plan.launches[arguments.launch], data);
}

void issue_nested(Context ctx, Runtime* runtime, uint64_t seed, const Plan& plan, size_t number,
                  const std::vector<Data>& data) {
  NestArguments arguments{seed, number, {}};
  std::copy(data.begin(), data.end(), arguments.data);
  TaskLauncher launcher(kNest, UntypedBuffer(&arguments, sizeof arguments));
  for (Use use : plan.launches[number].uses) {
    use.part = Part::Whole;
    // What its children write they may also leave alone in parts.
    if (use.access == Access::Overwrite) use.access = Access::Write;
    launcher.add_region_requirement(requirement(use, data[static_cast<size_t>(use.region)]));
  }
  runtime->execute_task(ctx, launcher);
}

template <class Accessed>
void for_each_element(const PhysicalRegion& region, Runtime* runtime, Accessed&& accessed) {
  const Rect<1> bounds =
      runtime->get_index_space_domain(region.get_logical_region().get_index_space());
  for (coord_t i = bounds.lo[0]; i <= bounds.hi[0]; ++i) accessed(i);
}

void named_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                Runtime* runtime) {
  const auto number = static_cast<uint64_t>(*static_cast<const int64_t*>(task->args));
  const auto field = [&](size_t k) { return *task->regions[k].privilege_fields.begin(); };
  uint64_t sum = 0;
  for (size_t k = 0; k < regions.size(); ++k) {
    if (task->regions[k].privilege != LEGION_READ_ONLY) continue;
    const Accessor<LEGION_READ_ONLY> values(regions[k], field(k));
    for_each_element(regions[k], runtime, [&](coord_t i) { sum += values[i]; });
  }
  for (size_t k = 0; k < regions.size(); ++k) {
    const PrivilegeMode mode = task->regions[k].privilege;
    if (mode == LEGION_REDUCE) {
      const Folder values(regions[k], field(k), kAdd);
      for_each_element(regions[k], runtime,
                       [&](coord_t i) { values[i] <<= stress::added(sum, number, i); });
    } else if (mode == LEGION_READ_WRITE) {
      const Accessor<LEGION_READ_WRITE> values(regions[k], field(k));
      for_each_element(regions[k], runtime,
                       [&](coord_t i) { values[i] = stress::written(values[i], sum, number, i); });
    } else if (mode == LEGION_WRITE_DISCARD) {
      const Accessor<LEGION_WRITE_DISCARD> values(regions[k], field(k));
      for_each_element(regions[k], runtime,
                       [&](coord_t i) { values[i] = stress::overwritten(sum, number, i); });
    }
  }
}

uint64_t sum_task(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                  Runtime* runtime) {
  const Accessor<LEGION_READ_ONLY> values(regions[0], *task->regions[0].privilege_fields.begin());
  uint64_t sum = 0;
  for_each_element(regions[0], runtime, [&](coord_t i) { sum += stress::weighted(values[i], i); });
  return sum;
}

/// Compares every field of every region with what it should be.
void check(Context ctx, Runtime* runtime, const Plan& plan, const std::vector<Data>& data) {
  const std::vector<uint64_t> wanted = stress::expected(plan);
  bool right = true;
  for (size_t k = 0; k < wanted.size(); ++k) {
    const Use use{static_cast<int>(k) / stress::kFields, static_cast<int>(k) % stress::kFields,
                  Part::Pieces, Access::Read};
    IndexTaskLauncher launcher(kSum, Domain(Rect<1>(0, plan.pieces - 1)), UntypedBuffer(),
                               ArgumentMap());
    launcher.add_region_requirement(requirement(use, data[static_cast<size_t>(use.region)]));
    const FutureMap sums = runtime->execute_index_space(ctx, launcher);
    uint64_t found = 0;
    for (int x = 0; x < plan.pieces; ++x) found += sums.get_result<uint64_t>(x);
    if (found == wanted[k]) continue;
    right = false;
    std::printf("WRONG region %d field %d: %llu instead of %llu\n", use.region, use.field,
                static_cast<unsigned long long>(found), static_cast<unsigned long long>(wanted[k]));
  }
  if (right) std::printf("RESULT = right\n");
}

void top_task(const Task*, const std::vector<PhysicalRegion>&, Context ctx, Runtime* runtime) {
  const uint64_t number = seed();
  const Plan plan = stress::make_plan(number);
  std::vector<Data> data;
  for (int k = 0; k < plan.regions; ++k) data.push_back(make_data(ctx, runtime, plan, k));
  constexpr TraceID kTrace = 1;
  for (int round = 0; round < plan.rounds; ++round) {
    if (plan.traced) runtime->begin_trace(ctx, kTrace);
    for (size_t k = 0; k < plan.launches.size(); ++k) {
      if (plan.launches[k].nested) {
        issue_nested(ctx, runtime, number, plan, k, data);
      } else {
        issue(ctx, runtime, plan, plan.launches[k], data);
      }
    }
    if (plan.traced) runtime->end_trace(ctx, kTrace);
  }
  check(ctx, runtime, plan, data);
}

template <auto body>
void add_task(TaskID id, const char* name, bool leaf, bool replicable) {
  using Value = decltype(body(nullptr, {}, nullptr, nullptr));
  for (const auto kind : {Processor::LOC_PROC, Processor::TOC_PROC}) {
    if (!leaf && kind == Processor::TOC_PROC) continue;
    TaskVariantRegistrar registrar(id, name);
    registrar.add_constraint(ProcessorConstraint(kind));
    registrar.set_leaf(leaf);
    registrar.set_inner(id == kNest);
    registrar.set_replicable(replicable);
    if constexpr (std::is_void_v<Value>) {
      Runtime::preregister_task_variant<body>(registrar, name);
    } else {
      Runtime::preregister_task_variant<Value, body>(registrar, name);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  Runtime::set_top_level_task_id(kTop);
  add_task<top_task>(kTop, "top", false, true);
  add_task<nest_task>(kNest, "nest", false, false);
  add_task<sum_task>(kSum, "sum", true, false);
  for (int k = 0; k < stress::kTaskNames; ++k)
    add_task<named_task>(kFirstName + static_cast<TaskID>(k), kNames[k], true, false);
  return Runtime::start(argc, argv);
}
