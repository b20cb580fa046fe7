// The launches of tasks.h: which requirements each task has, in the published order.
#include "tasks.h"

namespace circuit {
namespace {

using namespace Legion;

using Fields = std::vector<FieldID>;

Fields range(FieldID first, int count) {
  Fields fields;
  for (int k = 0; k < count; ++k) fields.push_back(first + static_cast<FieldID>(k));
  return fields;
}

Fields operator+(Fields a, const Fields& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

const Fields kNodeConstants = {kNodeCapacitance, kNodeLeakage};
const Fields kNodeValues = {kNodeVoltage, kNodeCharge};
const Fields kWireConstants = {kWireIn, kWireOut, kWireInductance, kWireResistance,
                               kWireCapacitance};

/// An index launch over all superpieces, built requirement by requirement.
class Launch {
 public:
  Launch(TaskId task, const Regions& regions)
      : launcher_(task, regions.launch_space, UntypedBuffer(), ArgumentMap()) {}

  Launch& use(LogicalPartition partition, LogicalRegion parent, PrivilegeMode privilege,
              const Fields& fields) {
    return add(RegionRequirement(partition, 0, privilege, LEGION_EXCLUSIVE, parent), fields);
  }
  Launch& reduce(LogicalPartition partition, LogicalRegion parent, const Fields& fields) {
    return add(RegionRequirement(partition, 0, kAddCharge, LEGION_EXCLUSIVE, parent), fields);
  }

  void run(Context ctx, Runtime* runtime) { runtime->execute_index_space(ctx, launcher_); }
  Future sum(Context ctx, Runtime* runtime) {
    return runtime->execute_index_space(ctx, launcher_, LEGION_REDOP_SUM_UINT64);
  }

 private:
  Launch& add(RegionRequirement requirement, const Fields& fields) {
    requirement.add_fields(fields);
    launcher_.add_region_requirement(requirement);
    return *this;
  }

  IndexTaskLauncher launcher_;
};

}  // namespace

void launch_init(Context ctx, Runtime* runtime, const Regions& r) {
  Launch(kInitPiece, r)
      .use(r.rp_private, r.nodes, LEGION_WRITE_DISCARD, kNodeConstants + kNodeValues)
      .use(r.rp_shared, r.nodes, LEGION_WRITE_DISCARD, kNodeConstants + kNodeValues)
      .use(r.rp_wires, r.wires, LEGION_WRITE_DISCARD,
           kWireConstants + range(kWireCurrent, kCurrents + kVoltages))
      .use(r.rp_times, r.times, LEGION_WRITE_DISCARD, {kUpdates})
      .run(ctx, runtime);
}

void launch_iteration(Context ctx, Runtime* runtime, const Regions& r) {
  Launch(kCalculateNewCurrents, r)
      .use(r.rp_private, r.nodes, LEGION_READ_ONLY, {kNodeVoltage})
      .use(r.rp_shared, r.nodes, LEGION_READ_ONLY, {kNodeVoltage})
      .use(r.rp_ghost, r.nodes, LEGION_READ_ONLY, {kNodeVoltage})
      .use(r.rp_wires, r.wires, LEGION_READ_ONLY, kWireConstants)
      .use(r.rp_wires, r.wires, LEGION_READ_WRITE, range(kWireCurrent, kCurrents + kVoltages))
      .use(r.rp_times, r.times, LEGION_READ_WRITE, {kUpdates})
      .run(ctx, runtime);
  Launch(kDistributeCharge, r)
      .use(r.rp_private, r.nodes, LEGION_READ_WRITE, {kNodeCharge})
      .reduce(r.rp_shared, r.nodes, {kNodeCharge})
      .reduce(r.rp_ghost, r.nodes, {kNodeCharge})
      .use(r.rp_wires, r.wires, LEGION_READ_ONLY,
           {kWireIn, kWireOut, kWireCurrent, kWireCurrent + kCurrents - 1})
      .run(ctx, runtime);
  Launch(kUpdateVoltages, r)
      .use(r.rp_private, r.nodes, LEGION_READ_ONLY, kNodeConstants)
      .use(r.rp_private, r.nodes, LEGION_READ_WRITE, kNodeValues)
      .use(r.rp_shared, r.nodes, LEGION_READ_ONLY, kNodeConstants)
      .use(r.rp_shared, r.nodes, LEGION_READ_WRITE, kNodeValues)
      .use(r.rp_times, r.times, LEGION_READ_WRITE, {kUpdates})
      .run(ctx, runtime);
}

Future launch_checksum(Context ctx, Runtime* runtime, const Regions& r) {
  return Launch(kChecksumPiece, r)
      .use(r.rp_private, r.nodes, LEGION_READ_ONLY, kNodeValues)
      .use(r.rp_shared, r.nodes, LEGION_READ_ONLY, kNodeValues)
      .use(r.rp_wires, r.wires, LEGION_READ_ONLY, range(kWireCurrent, kCurrents + kVoltages))
      .use(r.rp_times, r.times, LEGION_READ_ONLY, {kUpdates})
      .sum(ctx, runtime);
}

}  // namespace circuit
