// SPDX-License-Identifier: Apache-2.0
// Finds mapping functions that reproduce where the points of launches went.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "infer/observed.h"
#include "machine/shape.h"

namespace placewright::infer {

/// Where the points of launches over one domain went.
struct PlacedLaunches {
  machine::LaunchDomain domain;
  std::map<machine::DomainPoint, ObservedPlace> places;
};

/// The launches of one task on one kind of processor and in one dimension. Not empty.
struct LaunchGroup {
  std::string task;
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  int dim = 1;
  std::vector<PlacedLaunches> launches;
};

/// A mapping function, and the groups (by position) whose places it gives.
struct FoundMap {
  std::string name;
  std::string text;  ///< `def name(Task task) { ... }`
  machine::ProcessorKind kind = machine::ProcessorKind::Cpu;
  std::vector<size_t> groups;
};

/// Finds few and simple functions by greedy choice. Groups that no formula fits are left out.
[[nodiscard]] std::vector<FoundMap> find_index_maps(std::span<const LaunchGroup> groups,
                                                    const machine::MachineShape& machine);

/// The variable of inferred mappings that holds `Machine(kind)`: "mgpu".
[[nodiscard]] std::string machine_variable(machine::ProcessorKind kind);

}  // namespace placewright::infer
