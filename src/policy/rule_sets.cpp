// SPDX-License-Identifier: Apache-2.0
#include "policy/rule_sets.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/diagnostic_kinds.h"
#include "lang/syntax/find_statement.h"
#include "support/check.h"

namespace placewright::policy {
namespace {

/// Whether a rule can apply to any launch of the task.
bool selects(const lang::Statement& statement, std::string_view task,
             const lang::LaunchFacts& launch) {
  return std::visit(
      [&](const auto& node) {
        if constexpr (requires { node.launch; }) {
          const bool index = node.launch == lang::LaunchKind::Index;
          if (index != launch.domain.has_value()) return false;
        }
        if constexpr (requires { node.tasks; }) {
          return node.tasks.any || node.tasks.kind || lists_name(node.tasks, task);
        }
        return false;
      },
      statement.node);
}

Diagnostic about(Diagnostic error, std::string_view task, const lang::LaunchFacts& launch) {
  error.message = fmt::format(
      "the condition of this rule for {} of task `{}` (tag {}, depth {}): {}",
      launch.domain ? "launch " + launch.domain->to_string() : std::string("a single launch"), task,
      launch.tag, launch.depth, error.message);
  return error;
}

}  // namespace

RuleSets::RuleSets(const lang::Program& program, const RuleNames& names)
    : program_(program), names_(names), stride_(names.tasks.size() + 1) {
  for (size_t i = 0; i < program.statements.size(); ++i) {
    const bool has_condition = program.statements[i].condition != nullptr;
    if (has_condition) conditional_.push_back(i);
    unconditional_.push_back(!has_condition);
  }
  PLACEWRIGHT_CHECK(find_or_make(unconditional_) == 0);
}

tl::expected<TaskId, Diagnostic> RuleSets::task(std::string_view name,
                                                const lang::LaunchFacts& launch,
                                                const lang::Evaluator& evaluator) {
  const int number = names_.tasks.find(name);
  if (!has_conditions()) return TaskId{number};
  std::vector<bool> counts = unconditional_;
  for (const size_t i : conditional_) {
    if (!selects(program_.statements[i], name, launch)) continue;
    const auto holds = evaluator.holds(i, launch);
    if (!holds) return tl::unexpected(about(holds.error(), name, launch));
    counts[i] = *holds;
  }
  const auto set = find_or_make(counts);
  if (set) return TaskId{*set * stride_ + number};
  Diagnostic error =
      lang::make_diagnostic(lang::DiagnosticKind::EvaluationLimit,
                            program_.statements[conditional_.front()].condition->range,
                            fmt::format("conditions hold in more than {} combinations", kMaxSets));
  return tl::unexpected(about(std::move(error), name, launch));
}

std::optional<int> RuleSets::find_or_make(const std::vector<bool>& counts) {
  const std::lock_guard lock(making_);
  const auto found = numbers_.find(counts);
  if (found != numbers_.end()) return found->second;
  const size_t number = owned_.size();
  if (number >= kMaxSets) return std::nullopt;
  owned_.push_back(std::make_unique<const Rules>(program_, names_, counts));
  sets_[number].store(owned_.back().get(), std::memory_order_release);
  numbers_.emplace(counts, static_cast<int>(number));
  return static_cast<int>(number);
}

}  // namespace placewright::policy
