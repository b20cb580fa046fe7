// SPDX-License-Identifier: Apache-2.0
#include "circuit/physics.h"

#include <gtest/gtest.h>

#include "circuit/reference.h"
#include "common/work.h"

namespace circuit {
namespace {

TEST(Physics, ChainSettlesToOhmsLaw) {
  // With a tiny capacitance and many steps the chain carries (V0 - V10) / (10 R) everywhere:
  // here 1 V over ten resistors of 1 ohm, so 0.1 A towards the out-node.
  WireState state{};
  for (int i = 0; i < 2000; ++i) solve_wire(state, 1.0f, 0.0f, 0.0f, 1.0f, 1e-5f, 50);
  for (const float current : state.current) EXPECT_NEAR(current, 0.1f, 1e-4f);
  EXPECT_NEAR(state.voltage[4], 0.5f, 1e-3f);
}

TEST(Physics, NoVoltageNoCurrent) {
  WireState state{};
  for (float& voltage : state.voltage) voltage = 0.5f;
  solve_wire(state, 0.5f, 0.5f, 1e-9f, 2.0f, 0.05f, 50);
  for (const float current : state.current) EXPECT_EQ(current, 0.0f);
}

TEST(Physics, ChargeIsAWholeNumberOfUnits) {
  // 1 A for 1e-6 s is 2^50 / 10^6 = 1125899906.8 units (the time step as a float is a bit less).
  EXPECT_NEAR(static_cast<double>(to_charge(1.0f)), 1125899906.8, 100);
  EXPECT_EQ(to_charge(-1.0f), -to_charge(1.0f));
  EXPECT_EQ(to_charge(0.0f), 0);
}

TEST(Physics, ChargeRaisesVoltageAndLeakageLowersIt) {
  const auto one_coulomb = static_cast<Charge>(kChargeScale);
  EXPECT_FLOAT_EQ(updated_voltage(1.0f, one_coulomb, 2.0f, 0.0f), 1.5f);
  EXPECT_FLOAT_EQ(updated_voltage(1.0f, 0, 2.0f, 0.25f), 0.75f);
}

TEST(Physics, LayoutDoesNotChangeWhatIsComputed) {
  // The same three nodes as separate arrays and as an array of structs.
  struct Node {
    float capacitance, leakage, voltage;
    Charge charge;
  };
  std::vector<Node> structs = {{1, 0.1f, 0.5f, 1 << 20}, {2, 0, -1, -5}, {1.5f, 0.05f, 0.25f, 0}};
  std::vector<float> capacitance, leakage, voltage;
  std::vector<Charge> charge;
  for (const Node& node : structs) {
    capacitance.push_back(node.capacitance);
    leakage.push_back(node.leakage);
    voltage.push_back(node.voltage);
    charge.push_back(node.charge);
  }
  const auto at = [](const auto* first, size_t stride) {
    return Column<std::remove_pointer_t<decltype(first)>>{reinterpret_cast<uintptr_t>(first),
                                                          stride};
  };
  const auto writable = [](auto* first, size_t stride) {
    return Column<std::remove_pointer_t<decltype(first)>>{reinterpret_cast<uintptr_t>(first),
                                                          stride};
  };
  apps::run_on_host(UpdateNodes{{0, 2},
                                at(capacitance.data(), 4),
                                at(leakage.data(), 4),
                                writable(voltage.data(), 4),
                                writable(charge.data(), 8)});
  constexpr size_t kSize = sizeof(Node);
  apps::run_on_host(UpdateNodes{{0, 2},
                                at(&structs[0].capacitance, kSize),
                                at(&structs[0].leakage, kSize),
                                writable(&structs[0].voltage, kSize),
                                writable(&structs[0].charge, kSize)});
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(structs[i].voltage, voltage[i]);
    EXPECT_EQ(structs[i].charge, 0);
  }
}

TEST(Reference, ChecksumDependsOnTheCircuitAndTheLength) {
  Problem problem;
  problem.loops = 2;
  const uint64_t two = sequential_checksum(problem);
  EXPECT_EQ(two, sequential_checksum(problem));
  problem.loops = 3;
  const uint64_t three = sequential_checksum(problem);
  EXPECT_NE(two, three);
  problem.seed = 1;
  EXPECT_NE(three, sequential_checksum(problem));
}

}  // namespace
}  // namespace circuit
