// SPDX-License-Identifier: Apache-2.0
// Sets of applicable rules, by which conditions hold. A mapping without conditions has one set.
#pragma once

#include <array>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "machine/launch_facts.h"
#include "policy/rule_tables.h"
#include "support/diagnostic.h"

namespace placewright::policy {

/// Sets are made when a launch first needs them and are kept; querying an existing set takes no
/// lock.
class RuleSets {
 public:
  /// Whether a condition, an index into RuleList::conditions, holds for a launch.
  using Holds = std::function<tl::expected<bool, Diagnostic>(size_t condition,
                                                             const machine::LaunchFacts& launch)>;

  /// `list` must outlive the sets. Set 0 holds the rules without conditions.
  explicit RuleSets(const RuleList& list);

  [[nodiscard]] const RuleNames& names() const { return names_; }
  [[nodiscard]] bool has_conditions() const { return !list_.conditions.empty(); }
  /// The task together with the set of rules that apply to a launch of it.
  [[nodiscard]] tl::expected<TaskId, Diagnostic> task(std::string_view name,
                                                      const machine::LaunchFacts& launch,
                                                      const Holds& holds);
  /// The rules that apply to a task id.
  [[nodiscard]] const RuleTables& of(TaskId task) const {
    return *sets_[static_cast<size_t>(task.set)].load(std::memory_order_acquire);
  }

 private:
  static constexpr size_t kMaxSets = 4096;

  /// The conditions whose rules speak of the task, each once, ascending.
  [[nodiscard]] std::vector<int> conditions_of(int task) const;
  [[nodiscard]] std::optional<int> find_or_make(const std::vector<bool>& holding);

  const RuleList& list_;
  RuleNames names_;
  std::map<int, std::vector<int>> conditions_;  ///< By key of a task name; 0 for all tasks.
  std::array<std::atomic<const RuleTables*>, kMaxSets> sets_{};
  std::mutex making_;
  std::map<std::vector<bool>, int> numbers_;
  std::vector<std::unique_ptr<const RuleTables>> owned_;
};

}  // namespace placewright::policy
