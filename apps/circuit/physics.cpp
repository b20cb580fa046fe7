#include "physics.h"

#include <atomic>
#include <cmath>

namespace circuit {
namespace {

void add_atomically(Charge& to, Charge amount) {
  std::atomic_ref<Charge>(to).fetch_add(amount, std::memory_order_relaxed);
}

void add_charge(const DistributeCharge& task, int64_t node, Charge amount) {
  Charge& to = task.charge[node];
  if (task.charge.private_nodes.contains(node)) {
    to += amount;
  } else {
    add_atomically(to, amount);
  }
}

void update(const UpdateNodes& nodes) {
  for (int64_t i = nodes.nodes.first; i <= nodes.nodes.last; ++i) {
    nodes.voltage[i] =
        updated_voltage(nodes.voltage[i], nodes.charge[i], nodes.capacitance[i], nodes.leakage[i]);
    nodes.charge[i] = 0;
  }
}

}  // namespace

void solve_wire(WireState& state, float in_voltage, float out_voltage, float inductance,
                float resistance, float capacitance, int64_t steps) {
  // The solver works on all nodes of the chain; the two ends keep the voltage of the circuit.
  std::array<float, kSegments + 1> volts{};
  volts[0] = in_voltage;
  volts[kSegments] = out_voltage;
  for (int k = 0; k < kVoltages; ++k) volts[k + 1] = state.voltage[k];
  const WireState old = state;
  const float inertia = inductance / kTimeStep;
  const float conductance = 1.0f / resistance;
  const float volts_per_ampere = kTimeStep / capacitance;
  for (int64_t step = 0; step < steps; ++step) {
    for (int k = 0; k < kSegments; ++k) {
      const float drop = volts[k] - volts[k + 1];
      state.current[k] = (drop - inertia * (state.current[k] - old.current[k])) * conductance;
    }
    for (int k = 0; k < kVoltages; ++k) {
      volts[k + 1] = old.voltage[k] + volts_per_ampere * (state.current[k] - state.current[k + 1]);
    }
  }
  for (int k = 0; k < kVoltages; ++k) state.voltage[k] = volts[k + 1];
}

Charge to_charge(float current) {
  return std::llround(static_cast<double>(kTimeStep) * static_cast<double>(current) * kChargeScale);
}

float updated_voltage(float voltage, Charge charge, float capacitance, float leakage) {
  const auto coulombs = static_cast<float>(static_cast<double>(charge) / kChargeScale);
  return (voltage + coulombs / capacitance) * (1.0f - leakage);
}

void run(const CalculateCurrents& task) {
  for (int64_t wire = task.wires.first; wire <= task.wires.last; ++wire) {
    WireState state;
    for (int k = 0; k < kCurrents; ++k) state.current[k] = task.current[k][wire];
    for (int k = 0; k < kVoltages; ++k) state.voltage[k] = task.voltage[k][wire];
    solve_wire(state, task.node_voltage[task.in_node[wire]], task.node_voltage[task.out_node[wire]],
               task.inductance[wire], task.resistance[wire], task.capacitance[wire], task.steps);
    for (int k = 0; k < kCurrents; ++k) task.current[k][wire] = state.current[k];
    for (int k = 0; k < kVoltages; ++k) task.voltage[k][wire] = state.voltage[k];
  }
  ++task.updates[task.superpiece];
}

void run(const DistributeCharge& task) {
  for (int64_t wire = task.wires.first; wire <= task.wires.last; ++wire) {
    add_charge(task, task.in_node[wire], -to_charge(task.first_current[wire]));
    add_charge(task, task.out_node[wire], to_charge(task.last_current[wire]));
  }
}

void run(const UpdateVoltages& task) {
  update(task.private_nodes);
  update(task.shared_nodes);
  ++task.updates[task.superpiece];
}

uint64_t hash_value(uint64_t field, int64_t index, uint64_t bits) {
  uint64_t h = field * 0x9e3779b97f4a7c15ull;
  for (const uint64_t part : {static_cast<uint64_t>(index), bits}) {
    h ^= part;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace circuit
