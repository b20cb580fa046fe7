// SPDX-License-Identifier: Apache-2.0
// What a run of circuit under a strategy would show, made up from the strategy's expectation, so
// that tests can then change single facts of it.
#pragma once

#include <algorithm>
#include <vector>

#include "experiments/codegen/expectation.h"

namespace placewright::experiments {

inline machine::MachineShape machine_of_run(int strategy) {
  return *machine::MachineShape::parse(
      run_shape_of(strategy).processes == 2 ? "nodes=2,GPU=2,CPU=2" : "nodes=1,GPU=2,CPU=2");
}

inline infer::ObservedArgument argument_of(const Expectation& expected, const CircuitTask& task,
                                           size_t index, int64_t point) {
  infer::ObservedArgument argument;
  argument.memory = expected.memory(task, index);
  argument.order.emplace().fields =
      expected.array_of_structs ? machine::FieldOrder::Aos : machine::FieldOrder::Soa;
  argument.alignment = expected.alignment;
  // One instance for each task, argument and point.
  argument.address = 64 * (1000 * (task.name.size() + 40 * index) + static_cast<uint64_t>(point));
  argument.collects = expected.collects(task, index);
  if (task.only_reads(index)) argument.kept = !argument.collects;
  return argument;
}

/// A right run.
inline std::vector<infer::ObservedTask> run_of(int strategy) {
  const Expectation expected = expectation_of(strategy);
  const RunShape shape = run_shape_of(strategy);
  const machine::MachineShape machine = machine_of_run(strategy);
  std::vector<infer::ObservedTask> tasks;
  for (const CircuitTask& known : circuit_tasks()) {
    for (int64_t point = 0; point < shape.pieces; ++point) {
      infer::ObservedTask task;
      task.name = known.name;
      task.depth = 1;
      task.point = machine::DomainPoint{1, {point}};
      task.domain = {machine::DomainPoint{1, {0}}, machine::DomainPoint{1, {shape.pieces - 1}}};
      task.kind = expected.kind(known);
      task.place = expected.place_of(known, point, machine)
                       .value_or(infer::ObservedPlace{0, static_cast<int>(point % 2)});
      const int turn = static_cast<int>(point / 2) + 1;
      task.in_flight = expected.limit > 0 ? std::min(turn, expected.limit) : turn;
      for (size_t k = 0; k < known.regions.size(); ++k)
        task.arguments.push_back(argument_of(expected, known, k, point));
      tasks.push_back(std::move(task));
    }
  }
  return tasks;
}

}  // namespace placewright::experiments
