// SPDX-License-Identifier: Apache-2.0
#include "reference.h"

#include <cmath>
#include <vector>

#include "common/checksum.h"
#include "physics.h"

namespace circuit {
namespace {

using apps::bits_of;
using apps::hash_value;

struct Node {
  float cap, leak, volt;
  int64_t charge;
};

struct Wire {
  WireEnds ends;
  WireValues values;
  float amps[10] = {};
  float volts[9] = {};
};

struct Circuit {
  std::vector<Node> nodes;
  std::vector<Wire> wires;
};

Circuit build(const Problem& problem) {
  Circuit circuit;
  for (int64_t i = 0; i < problem.nodes(); ++i) {
    const NodeValues v = initial_node(problem, i);
    circuit.nodes.push_back({v.capacitance, v.leakage, v.voltage, 0});
  }
  for (int64_t piece = 0; piece < problem.pieces; ++piece) {
    visit_wires(problem, piece, [&](const WireEnds& ends) {
      Wire wire;
      wire.ends = ends;
      wire.values = initial_wire(problem, static_cast<int64_t>(circuit.wires.size()));
      circuit.wires.push_back(wire);
    });
  }
  return circuit;
}

/// Fixed-point iteration for the currents i and inner voltages v of a chain of ten segments, from
/// i = ((v - v') - L (i - i_old) / dt) / R and v = v_old + dt (i - i') / C.
void relax(Wire& wire, float left, float right, int64_t steps) {
  const float dt = kTimeStep;
  const float l_over_dt = wire.values.inductance / dt;
  const float one_over_r = 1.0f / wire.values.resistance;
  const float dt_over_c = dt / wire.values.capacitance;
  float i_old[10], v_old[9];
  for (int s = 0; s < 10; ++s) i_old[s] = wire.amps[s];
  for (int s = 0; s < 9; ++s) v_old[s] = wire.volts[s];
  for (int64_t n = 0; n < steps; ++n) {
    for (int s = 0; s < 10; ++s) {
      const float from = s == 0 ? left : wire.volts[s - 1];
      const float to = s == 9 ? right : wire.volts[s];
      wire.amps[s] = ((from - to) - l_over_dt * (wire.amps[s] - i_old[s])) * one_over_r;
    }
    for (int s = 0; s < 9; ++s) {
      wire.volts[s] = v_old[s] + dt_over_c * (wire.amps[s] - wire.amps[s + 1]);
    }
  }
}

void iterate(Circuit& circuit, int64_t steps) {
  for (Wire& wire : circuit.wires) {
    relax(wire, circuit.nodes[wire.ends.in].volt, circuit.nodes[wire.ends.out].volt, steps);
  }
  for (const Wire& wire : circuit.wires) {
    const double unit = static_cast<double>(kTimeStep);
    circuit.nodes[wire.ends.in].charge -= std::llround(unit * wire.amps[0] * kChargeScale);
    circuit.nodes[wire.ends.out].charge += std::llround(unit * wire.amps[9] * kChargeScale);
  }
  for (Node& node : circuit.nodes) {
    const auto q = static_cast<float>(static_cast<double>(node.charge) / kChargeScale);
    node.volt = (node.volt + q / node.cap) * (1.0f - node.leak);
    node.charge = 0;
  }
}

}  // namespace

uint64_t sequential_checksum(const Problem& problem) {
  Circuit circuit = build(problem);
  const int64_t iterations = problem.warmup + problem.loops;
  for (int64_t i = 0; i < iterations; ++i) iterate(circuit, problem.steps);
  uint64_t sum = 0;
  for (int64_t i = 0; i < problem.nodes(); ++i) {
    const Node& node = circuit.nodes[static_cast<size_t>(i)];
    sum += hash_value(kHashNodeVoltage, i, bits_of(node.volt));
    sum += hash_value(kHashNodeCharge, i, bits_of(node.charge));
  }
  for (int64_t i = 0; i < problem.wires(); ++i) {
    const Wire& wire = circuit.wires[static_cast<size_t>(i)];
    for (uint64_t s = 0; s < 10; ++s) sum += hash_value(kHashCurrent + s, i, bits_of(wire.amps[s]));
    for (uint64_t s = 0; s < 9; ++s) sum += hash_value(kHashVoltage + s, i, bits_of(wire.volts[s]));
  }
  // Two tasks per iteration leave their mark on each superpiece.
  for (int64_t i = 0; i < problem.superpieces(); ++i) {
    sum += hash_value(kHashUpdates, i, bits_of(2 * iterations));
  }
  return sum;
}

}  // namespace circuit
