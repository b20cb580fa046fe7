// SPDX-License-Identifier: Apache-2.0
// What the circuit's tasks compute, on plain memory: the same functions run in CPU tasks, in the
// host bodies of virtual-GPU kernels and in CUDA kernels (common/work.h), with any layout that the
// mapping chooses. Knows nothing of Legion.
//
// Charges are integers (kChargeScale of them per coulomb), so summing them gives the same bits in
// any order: that makes the checksum independent of the mapping.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "common/column.h"
#include "problem.h"

namespace circuit {

using apps::Column;
using Charge = int64_t;
/// A wire carries at most about 2 V / 1 ohm for 1e-6 s: 2^31 units; 2^32 wires fit at one node.
inline constexpr double kChargeScale = 0x1p50;

inline constexpr int kCurrents = kSegments;
inline constexpr int kVoltages = kSegments - 1;

/// A node field that is spread over the three regions of a superpiece.
template <class T>
struct NodeColumn {
  Interval private_nodes, shared_nodes;
  Column<T> in_private, in_shared, in_ghost;
  [[nodiscard]] APPS_HOST_DEVICE T& operator[](int64_t node) const {
    if (private_nodes.contains(node)) return in_private[node];
    return shared_nodes.contains(node) ? in_shared[node] : in_ghost[node];
  }
};

/// The state of one wire.
struct WireState {
  std::array<float, kCurrents> current;
  std::array<float, kVoltages> voltage;
};

/// Iterates I_k = ((V_k - V_k+1) - L (I_k - I_k,old) / dt) / R and
/// V_k+1 = V_k+1,old + dt (I_k - I_k+1) / C. A current counts from the in-node to the out-node; the
/// published program counts voltage drops the other way round, so that its resistors add energy.
APPS_HOST_DEVICE inline void solve_wire(WireState& state, float in_voltage, float out_voltage,
                                        float inductance, float resistance, float capacitance,
                                        int64_t steps) {
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

/// The whole number of charge units that `current` moves in one time step.
[[nodiscard]] APPS_HOST_DEVICE inline Charge to_charge(float current) {
  return llround(static_cast<double>(kTimeStep) * static_cast<double>(current) * kChargeScale);
}

[[nodiscard]] APPS_HOST_DEVICE inline float updated_voltage(float voltage, Charge charge,
                                                            float capacitance, float leakage) {
  const auto coulombs = static_cast<float>(static_cast<double>(charge) / kChargeScale);
  return (voltage + coulombs / capacitance) * (1.0f - leakage);
}

/// Solves every wire for the currents of its segments.
struct CalculateCurrents {
  Interval wires;
  int64_t steps = 0;
  NodeColumn<const float> node_voltage;
  Column<const int64_t> in_node, out_node;
  Column<const float> inductance, resistance, capacitance;
  std::array<Column<float>, kCurrents> current;
  std::array<Column<float>, kVoltages> voltage;
  Column<int64_t> updates;  ///< Number of tasks that updated the superpiece.
  int64_t superpiece = 0;

  [[nodiscard]] int64_t count() const { return wires.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t wire = wires.first + i;
    WireState state;
    for (int k = 0; k < kCurrents; ++k) state.current[k] = current[k][wire];
    for (int k = 0; k < kVoltages; ++k) state.voltage[k] = voltage[k][wire];
    solve_wire(state, node_voltage[in_node[wire]], node_voltage[out_node[wire]], inductance[wire],
               resistance[wire], capacitance[wire], steps);
    for (int k = 0; k < kCurrents; ++k) current[k][wire] = state.current[k];
    for (int k = 0; k < kVoltages; ++k) voltage[k][wire] = state.voltage[k];
    if (i == 0) ++updates[superpiece];
  }
};

/// Moves charge from each wire's in-node to its out-node. Charges are added atomically: tasks that
/// only add may run at the same time on one instance, and so do the threads of a kernel.
struct DistributeCharge {
  Interval wires;
  NodeColumn<Charge> charge;
  Column<const int64_t> in_node, out_node;
  Column<const float> first_current, last_current;

  [[nodiscard]] int64_t count() const { return wires.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t wire = wires.first + i;
    apps::add_atomically(charge[in_node[wire]], -to_charge(first_current[wire]));
    apps::add_atomically(charge[out_node[wire]], to_charge(last_current[wire]));
  }
};

/// Turns collected charge into voltage, for the private or for the shared nodes of a superpiece.
struct UpdateNodes {
  Interval nodes;
  Column<const float> capacitance, leakage;
  Column<float> voltage;
  Column<Charge> charge;

  [[nodiscard]] int64_t count() const { return nodes.size(); }
  APPS_HOST_DEVICE void operator()(int64_t i) const {
    const int64_t node = nodes.first + i;
    voltage[node] = updated_voltage(voltage[node], charge[node], capacitance[node], leakage[node]);
    charge[node] = 0;
  }
};

/// Counts one task's visit of a superpiece.
struct CountUpdate {
  Column<int64_t> updates;
  int64_t superpiece = 0;

  [[nodiscard]] int64_t count() const { return 1; }
  APPS_HOST_DEVICE void operator()(int64_t) const { ++updates[superpiece]; }
};

/// Numbers of the fields in apps::hash_value(). Currents and voltages of wires take consecutive
/// ones.
enum HashField : uint64_t {
  kHashNodeVoltage = 1,
  kHashNodeCharge = 2,
  kHashUpdates = 3,
  kHashCurrent = 16,
  kHashVoltage = 32,
};

}  // namespace circuit
