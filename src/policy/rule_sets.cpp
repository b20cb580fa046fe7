// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_sets.h"

#include <fmt/core.h>

#include <algorithm>

#include "support/check.h"

namespace placewright::policy {
namespace {

Diagnostic about(Diagnostic error, std::string_view task, const machine::LaunchFacts& launch) {
  error.message = fmt::format(
      "the condition of this rule for {} of task `{}` (tag {}, depth {}{}): {}",
      launch.domain ? "launch " + launch.domain->to_string() : std::string("a single launch"), task,
      launch.tag, launch.depth, launch.mapper ? fmt::format(", mapper {}", launch.mapper) : "",
      error.message);
  return error;
}

}  // namespace

RuleSets::RuleSets(const RuleList& list) : list_(list), names_(list) {
  for (size_t i = 0; i < list.conditions.size(); ++i) {
    const TaskChoice& tasks = list.conditions[i].tasks;
    if (tasks.names.empty()) conditions_[0].push_back(static_cast<int>(i));
    for (const std::string& name : tasks.names)
      conditions_[names_.tasks.mentioned(name)].push_back(static_cast<int>(i));
  }
  PLACEWRIGHT_CHECK(find_or_make(std::vector<bool>(list.conditions.size())) == 0);
}

tl::expected<TaskId, Diagnostic> RuleSets::task(std::string_view name,
                                                const machine::LaunchFacts& launch,
                                                const Holds& holds) {
  const int number = names_.tasks.find(name);
  if (!has_conditions()) return TaskId{number, 0};
  std::vector<bool> holding(list_.conditions.size());
  for (const int number_of_rule : conditions_of(number)) {
    const auto i = static_cast<size_t>(number_of_rule);
    const std::optional<bool> index = list_.conditions[i].index;
    if (index && *index != launch.domain.has_value()) continue;
    const auto value = holds(i, launch);
    if (!value) return tl::unexpected(about(value.error(), name, launch));
    holding[i] = *value;
  }
  const auto set = find_or_make(holding);
  if (set) return TaskId{number, *set};
  Diagnostic error;
  error.id = "evaluation-limit";
  error.range = list_.conditions.front().range;
  error.message = fmt::format("conditions hold in more than {} combinations", kMaxSets);
  return tl::unexpected(about(std::move(error), name, launch));
}

std::vector<int> RuleSets::conditions_of(int task) const {
  std::vector<int> result;
  const auto add = [&](int key) {
    const auto found = conditions_.find(key);
    if (found != conditions_.end())
      result.insert(result.end(), found->second.begin(), found->second.end());
  };
  add(0);
  for (const int key : names_.tasks.keys(task)) add(key);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
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
