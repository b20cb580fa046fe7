// SPDX-License-Identifier: Apache-2.0
#include "workload/recording.h"

#include <limits>

namespace placewright::workload {

int64_t volume(const PointSet& points) {
  int64_t sum = 0;
  for (const machine::LaunchDomain& box : points.boxes)
    if (__builtin_add_overflow(sum, box.volume(), &sum)) return std::numeric_limits<int64_t>::max();
  return sum;
}

uint64_t count_points(const Recording& recording) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  const auto add = [&](uint64_t& sum, uint64_t more) {
    if (__builtin_add_overflow(sum, more, &sum)) sum = kMost;
  };
  // How many tasks each program has, with all that these launch; their programs come before it.
  std::vector<uint64_t> counts(recording.programs.size());
  for (size_t i = 0; i < counts.size(); ++i) {
    for (const Loop& loop : recording.programs[i]) {
      uint64_t pass = 0;
      for (const uint32_t number : loop.body) {
        const Operation& operation = recording.operations[number];
        if (operation.kind != Operation::Kind::Launch) continue;
        for (const PointTask& task : recording.launches[operation.number].points)
          add(pass, 1 + (task.program ? counts[*task.program] : 0));
      }
      uint64_t all = 0;
      if (__builtin_mul_overflow(pass, loop.count, &all)) all = kMost;
      add(counts[i], all);
    }
  }
  return counts[recording.program];
}

namespace {

/// Programs cut their data by processors, not by how large memories are.
bool has_same_processors(const machine::MachineShape& one, const machine::MachineShape& other) {
  if (one.node_count() != other.node_count()) return false;
  for (int node = 0; node < one.node_count(); ++node)
    if (one.node(node).processors != other.node(node).processors) return false;
  return true;
}

}  // namespace

std::string other_machine_note(const Recording& recording, const machine::MachineShape& machine) {
  const machine::MachineShape& own = recording.workload.machine;
  if (has_same_processors(own, machine)) return "";
  return "recorded on " + own.to_string() +
         ": the pieces of data are those of that machine, which another one would not have";
}

}  // namespace placewright::workload
