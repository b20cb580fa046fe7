// What the circuit's tasks compute, on plain memory: the same functions run in CPU tasks and in the
// host bodies of virtual-GPU kernels, whatever layout the mapping chose. Knows nothing of Legion.
//
// Charges are whole numbers (kChargeScale of them per coulomb), so adding them up gives the same
// bits in every order: that is what makes the checksum independent of the mapping.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "problem.h"

namespace circuit {

using Charge = int64_t;
/// A wire carries at most about 2 V / 1 ohm for 1e-6 s: 2^31 units; 2^32 wires fit at one node.
inline constexpr double kChargeScale = 0x1p50;

inline constexpr int kCurrents = kSegments;
inline constexpr int kVoltages = kSegments - 1;

/// A field of a region's instance: element `i` (a region index) is at base + i * stride.
/// `base` is the address that index 0 would have, so it may lie outside of the instance.
template <class T>
struct Column {
  uintptr_t base = 0;
  size_t stride = sizeof(T);
  [[nodiscard]] T& operator[](int64_t index) const {
    return *reinterpret_cast<T*>(base + static_cast<uintptr_t>(index) * stride);
  }
};

/// A node field that is spread over the three regions of a superpiece.
template <class T>
struct NodeColumn {
  Interval private_nodes, shared_nodes;
  Column<T> in_private, in_shared, in_ghost;
  [[nodiscard]] T& operator[](int64_t node) const {
    if (private_nodes.contains(node)) return in_private[node];
    return shared_nodes.contains(node) ? in_shared[node] : in_ghost[node];
  }
};

struct CalculateCurrents {
  Interval wires;
  int64_t steps = 0;
  NodeColumn<const float> node_voltage;
  Column<const int64_t> in_node, out_node;
  Column<const float> inductance, resistance, capacitance;
  std::array<Column<float>, kCurrents> current;
  std::array<Column<float>, kVoltages> voltage;
  Column<int64_t> updates;  ///< Of the superpiece: how many tasks worked on it.
  int64_t superpiece = 0;
};

struct DistributeCharge {
  Interval wires;
  NodeColumn<Charge> charge;
  Column<const int64_t> in_node, out_node;
  Column<const float> first_current, last_current;
};

/// Either the private or the shared nodes of a superpiece.
struct UpdateNodes {
  Interval nodes;
  Column<const float> capacitance, leakage;
  Column<float> voltage;
  Column<Charge> charge;
};

struct UpdateVoltages {
  UpdateNodes private_nodes, shared_nodes;
  Column<int64_t> updates;
  int64_t superpiece = 0;
};

/// Solves every wire for the currents of its segments.
void run(const CalculateCurrents& task);
/// Moves charge from each wire's in-node to its out-node. Shared and ghost charges are added
/// atomically: tasks that only add may run at the same time on one instance.
void run(const DistributeCharge& task);
/// Turns collected charge into voltage.
void run(const UpdateVoltages& task);

/// The state of one wire.
struct WireState {
  std::array<float, kCurrents> current;
  std::array<float, kVoltages> voltage;
};

/// Iterates I_k = ((V_k - V_k+1) - L (I_k - I_k,old) / dt) / R and
/// V_k+1 = V_k+1,old + dt (I_k - I_k+1) / C. A current counts from the in-node to the out-node; the
/// published program counts voltage drops the other way round, so that its resistors add energy.
void solve_wire(WireState& state, float in_voltage, float out_voltage, float inductance,
                float resistance, float capacitance, int64_t steps);
/// The whole number of charge units that `current` moves in one time step.
[[nodiscard]] Charge to_charge(float current);
[[nodiscard]] float updated_voltage(float voltage, Charge charge, float capacitance, float leakage);

/// A hash of one value of the final state; the checksum is their sum modulo 2^64, in any order.
/// `field` tells the fields apart.
[[nodiscard]] uint64_t hash_value(uint64_t field, int64_t index, uint64_t bits);
[[nodiscard]] inline uint64_t bits_of(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}
[[nodiscard]] inline uint64_t bits_of(int64_t value) { return static_cast<uint64_t>(value); }

/// Numbers of the fields in hash_value(). Currents and voltages of wires take consecutive ones.
enum HashField : uint64_t {
  kHashNodeVoltage = 1,
  kHashNodeCharge = 2,
  kHashUpdates = 3,
  kHashCurrent = 16,
  kHashVoltage = 32,
};

}  // namespace circuit
