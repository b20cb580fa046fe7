// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_sets.h"

#include <fmt/core.h>

#include <algorithm>

#include "support/check.h"

namespace placewright::policy {
namespace {

/// Whether the rule of a condition can apply to a launch of the task.
bool selects(const ConditionRow& row, std::string_view task, const machine::LaunchFacts& launch) {
  if (row.index && *row.index != launch.domain.has_value()) return false;
  return row.tasks.names.empty() || row.tasks.lists(task);
}

Diagnostic about(Diagnostic error, std::string_view task, const machine::LaunchFacts& launch) {
  error.message = fmt::format(
      "the condition of this rule for {} of task `{}` (tag {}, depth {}): {}",
      launch.domain ? "launch " + launch.domain->to_string() : std::string("a single launch"), task,
      launch.tag, launch.depth, error.message);
  return error;
}

}  // namespace

RuleSets::RuleSets(const RuleList& list)
    : list_(list), names_(list), stride_(names_.tasks.size() + 1) {
  PLACEWRIGHT_CHECK(find_or_make(std::vector<bool>(list.conditions.size())) == 0);
}

tl::expected<TaskId, Diagnostic> RuleSets::task(std::string_view name,
                                                const machine::LaunchFacts& launch,
                                                const Holds& holds) {
  const int number = names_.tasks.find(name);
  if (!has_conditions()) return TaskId{number};
  std::vector<bool> holding(list_.conditions.size());
  for (size_t i = 0; i < holding.size(); ++i) {
    if (!selects(list_.conditions[i], name, launch)) continue;
    const auto value = holds(i, launch);
    if (!value) return tl::unexpected(about(value.error(), name, launch));
    holding[i] = *value;
  }
  const auto set = find_or_make(holding);
  if (set) return TaskId{*set * stride_ + number};
  Diagnostic error;
  error.id = "evaluation-limit";
  error.range = list_.conditions.front().range;
  error.message = fmt::format("conditions hold in more than {} combinations", kMaxSets);
  return tl::unexpected(about(std::move(error), name, launch));
}

std::optional<int> RuleSets::find_or_make(const std::vector<bool>& holding) {
  const std::lock_guard lock(making_);
  const auto found = numbers_.find(holding);
  if (found != numbers_.end()) return found->second;
  const size_t number = owned_.size();
  if (number >= kMaxSets) return std::nullopt;
  owned_.push_back(std::make_unique<const RuleTables>(list_, names_, holding));
  sets_[number].store(owned_.back().get(), std::memory_order_release);
  numbers_.emplace(holding, static_cast<int>(number));
  return static_cast<int>(number);
}

}  // namespace placewright::policy
