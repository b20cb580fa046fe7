// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_tables.h"

#include <algorithm>
#include <climits>

namespace placewright::policy {
namespace {

/// The entry of an exact kind, else the entry for `*`.
template <class Entries, class Kind>
const auto& select(const Entries& entries, Kind kind) {
  const auto& exact = entries[static_cast<size_t>(kind)];
  return exact ? exact : entries.back();
}

template <class Kind>
size_t slot(const std::optional<lang::Spelled<Kind>>& kind, size_t any) {
  return kind ? static_cast<size_t>(kind->value) : any;
}

}  // namespace

LayoutRule layout_rule(const lang::LayoutStatement& statement, SourceRange range) {
  LayoutRule rule;
  rule.rule = range;
  // If words contradict each other, the last one counts.
  for (const lang::LayoutConstraint& constraint : statement.constraints) {
    switch (constraint.word) {
      case lang::LayoutWord::FOrder:
        rule.c_order = false;
        break;
      case lang::LayoutWord::COrder:
        rule.c_order = true;
        break;
      case lang::LayoutWord::Aos:
        rule.aos = true;
        break;
      case lang::LayoutWord::Soa:
        rule.aos = false;
        break;
      case lang::LayoutWord::Compact:
        rule.compact = true;
        break;
      case lang::LayoutWord::Exact:
        rule.exact = true;
        break;
      case lang::LayoutWord::Align:
        rule.alignment = LayoutRule::Alignment{constraint.comparison, constraint.bytes};
        break;
      case lang::LayoutWord::NoAlign:
        rule.alignment.reset();
        break;
    }
  }
  return rule;
}

int NameTable::add(const std::string& name) {
  return numbers_.try_emplace(name, static_cast<int>(numbers_.size()) + 1).first->second;
}

int NameTable::find(std::string_view name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? 0 : found->second;
}

RuleNames::RuleNames(const lang::Program& program) {
  const auto visit = [&](const auto& node) {
    if constexpr (requires { node.tasks; }) {
      for (const lang::Name& name : node.tasks.names) {
        mention(MentionedName::Kind::Task, name);
        tasks.add(name.text);
      }
    }
    if constexpr (requires { node.region; }) {
      for (const lang::RegionArgument& argument : node.region.arguments) {
        if (!argument.name) continue;
        mention(MentionedName::Kind::Region, *argument.name);
        regions.add(argument.name->text);
      }
    }
  };
  for (const lang::Statement& statement : program.statements) std::visit(visit, statement.node);
}

Rules::Rules(const lang::Program& program, const RuleNames& names, const std::vector<bool>& counts)
    : names_(names) {
  for (size_t i = 0; i < program.statements.size(); ++i) {
    if (counts[i]) add(program.statements[i]);
  }
}

void Rules::add(const lang::Statement& statement) {
  std::visit(
      [&](const auto& node) {
        if constexpr (requires { this->add(node, statement.range); }) add(node, statement.range);
      },
      statement.node);
}

void RuleNames::mention(MentionedName::Kind kind, const lang::Name& name) {
  const bool is_known = std::ranges::any_of(mentioned, [&](const MentionedName& known) {
    return known.kind == kind && known.name == name.text;
  });
  if (!is_known) mentioned.push_back({kind, name.text, name.range});
}

std::vector<int> Rules::task_numbers(const lang::TaskSelector& selector) const {
  if (selector.any) return {kAny};
  std::vector<int> numbers;
  for (const lang::Name& name : selector.names) numbers.push_back(names_.tasks.find(name.text));
  return numbers;
}

std::vector<Rules::ArgumentKey> Rules::keys(const lang::TaskSelector& tasks,
                                            const lang::RegionSelector& regions) const {
  std::vector<ArgumentKey> of_any_task;
  if (regions.any) of_any_task.push_back({kAny, ArgumentKey::Region::Any, 0});
  for (const lang::RegionArgument& region : regions.arguments) {
    if (region.name) {
      of_any_task.push_back(
          {kAny, ArgumentKey::Region::Name, names_.regions.find(region.name->text)});
    } else {
      of_any_task.push_back({kAny, ArgumentKey::Region::Index, region.index});
    }
  }
  std::vector<ArgumentKey> result;
  for (int task : task_numbers(tasks)) {
    for (ArgumentKey key : of_any_task) {
      key.task = task;
      result.push_back(key);
    }
  }
  return result;
}

void Rules::add(const lang::TaskStatement& rule, SourceRange range) {
  ProcessorRule processors{{}, range};
  for (const auto& kind : rule.kinds) processors.kinds.push_back(kind.value);
  for (int task : task_numbers(rule.tasks)) processors_.try_emplace(task, processors);
}

void Rules::add(const lang::RegionStatement& rule, SourceRange range) {
  std::vector<MemoryRule> list;
  for (const auto& memory : rule.memories) list.push_back({memory.value, range});
  for (const ArgumentKey& key : keys(rule.tasks, rule.region)) {
    auto& entry = memories_[key][slot(rule.kind, machine::kProcessorKindCount)];
    if (!entry) entry = list;
  }
}

void Rules::add(const lang::LayoutStatement& rule, SourceRange range) {
  for (const ArgumentKey& key : keys(rule.tasks, rule.region)) {
    auto& entry = layouts_[key][slot(rule.memory, machine::kMemoryKindCount)];
    if (!entry) entry = layout_rule(rule, range);
  }
}

void Rules::add(const lang::MapStatement& rule, SourceRange range) {
  const size_t index = map_rules_.size();
  map_rules_.push_back({rule.function, range});
  add_to(maps_[static_cast<size_t>(rule.launch)], rule.tasks, index);
}

void Rules::add(const lang::InstanceLimitStatement& rule, SourceRange) {
  const int64_t limit = std::clamp<int64_t>(rule.limit.value, 0, INT_MAX);
  add_to(limits_, rule.tasks, static_cast<int>(limit));
}

void Rules::add(const lang::PriorityStatement& rule, SourceRange) {
  add_to(priorities_, rule.tasks, static_cast<int>(rule.priority.value));
}

void Rules::add(const lang::CollectMemoryStatement& rule, SourceRange range) {
  for (const ArgumentKey& key : keys(rule.tasks, rule.region)) collected_.try_emplace(key, range);
}

void Rules::add(const lang::ControlReplicateStatement& rule, SourceRange) {
  if (!replicated_) replicated_.emplace();
  for (int task : task_numbers(rule.tasks)) replicated_->push_back(task);
}

const ProcessorRule* Rules::processors(TaskId task) const {
  auto found = processors_.find(task.value);
  if (found == processors_.end()) found = processors_.find(kAny);
  return found == processors_.end() ? nullptr : &found->second;
}

std::vector<Rules::ArgumentKey> Rules::candidates(TaskId task, const RegionRef& region) const {
  std::vector<ArgumentKey> result;
  for (int owner : {task.value, kAny}) {
    for (RegionId name : region.names) {
      // 0 stands for all names that no rule mentions.
      if (name.value > 0) result.push_back({owner, ArgumentKey::Region::Name, name.value});
    }
    result.push_back({owner, ArgumentKey::Region::Index, region.index});
    result.push_back({owner, ArgumentKey::Region::Any, 0});
  }
  return result;
}

std::vector<MemoryRule> Rules::memories(TaskId task, const RegionRef& region,
                                        machine::ProcessorKind kind) const {
  std::vector<MemoryRule> list;
  for (const ArgumentKey& key : candidates(task, region)) {
    const auto found = memories_.find(key);
    if (found == memories_.end()) continue;
    if (const auto& rules = select(found->second, kind)) {
      list.insert(list.end(), rules->begin(), rules->end());
    }
  }
  return list;
}

std::optional<LayoutRule> Rules::layout(TaskId task, const RegionRef& region,
                                        machine::MemoryKind memory) const {
  for (const ArgumentKey& key : candidates(task, region)) {
    const auto found = layouts_.find(key);
    if (found == layouts_.end()) continue;
    if (const auto& rule = select(found->second, memory)) return rule;
  }
  return std::nullopt;
}

int Rules::instance_limit(TaskId task, machine::ProcessorKind kind) const {
  return limits_.find(task, kind).value_or(0);
}

std::optional<int> Rules::priority(TaskId task, machine::ProcessorKind kind) const {
  return priorities_.find(task, kind);
}

bool Rules::collects(TaskId task, const RegionRef& region) const {
  return std::ranges::any_of(candidates(task, region),
                             [&](const ArgumentKey& key) { return collected_.contains(key); });
}

std::optional<bool> Rules::replicates(TaskId task) const {
  if (!replicated_) return std::nullopt;
  return std::ranges::any_of(*replicated_,
                             [&](int listed) { return listed == task.value || listed == kAny; });
}

const MapRule* Rules::map(lang::LaunchKind launch, TaskId task, machine::ProcessorKind kind) const {
  const auto index = maps_[static_cast<size_t>(launch)].find(task, kind);
  return index ? &map_rules_[*index] : nullptr;
}

}  // namespace placewright::policy
