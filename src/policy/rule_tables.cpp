// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_tables.h"

#include <algorithm>

namespace placewright::policy {
namespace {

/// The entry of an exact kind, else the entry for `*`.
template <class Entries, class Kind>
auto select(const Entries& entries, Kind kind) {
  const auto exact = entries[static_cast<size_t>(kind)];
  return exact != nullptr ? exact : entries.back();
}

template <class Kind>
size_t slot(const std::optional<Kind>& kind, size_t any) {
  return kind ? static_cast<size_t>(*kind) : any;
}

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
  return std::find(names.begin(), names.end(), task) != names.end();
}

int NameTable::add(const std::string& name) {
  return numbers_.try_emplace(name, static_cast<int>(numbers_.size()) + 1).first->second;
}

int NameTable::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? 0 : found->second;
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
  const auto simply = [&](const auto& row) { add(row); };
  each(list.processors, simply);
  each(list.memories, simply);
  each(list.layouts, simply);
  each(list.maps, simply);
  each(list.collected, simply);
  each(list.replicated, simply);
  each(list.limits, [&](const NumberRow& row) { add_to(limits_, row); });
  each(list.priorities, [&](const NumberRow& row) { add_to(priorities_, row); });
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

std::vector<int> RuleTables::task_numbers(const TaskChoice& tasks) const {
  if (tasks.names.empty()) return {kAny};
  std::vector<int> numbers;
  for (const std::string& name : tasks.names) numbers.push_back(names_.tasks.find(name));
  return numbers;
}

std::vector<RuleTables::ArgumentKey> RuleTables::keys(const TaskChoice& tasks,
                                                      const RegionChoices& regions) const {
  std::vector<ArgumentKey> result;
  for (const int task : task_numbers(tasks)) {
    if (regions.empty()) result.push_back({task, ArgumentKey::Region::Any, 0});
    for (const RegionChoice& region : regions) {
      if (region.name.empty()) {
        result.push_back({task, ArgumentKey::Region::Index, region.index});
      } else {
        result.push_back({task, ArgumentKey::Region::Name, names_.regions.find(region.name)});
      }
    }
  }
  return result;
}

void RuleTables::add(const ProcessorRow& row) {
  for (const int task : task_numbers(row.head.tasks)) processors_.try_emplace(task, &row);
}

void RuleTables::add(const MemoryRow& row) {
  for (const ArgumentKey& key : keys(row.head.tasks, row.regions)) {
    const MemoryRow*& entry = memories_[key][slot(row.kind, machine::kProcessorKindCount)];
    if (entry == nullptr) entry = &row;
  }
}

void RuleTables::add(const LayoutRow& row) {
  for (const ArgumentKey& key : keys(row.head.tasks, row.regions)) {
    const LayoutRow*& entry = layouts_[key][slot(row.memory, machine::kMemoryKindCount)];
    if (entry == nullptr) entry = &row;
  }
}

void RuleTables::add(const MapRow& row) { add_to(maps_[row.index ? 1 : 0], row); }

void RuleTables::add(const ArgumentRow& row) {
  for (const ArgumentKey& key : keys(row.head.tasks, row.regions))
    collected_.try_emplace(key, row.head.range);
}

void RuleTables::add(const ReplicateRow& row) {
  if (!replicated_) replicated_.emplace();
  for (const int task : task_numbers(row.head.tasks)) replicated_->try_emplace(task, &row);
}

const ProcessorRow* RuleTables::processors(TaskId task) const {
  auto found = processors_.find(task.value);
  if (found == processors_.end()) found = processors_.find(kAny);
  return found == processors_.end() ? nullptr : found->second;
}

std::vector<RuleTables::ArgumentKey> RuleTables::candidates(TaskId task,
                                                            const RegionRef& region) const {
  std::vector<ArgumentKey> result;
  for (const int owner : {task.value, kAny}) {
    for (const RegionId name : region.names) {
      // 0 stands for all names that no rule mentions.
      if (name.value > 0) result.push_back({owner, ArgumentKey::Region::Name, name.value});
    }
    result.push_back({owner, ArgumentKey::Region::Index, region.index});
    result.push_back({owner, ArgumentKey::Region::Any, 0});
  }
  return result;
}

std::vector<MemoryRule> RuleTables::memories(TaskId task, const RegionRef& region,
                                             machine::ProcessorKind kind) const {
  std::vector<MemoryRule> list;
  for (const ArgumentKey& key : candidates(task, region)) {
    const auto found = memories_.find(key);
    if (found == memories_.end()) continue;
    const MemoryRow* row = select(found->second, kind);
    if (row == nullptr) continue;
    for (const machine::MemoryKind memory : row->memories)
      list.push_back({memory, row->head.range});
  }
  return list;
}

std::optional<LayoutRule> RuleTables::layout(TaskId task, const RegionRef& region,
                                             machine::MemoryKind memory) const {
  for (const ArgumentKey& key : candidates(task, region)) {
    const auto found = layouts_.find(key);
    if (found == layouts_.end()) continue;
    const LayoutRow* row = select(found->second, memory);
    if (row == nullptr) continue;
    LayoutRule rule = row->layout;
    rule.rule = row->head.range;
    return rule;
  }
  return std::nullopt;
}

int RuleTables::instance_limit(TaskId task, machine::ProcessorKind kind) const {
  const NumberRow* row = limits_.find(task, kind);
  return row == nullptr ? 0 : row->number;
}

std::optional<int> RuleTables::priority(TaskId task, machine::ProcessorKind kind) const {
  const NumberRow* row = priorities_.find(task, kind);
  return row == nullptr ? std::nullopt : std::optional(row->number);
}

bool RuleTables::collects(TaskId task, const RegionRef& region) const {
  const std::vector<ArgumentKey> matching = candidates(task, region);
  return std::any_of(matching.begin(), matching.end(),
                     [&](const ArgumentKey& key) { return collected_.contains(key); });
}

std::optional<Replication> RuleTables::replicates(TaskId task) const {
  if (!replicated_) return std::nullopt;
  auto found = replicated_->find(task.value);
  if (found == replicated_->end()) found = replicated_->find(kAny);
  if (found == replicated_->end()) return Replication{};
  return Replication{true, found->second->nodes, found->second->head.range};
}

const MapRow* RuleTables::map(bool index, TaskId task, machine::ProcessorKind kind) const {
  return maps_[index ? 1 : 0].find(task, kind);
}

}  // namespace placewright::policy
