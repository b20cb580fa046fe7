// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_tables.h"

#include <algorithm>

#include "support/name_pattern.h"

namespace placewright::policy {
namespace {

template <class Rows>
void add_names(const Rows& rows, RuleNames& names) {
  for (const auto& row : rows) {
    for (const std::string& name : row.head.tasks.names) names.tasks.add(name);
    if constexpr (requires { row.regions; }) {
      for (const RegionChoice& region : row.regions) {
        if (!region.name.empty()) names.regions.add(region.name);
      }
    }
  }
}

}  // namespace

bool TaskChoice::lists(std::string_view task) const {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return speaks_of(name, task); });
}

RuleNames::RuleNames(const RuleList& list) {
  add_names(list.processors, *this);
  add_names(list.memories, *this);
  add_names(list.layouts, *this);
  add_names(list.maps, *this);
  add_names(list.limits, *this);
  add_names(list.priorities, *this);
  add_names(list.collected, *this);
  add_names(list.replicated, *this);
}

RuleTables::RuleTables(const RuleList& list, const RuleNames& names, const std::vector<bool>& holds)
    : names_(names) {
  const auto each = [&](const auto& rows, const auto& add_row) {
    for (const auto& row : rows) {
      const int condition = row.head.condition;
      if (condition < 0 || holds[static_cast<size_t>(condition)]) add_row(row);
    }
  };
  each(list.processors, [&](const ProcessorRow& row) { add_to(processors_, row); });
  each(list.memories, [&](const MemoryRow& row) { add_to(memories_, row); });
  each(list.layouts, [&](const LayoutRow& row) { add_to(layouts_, row); });
  each(list.maps, [&](const MapRow& row) { add_to(maps_[row.index ? 1 : 0], row); });
  each(list.collected, [&](const ArgumentRow& row) { add_to(collected_, row); });
  each(list.limits, [&](const NumberRow& row) { add_to(limits_, row); });
  each(list.priorities, [&](const NumberRow& row) { add_to(priorities_, row); });
  each(list.replicated, [&](const ReplicateRow& row) {
    if (!replicated_) replicated_.emplace();
    add_to(*replicated_, row);
  });
}

template <class Row>
template <class Visit>
void RuleTables::ArgumentTable<Row>::each(int task, const RegionKey& region,
                                          const Visit& visit) const {
  const auto of_task = by_task.find(task);
  const auto of_region = by_region.find(region);
  if (of_task == by_task.end() || of_region == by_region.end()) return;
  const bool task_has_fewer = of_task->second.size() < of_region->second.size();
  const std::vector<int>& fewer = task_has_fewer ? of_task->second : of_region->second;
  const std::vector<int>& more = task_has_fewer ? of_region->second : of_task->second;
  for (const int row : fewer) {
    if (std::binary_search(more.begin(), more.end(), row) && visit(*rows[static_cast<size_t>(row)]))
      return;
  }
}

template <class Row>
template <class Kind>
const Row* RuleTables::ArgumentTable<Row>::find(int task, const RegionKey& region,
                                                std::optional<Kind> Row::*member, Kind kind) const {
  const Row* exact = nullptr;
  const Row* any = nullptr;
  each(task, region, [&](const Row& row) {
    if (row.*member == kind) exact = &row;
    if (!(row.*member) && any == nullptr) any = &row;
    return exact != nullptr;
  });
  return exact != nullptr ? exact : any;
}

template <class Row>
const Row* RuleTables::TaskTable<Row>::find(std::span<const int> keys,
                                            std::optional<machine::ProcessorKind> kind) const {
  for (const int key : keys)
    if (const auto named = by_task.find(key); named != by_task.end()) return named->second;
  if (kind && by_kind[static_cast<size_t>(*kind)] != nullptr)
    return by_kind[static_cast<size_t>(*kind)];
  const auto any = by_task.find(kAny);
  return any == by_task.end() ? nullptr : any->second;
}

/// The first row for a selector wins.
template <class Row>
void RuleTables::add_to(TaskTable<Row>& table, const Row& row) {
  if (row.head.tasks.kind) {
    const Row*& entry = table.by_kind[static_cast<size_t>(*row.head.tasks.kind)];
    if (entry == nullptr) entry = &row;
    return;
  }
  for (const int task : task_numbers(row.head.tasks)) table.by_task.try_emplace(task, &row);
}

template <class Row>
void RuleTables::add_to(ArgumentTable<Row>& table, const Row& row) {
  const int number = static_cast<int>(table.rows.size());
  table.rows.push_back(&row);
  const auto add = [number](std::vector<int>& list) {
    if (list.empty() || list.back() != number) list.push_back(number);
  };
  for (const int task : task_numbers(row.head.tasks)) add(table.by_task[task]);
  for (const RegionKey& region : region_keys(row.regions)) add(table.by_region[region]);
}

std::vector<int> RuleTables::task_numbers(const TaskChoice& tasks) const {
  if (tasks.names.empty()) return {kAny};
  std::vector<int> numbers;
  for (const std::string& name : tasks.names) numbers.push_back(names_.tasks.mentioned(name));
  return numbers;
}

std::vector<RuleTables::RegionKey> RuleTables::region_keys(const RegionChoices& regions) const {
  if (regions.empty()) return {{RegionKey::What::Any, 0}};
  std::vector<RegionKey> result;
  for (const RegionChoice& region : regions) {
    if (region.name.empty()) {
      result.push_back({RegionKey::What::Index, region.index});
    } else {
      result.push_back({RegionKey::What::Name, names_.regions.mentioned(region.name)});
    }
  }
  return result;
}

const ProcessorRow* RuleTables::processors(TaskId task) const {
  return processors_.find(names_.tasks.keys(task.name), std::nullopt);
}

template <class Visit>
void RuleTables::each_candidate(TaskId task, const RegionRef& region, const Visit& visit) const {
  std::vector<RegionKey> regions;
  const auto add_names = [&](bool itself) {
    for (const RegionId name : region.names) {
      // Only the first key may be the name itself; a pattern may match several names.
      for (const int key : names_.regions.keys(name.value)) {
        const RegionKey found{RegionKey::What::Name, key};
        if (names_.regions.is_pattern(key) != itself &&
            std::find(regions.begin(), regions.end(), found) == regions.end())
          regions.push_back(found);
      }
    }
  };
  add_names(true);
  add_names(false);
  regions.push_back({RegionKey::What::Index, region.index});
  regions.push_back({RegionKey::What::Any, 0});
  for (const int owner : names_.tasks.keys(task.name))
    for (const RegionKey& each : regions)
      if (visit(owner, each)) return;
  for (const RegionKey& each : regions)
    if (visit(kAny, each)) return;
}

std::vector<MemoryRule> RuleTables::memories(TaskId task, const RegionRef& region,
                                             machine::ProcessorKind kind) const {
  std::vector<MemoryRule> list;
  each_candidate(task, region, [&](int owner, const RegionKey& key) {
    const MemoryRow* row = memories_.find(owner, key, &MemoryRow::kind, kind);
    if (row == nullptr) return false;
    for (const machine::MemoryKind memory : row->memories)
      list.push_back({memory, row->head.range});
    return false;
  });
  return list;
}

std::optional<LayoutRule> RuleTables::layout(TaskId task, const RegionRef& region,
                                             machine::MemoryKind memory) const {
  std::optional<LayoutRule> rule;
  each_candidate(task, region, [&](int owner, const RegionKey& key) {
    const LayoutRow* row = layouts_.find(owner, key, &LayoutRow::memory, memory);
    if (row == nullptr) return false;
    rule = row->layout;
    rule->rule = row->head.range;
    return true;
  });
  return rule;
}

int RuleTables::instance_limit(TaskId task, machine::ProcessorKind kind) const {
  const NumberRow* row = limits_.find(names_.tasks.keys(task.name), kind);
  return row == nullptr ? 0 : row->number;
}

std::optional<int> RuleTables::priority(TaskId task, machine::ProcessorKind kind) const {
  const NumberRow* row = priorities_.find(names_.tasks.keys(task.name), kind);
  return row == nullptr ? std::nullopt : std::optional(row->number);
}

bool RuleTables::collects(TaskId task, const RegionRef& region) const {
  bool found = false;
  each_candidate(task, region, [&](int owner, const RegionKey& key) {
    collected_.each(owner, key, [&](const ArgumentRow&) { return found = true; });
    return found;
  });
  return found;
}

std::optional<Replication> RuleTables::replicates(TaskId task) const {
  if (!replicated_) return std::nullopt;
  const ReplicateRow* row = replicated_->find(names_.tasks.keys(task.name), std::nullopt);
  if (row == nullptr) return Replication{};
  return Replication{true, row->nodes, row->head.range};
}

const MapRow* RuleTables::map(bool index, TaskId task, machine::ProcessorKind kind) const {
  return maps_[index ? 1 : 0].find(names_.tasks.keys(task.name), kind);
}

}  // namespace placewright::policy
