// SPDX-License-Identifier: Apache-2.0
// Small recordings for tests of the simulator, and what one mapping does with them.
#pragma once

#include <gtest/gtest.h>
#include <placewright/machine_table.h>

#include <fstream>
#include <optional>
#include <string>

#include "machine/load.h"
#include "policy/policy.h"
#include "sim/simulate.h"

namespace placewright::sim {

inline constexpr int64_t kPoints = 1'000'000;
inline constexpr double kBytes = 8.0 * kPoints;

inline machine::LaunchDomain line(int64_t lo, int64_t hi) { return {{1, {lo}}, {1, {hi}}}; }

inline machine::MachineDescription p100() { return *machine::read_machine("p100x4"); }

inline MachineTable table(const machine::MachineDescription& machine = p100()) {
  return *parse_machine_table(machine::flat_machine_table(machine, {.time_scale = 1}), "p100")
              .table;
}

/// `make` writes a piece, `use` reads it; then `again` passes of `use`.
inline workload::Recording producer_and_consumer(uint64_t again = 0) {
  using machine::Privilege;
  using machine::ProcessorKind;
  using workload::Operation;
  workload::Recording recording{{*machine::MachineShape::parse("nodes=1,CPU=2,GPU=4"), {}}};
  for (const char* name : {"make", "use"}) {
    recording.workload.tasks.push_back(
        {name, {ProcessorKind::Cpu, ProcessorKind::Gpu}, false, {}, {}});
    recording.variants.push_back({{{1, ProcessorKind::Cpu, false, true, false}, {}},
                                  {{2, ProcessorKind::Gpu, false, true, false}, {}}});
  }
  recording.field_spaces = {{{1, 8}}};
  recording.point_sets = {{1, {line(0, kPoints - 1)}}};
  recording.pieces = {{1, 0, 0, {"data"}}};
  recording.requirements = {{0, Privilege::WriteDiscard, {1}}, {0, Privilege::ReadOnly, {1}}};
  recording.argument_lists = {{0}, {1}};
  recording.costs = {{0, 0, 0, {{0, AccessPattern::Stream, double{kPoints}, 8, 0}}}};
  for (uint32_t i = 0; i < 2; ++i) {
    workload::Launch launch;
    launch.task = i == 0 ? "make" : "use";
    launch.points = {{{}, i, std::nullopt, 0}};
    recording.launches.push_back(launch);
    recording.operations.push_back({Operation::Kind::Launch, i});
  }
  recording.programs = {{{1, {0, 1}}}};
  if (again > 0) recording.programs[0].push_back({again, {1}});
  return recording;
}

inline tl::expected<Prediction, decide::Refusal> predict(
    const workload::Recording& recording, const std::string& mapping,
    const machine::MachineDescription& machine = p100(), const Modelling& modelling = {},
    const Effort& effort = {}) {
  const auto simulator = Simulator::make(recording, machine, modelling);
  EXPECT_TRUE(simulator) << simulator.error().message;
  const std::string path = testing::TempDir() + "simulate_test.mapping";
  std::ofstream(path) << mapping;
  const policy::LoadedPolicy loaded = policy::load_policy(path, simulator->shape());
  EXPECT_NE(loaded.policy, nullptr) << loaded.messages;
  return simulator->predict(*loaded.policy, effort);
}

/// Both tasks on these GPUs of these nodes.
inline std::string on_gpus(int make, int use, const std::string& rules = "", int make_node = 0,
                           int use_node = 0) {
  const auto place = [](int node, int gpu) {
    return "{ return m[" + std::to_string(node) + ", " + std::to_string(gpu) + "]; }\n";
  };
  return "Task * GPU;\n" + rules + "m = Machine(GPU);\ndef first(Task task) " +
         place(make_node, make) + "def second(Task task) " + place(use_node, use) +
         "SingleTaskMap make first;\nSingleTaskMap use second;\n";
}

/// A kernel that reads or writes all data in its frame buffer.
inline double kernel_s() {
  const MachineTable numbers = table();
  return numbers.gpu.kernel_launch_s + kBytes / numbers.gpu.memory_bandwidth;
}

}  // namespace placewright::sim
