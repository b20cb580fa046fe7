// SPDX-License-Identifier: Apache-2.0
// Sets of applicable rules, by which conditions hold. A file without conditions has one set.
#pragma once

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "lang/evaluate/evaluate.h"
#include "policy/rule_tables.h"

namespace placewright::policy {

/// Sets are made when a launch first needs them and are kept; querying an existing set takes no
/// lock.
class RuleSets {
 public:
  /// Both must outlive the sets. Set 0 holds the rules without conditions.
  RuleSets(const lang::Program& program, const RuleNames& names);

  [[nodiscard]] bool has_conditions() const { return !conditional_.empty(); }
  /// The task together with the set of rules that apply to a launch of it.
  [[nodiscard]] tl::expected<TaskId, Diagnostic> task(std::string_view name,
                                                      const lang::LaunchFacts& launch,
                                                      const lang::Evaluator& evaluator);
  /// The rules that apply to a task id, and the number of its name, which those rules use.
  struct Counting {
    const Rules& rules;
    TaskId name;
  };
  [[nodiscard]] Counting of(TaskId task) const {
    const auto set = static_cast<size_t>(task.value / stride_);
    return {*sets_[set].load(std::memory_order_acquire), {task.value % stride_}};
  }

 private:
  static constexpr size_t kMaxSets = 4096;

  [[nodiscard]] std::optional<int> find_or_make(const std::vector<bool>& counts);

  const lang::Program& program_;
  const RuleNames& names_;
  int stride_;
  std::vector<size_t> conditional_;  ///< Statements that have a condition.
  std::vector<bool> unconditional_;  ///< One flag per statement.
  std::array<std::atomic<const Rules*>, kMaxSets> sets_{};
  std::mutex making_;
  std::map<std::vector<bool>, int> numbers_;
  std::vector<std::unique_ptr<const Rules>> owned_;
};

}  // namespace placewright::policy
