// SPDX-License-Identifier: Apache-2.0
// A workload like that of the circuit simulation, small enough to reason about by hand.
#pragma once

#include <string>
#include <vector>

#include "workload/workload.h"

namespace placewright::tune {

inline workload::WorkloadArgument argument(std::vector<std::string> names,
                                           machine::Privilege privilege, uint64_t bytes,
                                           int fields = 1) {
  return {std::move(names), privilege, 1, fields, bytes};
}

inline std::vector<workload::WorkloadLaunch> four_points() {
  return {{true, {{1, {0}}, {1, {3}}}, 10}};
}

// One node with 4 GPUs and 2 CPUs; `calc` weighs more than `update`.
inline workload::Workload circuit_workload() {
  workload::Workload workload{*machine::MachineShape::parse("nodes=1,GPU=4,CPU=2"), {}};
  const std::vector<machine::ProcessorKind> both = {machine::ProcessorKind::Cpu,
                                                    machine::ProcessorKind::Gpu};
  workload::WorkloadTask calc{"calc", both, false, {}, four_points()};
  calc.arguments = {argument({"rp_shared", "all_nodes"}, machine::Privilege::ReadOnly, 100),
                    argument({"rp_ghost", "all_nodes"}, machine::Privilege::ReadOnly, 100),
                    argument({"rp_wires"}, machine::Privilege::ReadWrite, 1000, 2)};
  workload::WorkloadTask update{"update", both, false, {}, four_points()};
  update.arguments = {argument({"rp_shared", "all_nodes"}, machine::Privilege::ReadWrite, 100)};
  workload::WorkloadTask top{
      "top_level", {machine::ProcessorKind::Cpu}, true, {}, {{false, {}, 1}}};
  workload.tasks = {calc, top, update};
  return workload;
}

}  // namespace placewright::tune
