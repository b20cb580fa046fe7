// SPDX-License-Identifier: Apache-2.0
// The launches of tasks.h: which requirements each task has, in the published order.
#include "common/launch.h"
#include "tasks.h"

namespace circuit {
namespace {

using namespace Legion;
using apps::Fields;
using apps::Launch;
using apps::operator+;
using apps::field_range;

/// Charges are whole numbers, so sums have the same bits in every order.
constexpr ReductionOpID kAddCharge = LEGION_REDOP_SUM_INT64;

const Fields kNodeConstants = {kNodeCapacitance, kNodeLeakage};
const Fields kNodeValues = {kNodeVoltage, kNodeCharge};
const Fields kWireConstants = {kWireIn, kWireOut, kWireInductance, kWireResistance,
                               kWireCapacitance};

}  // namespace

void launch_init(Context ctx, Runtime* runtime, const Regions& r) {
  Launch(kInitPiece, r.launch_space)
      .use(r.rp_private, r.nodes, LEGION_WRITE_DISCARD, kNodeConstants + kNodeValues)
      .use(r.rp_shared, r.nodes, LEGION_WRITE_DISCARD, kNodeConstants + kNodeValues)
      .use(r.rp_wires, r.wires, LEGION_WRITE_DISCARD,
           kWireConstants + field_range(kWireCurrent, kCurrents + kVoltages))
      .use(r.rp_times, r.times, LEGION_WRITE_DISCARD, {kUpdates})
      .run(ctx, runtime);
}

void launch_iteration(Context ctx, Runtime* runtime, const Regions& r) {
  Launch(kCalculateNewCurrents, r.launch_space)
      .use(r.rp_private, r.nodes, LEGION_READ_ONLY, {kNodeVoltage})
      .use(r.rp_shared, r.nodes, LEGION_READ_ONLY, {kNodeVoltage})
      .use(r.rp_ghost, r.nodes, LEGION_READ_ONLY, {kNodeVoltage})
      .use(r.rp_wires, r.wires, LEGION_READ_ONLY, kWireConstants)
      .use(r.rp_wires, r.wires, LEGION_READ_WRITE, field_range(kWireCurrent, kCurrents + kVoltages))
      .use(r.rp_times, r.times, LEGION_READ_WRITE, {kUpdates})
      .run(ctx, runtime);
  Launch(kDistributeCharge, r.launch_space)
      .use(r.rp_private, r.nodes, LEGION_READ_WRITE, {kNodeCharge})
      .reduce(r.rp_shared, r.nodes, kAddCharge, {kNodeCharge})
      .reduce(r.rp_ghost, r.nodes, kAddCharge, {kNodeCharge})
      .use(r.rp_wires, r.wires, LEGION_READ_ONLY,
           {kWireIn, kWireOut, kWireCurrent, kWireCurrent + kCurrents - 1})
      .run(ctx, runtime);
  Launch(kUpdateVoltages, r.launch_space)
      .use(r.rp_private, r.nodes, LEGION_READ_ONLY, kNodeConstants)
      .use(r.rp_private, r.nodes, LEGION_READ_WRITE, kNodeValues)
      .use(r.rp_shared, r.nodes, LEGION_READ_ONLY, kNodeConstants)
      .use(r.rp_shared, r.nodes, LEGION_READ_WRITE, kNodeValues)
      .use(r.rp_times, r.times, LEGION_READ_WRITE, {kUpdates})
      .run(ctx, runtime);
}

Future launch_checksum(Context ctx, Runtime* runtime, const Regions& r) {
  return Launch(kChecksumPiece, r.launch_space)
      .use(r.rp_private, r.nodes, LEGION_READ_ONLY, kNodeValues)
      .use(r.rp_shared, r.nodes, LEGION_READ_ONLY, kNodeValues)
      .use(r.rp_wires, r.wires, LEGION_READ_ONLY, field_range(kWireCurrent, kCurrents + kVoltages))
      .use(r.rp_times, r.times, LEGION_READ_ONLY, {kUpdates})
      .combine(ctx, runtime, LEGION_REDOP_SUM_UINT64);
}

}  // namespace circuit
