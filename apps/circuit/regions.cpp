// SPDX-License-Identifier: Apache-2.0
#include "regions.h"

#include <string>

#include "common/field_access.h"
#include "common/regions.h"

namespace circuit {
namespace {

using namespace Legion;
using apps::create_partition;
using apps::create_region;
using apps::FieldName;
using apps::to_rect;

const std::vector<FieldName> kNodeFields = {{kNodeCapacitance, sizeof(float), "node_cap"},
                                            {kNodeLeakage, sizeof(float), "leakage"},
                                            {kNodeVoltage, sizeof(float), "node_voltage"},
                                            {kNodeCharge, sizeof(Charge), "charge"}};

std::vector<FieldName> wire_fields() {
  std::vector<FieldName> fields = {{kWireIn, sizeof(int64_t), "in_ptr"},
                                   {kWireOut, sizeof(int64_t), "out_ptr"},
                                   {kWireInductance, sizeof(float), "inductance"},
                                   {kWireResistance, sizeof(float), "resistance"},
                                   {kWireCapacitance, sizeof(float), "wire_cap"}};
  for (int k = 0; k < kCurrents; ++k) {
    fields.push_back({kWireCurrent + k, sizeof(float), "current_" + std::to_string(k)});
  }
  for (int k = 0; k < kVoltages; ++k) {
    fields.push_back({kWireVoltage + k, sizeof(float), "voltage_" + std::to_string(k)});
  }
  return fields;
}

std::vector<Domain> collect(const std::vector<Superpiece>& superpieces,
                            Interval Superpiece::*member) {
  std::vector<Domain> result;
  for (const Superpiece& superpiece : superpieces) {
    result.emplace_back(to_rect(superpiece.*member));
  }
  return result;
}

}  // namespace

Regions create_regions(Context ctx, Runtime* runtime, const Problem& problem,
                       const std::vector<Superpiece>& superpieces) {
  const auto count = static_cast<int64_t>(superpieces.size());
  Regions r;
  r.nodes = create_region(ctx, runtime, Rect<1>(0, problem.nodes() - 1), kNodeFields, "nodes");
  r.wires = create_region(ctx, runtime, Rect<1>(0, problem.wires() - 1), wire_fields(), "wires");
  r.times = create_region(ctx, runtime, Rect<1>(0, count - 1),
                          {{kUpdates, sizeof(int64_t), "updates"}}, "times");
  r.launch_space = runtime->create_index_space(ctx, Domain(Rect<1>(0, count - 1)));

  const IndexSpace two = runtime->create_index_space(ctx, Domain(Rect<1>(0, 1)));
  const LogicalPartition by_privacy =
      create_partition(ctx, runtime, r.nodes,
                       {to_rect(all_private_nodes(problem)), to_rect(all_shared_nodes(problem))},
                       two, LEGION_DISJOINT_COMPLETE_KIND, "rp_privacy");
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
    return create_partition(ctx, runtime, region, collect(superpieces, member), r.launch_space,
                            kind, name);
  };
  constexpr PartitionKind kComplete = LEGION_DISJOINT_COMPLETE_KIND;
  r.rp_private = split(all_private, &Superpiece::private_nodes, kComplete, "rp_private");
  r.rp_shared = split(all_shared, &Superpiece::shared_nodes, kComplete, "rp_shared");
  r.rp_ghost =
      split(all_shared, &Superpiece::ghost_nodes, LEGION_ALIASED_INCOMPLETE_KIND, "rp_ghost");
  r.rp_wires = split(r.wires, &Superpiece::wires, kComplete, "rp_wires");
  std::vector<Domain> single;
  for (int64_t i = 0; i < count; ++i) single.emplace_back(Rect<1>(i, i));
  r.rp_times =
      create_partition(ctx, runtime, r.times, single, r.launch_space, kComplete, "rp_times");
  return r;
}

}  // namespace circuit
