#include "regions.h"

#include <map>
#include <string>

namespace circuit {
namespace {

using namespace Legion;

Domain to_domain(Interval interval) {
  return Domain(Rect<1>(interval.first, interval.size() == 0 ? interval.first - 1 : interval.last));
}

FieldSpace node_fields(Context ctx, Runtime* runtime) {
  const FieldSpace fields = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
  const std::pair<FieldID, const char*> floats[] = {
      {kNodeCapacitance, "node_cap"}, {kNodeLeakage, "leakage"}, {kNodeVoltage, "node_voltage"}};
  for (const auto& [id, name] : floats) {
    allocator.allocate_field(sizeof(float), id);
    runtime->attach_name(fields, id, name);
  }
  allocator.allocate_field(sizeof(Charge), kNodeCharge);
  runtime->attach_name(fields, kNodeCharge, "charge");
  return fields;
}

FieldSpace wire_fields(Context ctx, Runtime* runtime) {
  const FieldSpace fields = runtime->create_field_space(ctx);
  FieldAllocator allocator = runtime->create_field_allocator(ctx, fields);
  const auto add = [&](size_t size, FieldID id, const std::string& name) {
    allocator.allocate_field(size, id);
    runtime->attach_name(fields, id, name.c_str());
  };
  add(sizeof(int64_t), kWireIn, "in_ptr");
  add(sizeof(int64_t), kWireOut, "out_ptr");
  add(sizeof(float), kWireInductance, "inductance");
  add(sizeof(float), kWireResistance, "resistance");
  add(sizeof(float), kWireCapacitance, "wire_cap");
  for (int k = 0; k < kCurrents; ++k) {
    add(sizeof(float), kWireCurrent + k, "current_" + std::to_string(k));
  }
  for (int k = 0; k < kVoltages; ++k) {
    add(sizeof(float), kWireVoltage + k, "voltage_" + std::to_string(k));
  }
  return fields;
}

LogicalRegion create_region(Context ctx, Runtime* runtime, int64_t size, FieldSpace fields,
                            const char* name) {
  const IndexSpace space = runtime->create_index_space(ctx, Domain(Rect<1>(0, size - 1)));
  const LogicalRegion region = runtime->create_logical_region(ctx, space, fields);
  runtime->attach_name(region, name);
  return region;
}

LogicalPartition partition(Context ctx, Runtime* runtime, LogicalRegion region,
                           const std::vector<Interval>& pieces, IndexSpace colors,
                           PartitionKind kind, const char* name) {
  std::map<DomainPoint, Domain> domains;
  for (size_t i = 0; i < pieces.size(); ++i) {
    domains[DomainPoint(static_cast<coord_t>(i))] = to_domain(pieces[i]);
  }
  const IndexPartition index = runtime->create_partition_by_domain(
      ctx, region.get_index_space(), domains, colors, /*perform_intersections=*/false, kind);
  const LogicalPartition result = runtime->get_logical_partition(ctx, region, index);
  runtime->attach_name(result, name);
  return result;
}

std::vector<Interval> collect(const std::vector<Superpiece>& superpieces,
                              Interval Superpiece::*member) {
  std::vector<Interval> result;
  for (const Superpiece& superpiece : superpieces) result.push_back(superpiece.*member);
  return result;
}

}  // namespace

Regions create_regions(Context ctx, Runtime* runtime, const Problem& problem,
                       const std::vector<Superpiece>& superpieces) {
  const auto count = static_cast<int64_t>(superpieces.size());
  Regions r;
  r.nodes = create_region(ctx, runtime, problem.nodes(), node_fields(ctx, runtime), "nodes");
  r.wires = create_region(ctx, runtime, problem.wires(), wire_fields(ctx, runtime), "wires");
  const FieldSpace times_fields = runtime->create_field_space(ctx);
  runtime->create_field_allocator(ctx, times_fields).allocate_field(sizeof(int64_t), kUpdates);
  runtime->attach_name(times_fields, kUpdates, "updates");
  r.times = create_region(ctx, runtime, count, times_fields, "times");
  r.launch_space = runtime->create_index_space(ctx, Domain(Rect<1>(0, count - 1)));

  const IndexSpace two = runtime->create_index_space(ctx, Domain(Rect<1>(0, 1)));
  const LogicalPartition by_privacy =
      partition(ctx, runtime, r.nodes, {all_private_nodes(problem), all_shared_nodes(problem)}, two,
                LEGION_DISJOINT_COMPLETE_KIND, "rp_privacy");
  const auto half = [&](int color, const char* name) {
    const LogicalRegion region =
        runtime->get_logical_subregion_by_color(ctx, by_privacy, DomainPoint(color));
    runtime->attach_name(region, name);
    return region;
  };
  const LogicalRegion all_private = half(0, "all_private");
  const LogicalRegion all_shared = half(1, "all_shared");
  const auto split = [&](LogicalRegion region, Interval Superpiece::*member, PartitionKind kind,
                         const char* name) {
    return partition(ctx, runtime, region, collect(superpieces, member), r.launch_space, kind,
                     name);
  };
  constexpr PartitionKind kComplete = LEGION_DISJOINT_COMPLETE_KIND;
  r.rp_private = split(all_private, &Superpiece::private_nodes, kComplete, "rp_private");
  r.rp_shared = split(all_shared, &Superpiece::shared_nodes, kComplete, "rp_shared");
  r.rp_ghost =
      split(all_shared, &Superpiece::ghost_nodes, LEGION_ALIASED_INCOMPLETE_KIND, "rp_ghost");
  r.rp_wires = split(r.wires, &Superpiece::wires, kComplete, "rp_wires");
  std::vector<Interval> single;
  for (int64_t i = 0; i < count; ++i) single.push_back({i, i});
  r.rp_times = partition(ctx, runtime, r.times, single, r.launch_space, kComplete, "rp_times");
  return r;
}

}  // namespace circuit
