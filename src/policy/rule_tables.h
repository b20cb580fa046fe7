// SPDX-License-Identifier: Apache-2.0
// The rows of a mapping as lookup tables: which rule decides for a task, a region argument and a
// kind. Implements the order of precedence described in policy.h; evaluates nothing.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "policy/name_table.h"
#include "policy/rule_list.h"

namespace placewright::policy {

/// The names that rules mention; their numbers do not depend on conditions.
struct RuleNames {
  explicit RuleNames(const RuleList& list);
  NameTable tasks, regions;
};

/// Looks at the name of a task id only.
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
  static constexpr int kAny = -1;
  /// A region: named, indexed or any.
  struct RegionKey {
    enum class What { Name, Index, Any } what;
    int64_t which;  ///< Name number or index; 0 for Any.
    friend auto operator<=>(const RegionKey&, const RegionKey&) = default;
  };
  /// Rules that select tasks and their arguments. A rule takes room for what it lists, not for every
  /// pair of a task and a region.
  template <class Row>
  struct ArgumentTable {
    std::vector<const Row*> rows;             ///< As in the file.
    std::map<int, std::vector<int>> by_task;  ///< Ascending numbers of rows; kAny for `*`.
    std::map<RegionKey, std::vector<int>> by_region;

    /// Calls `visit` with each row that lists both, until it returns true.
    template <class Visit>
    void each(int task, const RegionKey& region, const Visit& visit) const;
    /// The first row for the kind in `member`, else the first for every kind.
    template <class Kind>
    [[nodiscard]] const Row* find(int task, const RegionKey& region,
                                  std::optional<Kind> Row::*member, Kind kind) const;
  };
  /// Rules that select tasks by name, by the kind of processor they run on, or all tasks. To be value-initialized.
  template <class Row>
  struct TaskTable {
    std::map<int, const Row*> by_task;  ///< kAny for `*`.
    std::array<const Row*, machine::kProcessorKindCount> by_kind;

    /// The row for the first of the keys that has one, else for the kind, else for `*`; null if
    /// there is none.
    [[nodiscard]] const Row* find(std::span<const int> keys,
                                  std::optional<machine::ProcessorKind> kind) const;
  };

  template <class Row>
  void add_to(TaskTable<Row>& table, const Row& row);
  template <class Row>
  void add_to(ArgumentTable<Row>& table, const Row& row);
  [[nodiscard]] std::vector<int> task_numbers(const TaskChoice& tasks) const;
  [[nodiscard]] std::vector<RegionKey> region_keys(const RegionChoices& regions) const;
  /// Calls `visit` with the pairs of a task and a region that can match, best first, until it
  /// returns true.
  template <class Visit>
  void each_candidate(TaskId task, const RegionRef& region, const Visit& visit) const;

  const RuleNames& names_;
  TaskTable<ProcessorRow> processors_{};
  ArgumentTable<MemoryRow> memories_;
  ArgumentTable<LayoutRow> layouts_;
  ArgumentTable<ArgumentRow> collected_;
  TaskTable<NumberRow> limits_{};
  TaskTable<NumberRow> priorities_{};
  std::optional<TaskTable<ReplicateRow>> replicated_;
  std::array<TaskTable<MapRow>, 2> maps_{};  ///< By MapRow::index.
};

}  // namespace placewright::policy
