// SPDX-License-Identifier: Apache-2.0
// The rows of a mapping as lookup tables: which rule decides for a task, a region argument and a
// kind. Implements the order of precedence described in policy.h; evaluates nothing.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/rule_list.h"

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
  explicit RuleNames(const RuleList& list);
  NameTable tasks, regions;
};

/// Here a task id is the number of a name.
class RuleTables {
 public:
  /// `holds` has one flag per condition. A later rule with the key of an earlier one is left out.
  /// `list` and `names` must outlive the tables.
  RuleTables(const RuleList& list, const RuleNames& names, const std::vector<bool>& holds);

  /// Null if no rule decides.
  [[nodiscard]] const ProcessorRow* processors(TaskId task) const;
  [[nodiscard]] std::vector<MemoryRule> memories(TaskId task, const RegionRef& region,
                                                 machine::ProcessorKind kind) const;
  [[nodiscard]] std::optional<LayoutRule> layout(TaskId task, const RegionRef& region,
                                                 machine::MemoryKind memory) const;
  [[nodiscard]] int instance_limit(TaskId task, machine::ProcessorKind kind) const;
  [[nodiscard]] std::optional<int> priority(TaskId task, machine::ProcessorKind kind) const;
  [[nodiscard]] bool collects(TaskId task, const RegionRef& region) const;
  [[nodiscard]] std::optional<Replication> replicates(TaskId task) const;
  /// Null if no rule decides.
  [[nodiscard]] const MapRow* map(bool index, TaskId task, machine::ProcessorKind kind) const;

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
  template <class Row, size_t Kinds>
  using ByKind = std::array<const Row*, Kinds + 1>;
  /// Rules that select tasks by name, by the kind of processor they run on, or all tasks.
  template <class Row>
  struct TaskTable {
    std::map<int, const Row*> by_task;  ///< kAny for `*`.
    std::array<const Row*, machine::kProcessorKindCount> by_kind{};

    /// The row for the name, else for the kind, else for `*`; null if there is none.
    [[nodiscard]] const Row* find(TaskId task, machine::ProcessorKind kind) const {
      if (const auto named = by_task.find(task.value); named != by_task.end()) return named->second;
      if (const Row* of_kind = by_kind[static_cast<size_t>(kind)]) return of_kind;
      const auto any = by_task.find(kAny);
      return any == by_task.end() ? nullptr : any->second;
    }
  };

  void add(const ProcessorRow& row);
  void add(const MemoryRow& row);
  void add(const LayoutRow& row);
  void add(const MapRow& row);
  void add(const ArgumentRow& row);
  void add(const ReplicateRow& row);
  template <class Row>
  void add_to(TaskTable<Row>& table, const Row& row);
  [[nodiscard]] std::vector<int> task_numbers(const TaskChoice& tasks) const;
  [[nodiscard]] std::vector<ArgumentKey> keys(const TaskChoice& tasks,
                                              const RegionChoices& regions) const;
  /// The keys that can match, best first.
  [[nodiscard]] std::vector<ArgumentKey> candidates(TaskId task, const RegionRef& region) const;

  const RuleNames& names_;
  std::map<int, const ProcessorRow*> processors_;
  std::map<ArgumentKey, ByKind<MemoryRow, machine::kProcessorKindCount>> memories_;
  std::map<ArgumentKey, ByKind<LayoutRow, machine::kMemoryKindCount>> layouts_;
  std::map<ArgumentKey, SourceRange> collected_;
  TaskTable<NumberRow> limits_;
  TaskTable<NumberRow> priorities_;
  std::optional<std::map<int, const ReplicateRow*>> replicated_;
  std::array<TaskTable<MapRow>, 2> maps_;  ///< By MapRow::index.
};

}  // namespace placewright::policy
