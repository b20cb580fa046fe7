// SPDX-License-Identifier: Apache-2.0
// The statements of a mapping as lookup tables: which rule decides for a task, a region argument
// and a kind. Implements the order of precedence described in policy.h; evaluates nothing.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lang/syntax/ast.h"
#include "policy/policy.h"

namespace placewright::policy {

/// Numbers names from 1; every unknown name has the number 0.
class NameTable {
 public:
  int add(const std::string& name);
  [[nodiscard]] int find(std::string_view name) const;
  [[nodiscard]] int size() const { return static_cast<int>(numbers_.size()); }

 private:
  std::map<std::string, int, std::less<>> numbers_;
};

/// The names that rules mention; their numbers do not depend on conditions.
struct RuleNames {
  explicit RuleNames(const lang::Program& program);
  NameTable tasks, regions;
  std::vector<MentionedName> mentioned;

 private:
  void mention(MentionedName::Kind kind, const lang::Name& name);
};

/// A rule that maps launches with a function.
struct MapRule {
  lang::Name function;
  SourceRange range;
};

struct ProcessorRule {
  std::vector<machine::ProcessorKind> kinds;
  SourceRange range;
};

/// The combined effect of the words of a Layout statement; if words contradict each other, the last
/// one counts.
[[nodiscard]] LayoutRule layout_rule(const lang::LayoutStatement& statement, SourceRange range);

/// Here a task id is the number of a name.
class Rules {
 public:
  /// `counts` has one flag per statement: whether it applies. A later rule with the key of an
  /// earlier one is left out. `names` must outlive the rules.
  Rules(const lang::Program& program, const RuleNames& names, const std::vector<bool>& counts);

  /// Null if no rule decides.
  [[nodiscard]] const ProcessorRule* processors(TaskId task) const;
  [[nodiscard]] std::vector<MemoryRule> memories(TaskId task, const RegionRef& region,
                                                 machine::ProcessorKind kind) const;
  [[nodiscard]] std::optional<LayoutRule> layout(TaskId task, const RegionRef& region,
                                                 machine::MemoryKind memory) const;
  [[nodiscard]] int instance_limit(TaskId task, machine::ProcessorKind kind) const;
  [[nodiscard]] std::optional<int> priority(TaskId task, machine::ProcessorKind kind) const;
  [[nodiscard]] bool collects(TaskId task, const RegionRef& region) const;
  [[nodiscard]] std::optional<bool> replicates(TaskId task) const;
  /// Null if no rule decides.
  [[nodiscard]] const MapRule* map(lang::LaunchKind launch, TaskId task,
                                   machine::ProcessorKind kind) const;

 private:
  /// A task number or kAny, and a region: named, indexed or any.
  struct ArgumentKey {
    int task;
    enum class Region { Name, Index, Any } region;
    int64_t which;  ///< Name number or index; 0 for Any.
    friend auto operator<=>(const ArgumentKey&, const ArgumentKey&) = default;
  };
  static constexpr int kAny = -1;
  /// The entries of one key per kind; the last entry is for `*`.
  template <class Rule, size_t Kinds>
  using ByKind = std::array<std::optional<Rule>, Kinds + 1>;
  /// Rules that select tasks by name, by the kind of processor they run on, or all tasks.
  template <class Value>
  struct TaskTable {
    std::map<int, Value> by_task;  ///< kAny for `*`.
    std::array<std::optional<Value>, machine::kProcessorKindCount> by_kind;

    /// The value for the name, else for the kind, else for `*`.
    [[nodiscard]] std::optional<Value> find(TaskId task, machine::ProcessorKind kind) const {
      if (const auto named = by_task.find(task.value); named != by_task.end()) return named->second;
      if (const auto& of_kind = by_kind[static_cast<size_t>(kind)]) return of_kind;
      const auto any = by_task.find(kAny);
      return any == by_task.end() ? std::nullopt : std::optional(any->second);
    }
  };

  void add(const lang::Statement& statement);
  void add(const lang::TaskStatement& rule, SourceRange range);
  void add(const lang::RegionStatement& rule, SourceRange range);
  void add(const lang::LayoutStatement& rule, SourceRange range);
  void add(const lang::MapStatement& rule, SourceRange range);
  void add(const lang::InstanceLimitStatement& rule, SourceRange range);
  void add(const lang::PriorityStatement& rule, SourceRange range);
  void add(const lang::CollectMemoryStatement& rule, SourceRange range);
  void add(const lang::ControlReplicateStatement& rule, SourceRange range);

  /// The first value for a selector wins.
  template <class Value>
  void add_to(TaskTable<Value>& table, const lang::TaskSelector& tasks, Value value) {
    if (tasks.kind) {
      auto& entry = table.by_kind[static_cast<size_t>(*tasks.kind)];
      if (!entry) entry = value;
    }
    for (const int task : task_numbers(tasks)) table.by_task.try_emplace(task, value);
  }
  [[nodiscard]] std::vector<int> task_numbers(const lang::TaskSelector& selector) const;
  [[nodiscard]] std::vector<ArgumentKey> keys(const lang::TaskSelector& tasks,
                                              const lang::RegionSelector& regions) const;
  /// The keys that can match, best first.
  [[nodiscard]] std::vector<ArgumentKey> candidates(TaskId task, const RegionRef& region) const;

  const RuleNames& names_;
  std::map<int, ProcessorRule> processors_;
  std::map<ArgumentKey, ByKind<std::vector<MemoryRule>, machine::kProcessorKindCount>> memories_;
  std::map<ArgumentKey, ByKind<LayoutRule, machine::kMemoryKindCount>> layouts_;
  std::map<ArgumentKey, SourceRange> collected_;
  TaskTable<int> limits_;
  TaskTable<int> priorities_;
  std::optional<std::vector<int>> replicated_;
  std::vector<MapRule> map_rules_;
  std::array<TaskTable<size_t>, 2> maps_;  ///< Index into map_rules_ by LaunchKind.
};

}  // namespace placewright::policy
