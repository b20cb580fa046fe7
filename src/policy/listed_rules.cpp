// SPDX-License-Identifier: Apache-2.0
#include "policy/listed_rules.h"

#include <algorithm>

namespace placewright::policy {
namespace {

template <class Rows>
std::optional<SourceRange> row_naming(const Rows& rows, std::string_view task) {
  for (const auto& row : rows) {
    if (row.head.tasks.lists(task)) return row.head.range;
  }
  return std::nullopt;
}

template <class Row>
std::optional<SourceRange> range_of(const Row* row) {
  return row == nullptr ? std::nullopt : std::optional(row->head.range);
}

}  // namespace

TaskId ListedRules::unconditional_task(std::string_view name) const {
  return {sets_.names().tasks.find(name), 0};
}

tl::expected<TaskId, Diagnostic> ListedRules::task(std::string_view name,
                                                   const machine::LaunchFacts& launch) const {
  return sets_.task(name, launch, [this](size_t condition, const machine::LaunchFacts& facts) {
    return holds(condition, facts);
  });
}

RegionId ListedRules::region(std::string_view name) const {
  return {sets_.names().regions.find(name)};
}

bool ListedRules::has_virtual_memory() const {
  return std::any_of(list_.memories.begin(), list_.memories.end(), [](const MemoryRow& row) {
    return std::find(row.memories.begin(), row.memories.end(), machine::MemoryKind::Virtual) !=
           row.memories.end();
  });
}

std::span<const machine::ProcessorKind> ListedRules::processor_kinds(TaskId task) const {
  const ProcessorRow* row = sets_.of(task).processors(task);
  return row != nullptr ? std::span<const machine::ProcessorKind>(row->kinds)
                        : std::span<const machine::ProcessorKind>();
}

std::optional<SourceRange> ListedRules::processor_rule(TaskId task) const {
  return range_of(sets_.of(task).processors(task));
}

std::vector<MemoryRule> ListedRules::memories(TaskId task, const RegionRef& region,
                                              machine::ProcessorKind kind) const {
  return sets_.of(task).memories(task, region, kind);
}

std::optional<LayoutRule> ListedRules::layout(TaskId task, const RegionRef& region,
                                              machine::MemoryKind memory) const {
  return sets_.of(task).layout(task, region, memory);
}

int ListedRules::instance_limit(TaskId task, machine::ProcessorKind kind) const {
  return sets_.of(task).instance_limit(task, kind);
}

std::optional<int> ListedRules::priority(TaskId task, machine::ProcessorKind kind) const {
  return sets_.of(task).priority(task, kind);
}

bool ListedRules::collects(TaskId task, const RegionRef& region) const {
  return sets_.of(task).collects(task, region);
}

std::optional<Replication> ListedRules::replicates(TaskId task) const {
  return sets_.of(task).replicates(task);
}

std::vector<NodeRange> ListedRules::replicated_nodes() const {
  std::vector<NodeRange> ranges;
  for (const ReplicateRow& row : list_.replicated)
    if (row.nodes) ranges.push_back(*row.nodes);
  return ranges;
}

std::optional<FunctionId> ListedRules::index_map(TaskId task, machine::ProcessorKind kind) const {
  const MapRow* row = sets_.of(task).map(true, task, kind);
  return row == nullptr ? std::nullopt : std::optional(row->function);
}

std::optional<FunctionId> ListedRules::single_map(TaskId task, machine::ProcessorKind kind) const {
  const MapRow* row = sets_.of(task).map(false, task, kind);
  return row == nullptr ? std::nullopt : std::optional(row->function);
}

std::optional<SourceRange> ListedRules::index_map_rule(TaskId task,
                                                       machine::ProcessorKind kind) const {
  return range_of(sets_.of(task).map(true, task, kind));
}

std::optional<SourceRange> ListedRules::single_map_rule(TaskId task,
                                                        machine::ProcessorKind kind) const {
  return range_of(sets_.of(task).map(false, task, kind));
}

std::optional<SourceRange> ListedRules::processor_rule_naming(std::string_view task) const {
  return row_naming(list_.processors, task);
}

std::optional<SourceRange> ListedRules::single_map_rule_naming(std::string_view name, TaskId task,
                                                               machine::ProcessorKind kind) const {
  const MapRow* row = sets_.of(task).map(false, task, kind);
  if (row == nullptr || !row->head.tasks.lists(name)) return std::nullopt;
  return row->head.range;
}

bool ListedRules::memory_rule_names(SourceRange rule, std::string_view task) const {
  return std::any_of(list_.memories.begin(), list_.memories.end(), [&](const MemoryRow& row) {
    return row.head.range == rule && row.head.tasks.lists(task);
  });
}

}  // namespace placewright::policy
