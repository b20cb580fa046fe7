// SPDX-License-Identifier: Apache-2.0
#include "costs.h"

#include <algorithm>

#include "physics.h"

namespace circuit {
namespace {

using placewright::AccessPattern;
using placewright::ArgumentCost;
using placewright::TaskCost;

constexpr double kFloat = sizeof(float);
constexpr double kPointer = sizeof(int64_t);
constexpr double kCharge = sizeof(Charge);
constexpr double kWireState = kFloat * (kCurrents + kVoltages);
/// Inductance, resistance, capacitance.
constexpr double kWireConstants = 3 * kFloat;

ArgumentCost stream(size_t requirement, double elements, double read, double written) {
  return {requirement, AccessPattern::Stream, elements, read, written};
}

/// Wire ends that are spread over some nodes of a region.
struct Ends {
  double count = 0;
  double nodes = 0;
  double hottest_share = 0;
};

Ends private_ends(const Superpiece& piece) {
  return {static_cast<double>(piece.private_ends), static_cast<double>(piece.private_nodes.size()),
          0};
}

Ends ends_on(const LineUse& lines, int64_t count) {
  const auto all = static_cast<double>(std::max<int64_t>(count, 1));
  return {static_cast<double>(count), static_cast<double>(lines.lines * kNodesPerLine),
          static_cast<double>(lines.hottest) / all};
}

ArgumentCost irregular_read(size_t requirement, const Ends& ends, double bytes) {
  return {requirement, AccessPattern::Irregular, ends.count, bytes, 0, ends.nodes * bytes};
}

ArgumentCost atomic(size_t requirement, const Ends& ends, double bytes) {
  return {requirement, AccessPattern::Atomic, ends.count,        bytes,
          bytes,       ends.nodes * bytes,    ends.hottest_share};
}

}  // namespace

TaskCost cost_of_init(const Superpiece& superpiece) {
  const auto wires = static_cast<double>(superpiece.wires.size());
  constexpr double kNode = 3 * kFloat + kCharge;
  TaskCost cost;
  cost.parallelism = wires;
  cost.arguments = {
      stream(0, static_cast<double>(superpiece.private_nodes.size()), 0, kNode),
      stream(1, static_cast<double>(superpiece.shared_nodes.size()), 0, kNode),
      stream(2, wires, 0, 2 * kPointer + kWireConstants + kWireState),
      stream(3, 1, 0, sizeof(int64_t)),
  };
  return cost;
}

TaskCost cost_of_currents(const Problem& problem, const Superpiece& superpiece) {
  const auto wires = static_cast<double>(superpiece.wires.size());
  TaskCost cost;
  cost.fp32_flops = wires * flops_per_wire_step() * static_cast<double>(problem.steps);
  cost.parallelism = wires;
  cost.arguments = {
      irregular_read(0, private_ends(superpiece), kFloat),
      irregular_read(1, ends_on(superpiece.shared_lines, superpiece.shared_ends), kFloat),
      irregular_read(2, ends_on(superpiece.ghost_lines, superpiece.ghost_ends), kFloat),
      stream(3, wires, 2 * kPointer + kWireConstants, 0),
      stream(4, wires, kWireState, kWireState),
      stream(5, 1, sizeof(int64_t), sizeof(int64_t)),
  };
  return cost;
}

TaskCost cost_of_charges(const Superpiece& superpiece) {
  const auto wires = static_cast<double>(superpiece.wires.size());
  TaskCost cost;
  cost.fp32_flops = 4 * wires;
  cost.parallelism = wires;
  cost.arguments = {
      atomic(0, private_ends(superpiece), kCharge),
      atomic(1, ends_on(superpiece.shared_lines, superpiece.shared_ends), kCharge),
      atomic(2, ends_on(superpiece.ghost_lines, superpiece.ghost_ends), kCharge),
      stream(3, wires, 2 * kPointer + 2 * kFloat, 0),
  };
  return cost;
}

TaskCost cost_of_voltages(const Superpiece& superpiece) {
  const auto own = static_cast<double>(superpiece.private_nodes.size());
  const auto shared = static_cast<double>(superpiece.shared_nodes.size());
  TaskCost cost;
  cost.fp32_flops = 4 * (own + shared);
  cost.parallelism = own + shared;
  cost.arguments = {
      stream(0, own, 2 * kFloat, 0),
      stream(1, own, kFloat + kCharge, kFloat + kCharge),
      stream(2, shared, 2 * kFloat, 0),
      stream(3, shared, kFloat + kCharge, kFloat + kCharge),
      stream(4, 1, sizeof(int64_t), sizeof(int64_t)),
  };
  return cost;
}

}  // namespace circuit
