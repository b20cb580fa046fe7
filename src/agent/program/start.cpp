// SPDX-License-Identifier: Apache-2.0
#include "agent/program/start.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "decide/defaults.h"
#include "lang/grammar/index_maps.h"
#include "support/draw.h"
#include "workload/decisions.h"

namespace placewright::agent {
namespace {

namespace grammar = lang::grammar;

/// The processor kinds that an application's tasks usually have variants for.
std::vector<machine::ProcessorKind> kinds_of(const machine::MachineShape& machine) {
  std::vector<machine::ProcessorKind> kinds;
  for (const machine::ProcessorKind kind : decide::kDefaultProcessorOrder)
    if (machine.has(kind)) kinds.push_back(kind);
  return kinds;
}

std::vector<machine::MemoryKind> memories_of(const machine::MachineShape& machine,
                                             machine::ProcessorKind kind) {
  std::vector<machine::MemoryKind> memories;
  for (const machine::MemoryKind memory : machine::kMemoryKinds) {
    if (memory != machine::MemoryKind::Virtual && machine.has(kind, memory))
      memories.push_back(memory);
  }
  return memories;
}

template <class T>
std::string joined(const std::vector<T>& list) {
  std::string text;
  for (const T& each : list) text += (text.empty() ? "" : ", ") + std::string(to_string(each));
  return text;
}

}  // namespace

Program default_program(const machine::MachineShape& machine) {
  Program program;
  program[Decision::Task] = fmt::format("Task * {};", joined(kinds_of(machine)));
  return program;
}

Program random_program(uint64_t seed, const machine::MachineShape& machine) {
  Draw draw(seed);
  std::vector<machine::ProcessorKind> kinds = kinds_of(machine);
  Program program;
  std::vector<std::string> regions;
  std::vector<std::string> maps;
  for (const machine::ProcessorKind kind : kinds) {
    std::vector<machine::MemoryKind> memories = memories_of(machine, kind);
    draw.shuffle(memories);
    if (!memories.empty())
      regions.push_back(fmt::format("Region * * {} {};", to_string(kind), joined(memories)));
    // One time in three, Legion's default mapper places the points.
    if (draw.below(3) == 0) continue;
    const std::string_view map = grammar::kIndexMaps[draw.below(grammar::kIndexMaps.size())];
    maps.push_back(fmt::format("{}{}IndexTaskMap {} {};", grammar::space_definition(kind),
                               grammar::index_map_definition(map, kind), to_string(kind),
                               grammar::index_map_name(map, kind)));
  }
  draw.shuffle(kinds);
  program[Decision::Task] = fmt::format("Task * {};", joined(kinds));
  program[Decision::Region] = fmt::format("{}", fmt::join(regions, "\n"));
  const std::vector<std::string> fields = {"SOA", "AOS"};
  const std::vector<std::string> orders = {"C_order", "F_order"};
  const std::string field = draw.one_of(fields);
  program[Decision::Layout] = fmt::format("Layout * * * {} {};", field, draw.one_of(orders));
  if (draw.below(4) == 0)
    program[Decision::InstanceLimit] = fmt::format("InstanceLimit * {};", 1 << draw.below(4));
  program[Decision::IndexTaskMap] = fmt::format("{}", fmt::join(maps, "\n"));
  return program;
}

}  // namespace placewright::agent
