// SPDX-License-Identifier: Apache-2.0
#include "tasks.h"

#include "common/checksum.h"
#include "common/field_access.h"
#include "common/launch.h"
#include "common/task_body.h"
#include "common/task_variants.h"
#include "costs.h"
#include "physics.h"

namespace circuit {
namespace {

using namespace Legion;
using apps::bits_of;
using apps::body_of;
using apps::column;
using apps::hash_value;
using placewright::run_modelled_task;

struct State {
  Problem problem;
  std::vector<Superpiece> superpieces;
};
State& state() {
  static State instance;
  return instance;
}

const Superpiece& superpiece_of(const Task* task) {
  return state().superpieces[static_cast<size_t>(task->index_point[0])];
}

/// A node field over the requirements 0, 1, 2: private, shared, ghost.
template <class T>
NodeColumn<T> node_column(const Superpiece& piece, const std::vector<PhysicalRegion>& regions,
                          FieldID field) {
  return {piece.private_nodes, piece.shared_nodes, column<T>(regions[0], field),
          column<T>(regions[1], field), column<T>(regions[2], field)};
}

struct InitNodes {
  Interval nodes;
  Column<float> capacitance, leakage, voltage;
  Column<Charge> charge;
};

InitNodes init_nodes(Interval nodes, const PhysicalRegion& region) {
  return {nodes, column<float>(region, kNodeCapacitance), column<float>(region, kNodeLeakage),
          column<float>(region, kNodeVoltage), column<Charge>(region, kNodeCharge)};
}

void run(const InitNodes& init) {
  for (int64_t i = init.nodes.first; i <= init.nodes.last; ++i) {
    const NodeValues values = initial_node(state().problem, i);
    init.capacitance[i] = values.capacitance;
    init.leakage[i] = values.leakage;
    init.voltage[i] = values.voltage;
    init.charge[i] = 0;
  }
}

struct InitWires {
  int64_t superpiece = 0;
  Column<int64_t> in_node, out_node;
  Column<float> inductance, resistance, capacitance;
  std::array<Column<float>, kCurrents> current;
  std::array<Column<float>, kVoltages> voltage;
};

void run(const InitWires& init) {
  const Problem& problem = state().problem;
  const int64_t first_piece = init.superpiece * problem.pieces_per_superpiece;
  for (int64_t p = 0; p < problem.pieces_per_superpiece; ++p) {
    int64_t wire = (first_piece + p) * problem.wires_per_piece;
    visit_wires(problem, first_piece + p, [&](const WireEnds& ends) {
      const WireValues values = initial_wire(problem, wire);
      init.in_node[wire] = ends.in;
      init.out_node[wire] = ends.out;
      init.inductance[wire] = values.inductance;
      init.resistance[wire] = values.resistance;
      init.capacitance[wire] = values.capacitance;
      for (const Column<float>& current : init.current) current[wire] = 0;
      for (const Column<float>& voltage : init.voltage) voltage[wire] = 0;
      ++wire;
    });
  }
}

template <size_t N>
std::array<Column<float>, N> columns(const PhysicalRegion& region, FieldID first) {
  std::array<Column<float>, N> result;
  for (size_t k = 0; k < N; ++k) result[k] = column<float>(region, first + k);
  return result;
}

void init_piece(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                Runtime* runtime) {
  const Superpiece& piece = superpiece_of(task);
  const int64_t point = task->index_point[0];
  const InitNodes own = init_nodes(piece.private_nodes, regions[0]);
  const InitNodes shared = init_nodes(piece.shared_nodes, regions[1]);
  InitWires wires;
  wires.superpiece = point;
  wires.in_node = column<int64_t>(regions[2], kWireIn);
  wires.out_node = column<int64_t>(regions[2], kWireOut);
  wires.inductance = column<float>(regions[2], kWireInductance);
  wires.resistance = column<float>(regions[2], kWireResistance);
  wires.capacitance = column<float>(regions[2], kWireCapacitance);
  wires.current = columns<kCurrents>(regions[2], kWireCurrent);
  wires.voltage = columns<kVoltages>(regions[2], kWireVoltage);
  const Column<int64_t> updates = column<int64_t>(regions[3], kUpdates);
  placewright::TaskBody body;
  body.on_host = [=] {
    run(own);
    run(shared);
    run(wires);
    updates[point] = 0;
  };
  run_modelled_task(task, regions, runtime, cost_of_init(piece), std::move(body));
}

void calculate_new_currents(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                            Runtime* runtime) {
  const Superpiece& piece = superpiece_of(task);
  CalculateCurrents work;
  work.wires = piece.wires;
  work.steps = state().problem.steps;
  work.node_voltage = node_column<const float>(piece, regions, kNodeVoltage);
  work.in_node = column<const int64_t>(regions[3], kWireIn);
  work.out_node = column<const int64_t>(regions[3], kWireOut);
  work.inductance = column<const float>(regions[3], kWireInductance);
  work.resistance = column<const float>(regions[3], kWireResistance);
  work.capacitance = column<const float>(regions[3], kWireCapacitance);
  work.current = columns<kCurrents>(regions[4], kWireCurrent);
  work.voltage = columns<kVoltages>(regions[4], kWireVoltage);
  work.updates = column<int64_t>(regions[5], kUpdates);
  work.superpiece = task->index_point[0];
  run_modelled_task(task, regions, runtime, cost_of_currents(state().problem, piece),
                    body_of(work));
}

void distribute_charge(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                       Runtime* runtime) {
  const Superpiece& piece = superpiece_of(task);
  DistributeCharge work;
  work.wires = piece.wires;
  work.charge = node_column<Charge>(piece, regions, kNodeCharge);
  work.in_node = column<const int64_t>(regions[3], kWireIn);
  work.out_node = column<const int64_t>(regions[3], kWireOut);
  work.first_current = column<const float>(regions[3], kWireCurrent);
  work.last_current = column<const float>(regions[3], kWireCurrent + kCurrents - 1);
  run_modelled_task(task, regions, runtime, cost_of_charges(piece), body_of(work));
}

UpdateNodes update_nodes(Interval nodes, const PhysicalRegion& constants,
                         const PhysicalRegion& values) {
  return {nodes, column<const float>(constants, kNodeCapacitance),
          column<const float>(constants, kNodeLeakage), column<float>(values, kNodeVoltage),
          column<Charge>(values, kNodeCharge)};
}

void update_voltages(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                     Runtime* runtime) {
  const Superpiece& piece = superpiece_of(task);
  const CountUpdate visit{column<int64_t>(regions[4], kUpdates), task->index_point[0]};
  run_modelled_task(task, regions, runtime, cost_of_voltages(piece),
                    body_of(update_nodes(piece.private_nodes, regions[0], regions[1]),
                            update_nodes(piece.shared_nodes, regions[2], regions[3]), visit));
}

template <class T>
uint64_t hash_column(uint64_t field, Interval indices, const Column<const T>& values) {
  uint64_t sum = 0;
  for (int64_t i = indices.first; i <= indices.last; ++i) {
    sum += hash_value(field, i, bits_of(values[i]));
  }
  return sum;
}

uint64_t hash_nodes(Interval nodes, const PhysicalRegion& region) {
  return hash_column(kHashNodeVoltage, nodes, column<const float>(region, kNodeVoltage)) +
         hash_column(kHashNodeCharge, nodes, column<const Charge>(region, kNodeCharge));
}

uint64_t checksum_piece(const Task* task, const std::vector<PhysicalRegion>& regions, Context,
                        Runtime*) {
  const Superpiece& piece = superpiece_of(task);
  const int64_t point = task->index_point[0];
  uint64_t sum =
      hash_nodes(piece.private_nodes, regions[0]) + hash_nodes(piece.shared_nodes, regions[1]);
  for (int k = 0; k < kCurrents; ++k) {
    sum += hash_column(kHashCurrent + k, piece.wires,
                       column<const float>(regions[2], kWireCurrent + k));
  }
  for (int k = 0; k < kVoltages; ++k) {
    sum += hash_column(kHashVoltage + k, piece.wires,
                       column<const float>(regions[2], kWireVoltage + k));
  }
  return sum +
         hash_column(kHashUpdates, {point, point}, column<const int64_t>(regions[3], kUpdates));
}

}  // namespace

void register_tasks(const Problem& problem) {
  state() = {problem, describe_superpieces(problem)};
  using apps::register_variants;
  register_variants<init_piece>(kInitPiece, "init_piece", apps::OnRealGpu::No);
  register_variants<calculate_new_currents>(kCalculateNewCurrents, "calculate_new_currents");
  register_variants<distribute_charge>(kDistributeCharge, "distribute_charge");
  register_variants<update_voltages>(kUpdateVoltages, "update_voltages");
  apps::register_cpu_variant<uint64_t, checksum_piece>(kChecksumPiece, "checksum_piece");
}

const Problem& current_problem() { return state().problem; }
const std::vector<Superpiece>& current_superpieces() { return state().superpieces; }

}  // namespace circuit
