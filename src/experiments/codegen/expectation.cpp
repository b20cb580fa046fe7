// SPDX-License-Identifier: Apache-2.0
#include "experiments/codegen/expectation.h"

#include <algorithm>
#include <array>

#include "support/check.h"

namespace placewright::experiments {
namespace {

constexpr std::array<std::string_view, 6> kCurrents = {"rp_private", "rp_shared", "rp_ghost",
                                                       "rp_wires",   "rp_wires",  "rp_times"};
constexpr std::array<std::string_view, 4> kCharge = {"rp_private", "rp_shared", "rp_ghost",
                                                     "rp_wires"};
constexpr std::array<std::string_view, 5> kVoltages = {"rp_private", "rp_private", "rp_shared",
                                                       "rp_shared", "rp_times"};
constexpr std::array<std::string_view, 4> kPiece = {"rp_private", "rp_shared", "rp_wires",
                                                    "rp_times"};
constexpr std::string_view kCurrentsTask = "calculate_new_currents";
constexpr std::string_view kChargeTask = "distribute_charge";

/// The tasks of the loop first.
constexpr std::array<CircuitTask, 5> kTasks = {{
    {kCurrentsTask, kCurrents, 0b001111, true, false},
    {kChargeTask, kCharge, 0b1000, true, false},
    {"update_voltages", kVoltages, 0b00101, true, false},
    {"init_piece", kPiece, 0b0000, false, false},
    {"checksum_piece", kPiece, 0b1111, false, true},
}};

bool is_exchanged(std::string_view region) { return region == "rp_shared" || region == "rp_ghost"; }

}  // namespace

const CircuitTask* find_circuit_task(std::string_view name) {
  const auto* found = std::ranges::find(kTasks, name, &CircuitTask::name);
  return found == kTasks.end() ? nullptr : found;
}

std::span<const CircuitTask> circuit_tasks() { return std::span(kTasks).first(3); }

machine::ProcessorKind Expectation::kind(const CircuitTask& task) const {
  const bool on_cpu = task.on_cpu_only || (currents_on_cpu && task.name == kCurrentsTask);
  return on_cpu ? machine::ProcessorKind::Cpu : machine::ProcessorKind::Gpu;
}

machine::MemoryKind Expectation::memory(const CircuitTask& task, size_t argument) const {
  if (kind(task) == machine::ProcessorKind::Cpu) return machine::MemoryKind::SysMem;
  const bool exchanged =
      zero_copy == ZeroCopy::SharedAndGhost && is_exchanged(task.regions[argument]);
  const bool second =
      zero_copy == ZeroCopy::SecondOfDistribute && task.name == kChargeTask && argument == 1;
  return exchanged || second ? machine::MemoryKind::ZcMem : machine::MemoryKind::FbMem;
}

bool Expectation::collects(const CircuitTask& task, size_t argument) const {
  return collects_currents && task.name == kCurrentsTask && task.only_reads(argument);
}

std::optional<infer::ObservedPlace> Expectation::place_of(
    const CircuitTask& task, int64_t point, const machine::MachineShape& machine) const {
  if (!task.is_timed || place == Place::Any) return std::nullopt;
  const int64_t nodes = machine.node_count();
  const int64_t gpus = machine.processors_per_node(machine::ProcessorKind::Gpu);
  if (place == Place::Blocked)
    return infer::ObservedPlace{static_cast<int>(point / gpus), static_cast<int>(point % gpus)};
  return infer::ObservedPlace{static_cast<int>(point % nodes),
                              static_cast<int>(point / nodes % gpus)};
}

Expectation expectation_of(int strategy) {
  PLACEWRIGHT_CHECK(strategy >= 1 && strategy <= 10);
  using Place = Expectation::Place;
  using ZeroCopy = Expectation::ZeroCopy;
  static const std::array<Expectation, 10> all = {{
      {.place = Place::Blocked},
      {.zero_copy = ZeroCopy::SharedAndGhost},
      {.array_of_structs = true},
      {},
      {.alignment = 64},
      {.currents_on_cpu = true},
      {.collects_currents = true},
      {.limit = 4},
      {.zero_copy = ZeroCopy::SecondOfDistribute},
      {.place = Place::Cyclic},
  }};
  return all[static_cast<size_t>(strategy) - 1];
}

RunShape run_shape_of(int strategy) {
  const Expectation expected = expectation_of(strategy);
  // Blocks: one point per GPU. Cyclic: two, because with one the default mapper does the same.
  if (expected.place == Expectation::Place::Blocked) return {.processes = 2, .pieces = 4};
  if (expected.place == Expectation::Place::Cyclic) return {.processes = 2, .pieces = 8};
  // Twice as many points per GPU as the limit.
  if (expected.limit > 0) return {.pieces = 4 * expected.limit};
  return {.probes = expected.collects_currents};
}

}  // namespace placewright::experiments
