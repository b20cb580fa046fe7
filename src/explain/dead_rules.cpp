// SPDX-License-Identifier: Apache-2.0
#include "explain/dead_rules.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "decide/defaults.h"
#include "explain/mapping_lines.h"

namespace placewright::explain {
namespace {

/// Where the rules begin that decide something.
class Deciding {
 public:
  Deciding(const policy::Policy& policy, const workload::Workload& workload) : policy_(policy) {
    for (const workload::WorkloadTask& task : workload.tasks) {
      add(task, policy.task(task.name));
      for (const workload::WorkloadLaunch& launch : task.launches) {
        if (const auto id = policy.task(task.name, facts(launch))) add(task, *id);
      }
    }
  }

  [[nodiscard]] bool has(SourceRange rule) const { return rules_.contains(rule.begin); }

 private:
  void add(const std::optional<SourceRange>& rule) {
    if (rule) rules_.insert(rule->begin);
  }

  void add(const workload::WorkloadTask& task, policy::TaskId id) {
    const machine::ProcessorKind kind = workload::resolve_kind(policy_, id, task);
    add(policy_.processor_rule(id));
    for (const workload::WorkloadLaunch& launch : task.launches)
      add(launch.index ? policy_.index_map_rule(id, kind) : policy_.single_map_rule(id, kind));
    for (size_t k = 0; k < task.arguments.size(); ++k) {
      const std::vector<policy::RegionId> names =
          workload::region_names(policy_, task.arguments[k]);
      const policy::RegionRef region{names, static_cast<int>(k)};
      // A rule further down the list decides when the memories before it are full.
      for (const policy::MemoryRule& rule : policy_.memories(id, region, kind)) {
        add(rule.rule);
        if (const auto layout = policy_.layout(id, region, rule.kind)) add(layout->rule);
      }
      const machine::MemoryKind usual = decide::default_memory(kind, policy_.machine());
      if (const auto layout = policy_.layout(id, region, usual)) add(layout->rule);
    }
  }

  const policy::Policy& policy_;
  std::set<uint32_t> rules_;
};

/// Whether the policy says where such rules stand when they decide.
bool has_position(const lang::Statement& statement) {
  return std::holds_alternative<lang::TaskStatement>(statement.node) ||
         std::holds_alternative<lang::RegionStatement>(statement.node) ||
         std::holds_alternative<lang::LayoutStatement>(statement.node) ||
         std::holds_alternative<lang::MapStatement>(statement.node);
}

/// The other rules, which are tried by leaving them out.
bool is_other_rule(const lang::Statement& statement) {
  return std::holds_alternative<lang::InstanceLimitStatement>(statement.node) ||
         std::holds_alternative<lang::PriorityStatement>(statement.node) ||
         std::holds_alternative<lang::CollectMemoryStatement>(statement.node);
}

bool changes_nothing(const workload::Candidate& candidate, const workload::Workload& workload,
                     SourceRange rule) {
  std::string text = candidate.text;
  // Blanks keep every other position.
  for (uint32_t at = rule.begin; at < rule.end && at < text.size(); ++at)
    if (text[at] != '\n') text[at] = ' ';
  if (rule.end < text.size() && text[rule.end] == ';') text[rule.end] = ' ';
  const workload::Candidate without =
      workload::compile_candidate("mapping", text, workload, candidate.policy->machine());
  return without.policy != nullptr && without.decisions == candidate.decisions;
}

/// What the checker says within the rule; null where it says nothing of the kind.
const Diagnostic* problem_in(const workload::Candidate& candidate, SourceRange rule,
                             std::string_view id) {
  const auto found = std::ranges::find_if(candidate.problems, [&](const Diagnostic& problem) {
    return problem.id == id && rule.contains(problem.range);
  });
  return found == candidate.problems.end() ? nullptr : &*found;
}

Finding dead_rule(const workload::Candidate& candidate, const lang::Statement& statement) {
  const SourceFile& file = candidate.mapping->file;
  Finding finding;
  finding.kind = FindingKind::DeadRule;
  finding.lines = {line_of(file, file.position(statement.range.begin).line)};
  finding.what = fmt::format("the rule {} decides nothing", as_data(file.text(statement.range)));
  finding.advice = "remove it, or correct it";
  if (const Diagnostic* earlier = problem_in(candidate, statement.range, "duplicate-rule")) {
    finding.why = "an earlier rule has the same key, and the first one wins";
    for (const DiagnosticNote& note : earlier->notes)
      finding.lines.push_back(line_of(file, file.position(note.range.begin).line));
    return finding;
  }
  for (const char* id : {"unknown-task", "unknown-region"}) {
    if (const Diagnostic* unknown = problem_in(candidate, statement.range, id)) {
      finding.why = harmless(unknown->message, 200);
      if (!unknown->help.empty()) finding.advice = harmless(unknown->help, 200);
      return finding;
    }
  }
  finding.why = statement.condition == nullptr
                    ? "more specific rules decide wherever it applies, or it matches no task"
                    : "its condition holds for no observed launch, or more specific rules decide";
  return finding;
}

}  // namespace

std::vector<Finding> dead_rule_findings(const workload::Candidate& candidate,
                                        const workload::Workload& workload) {
  std::vector<Finding> findings;
  const Deciding deciding(*candidate.policy, workload);
  for (const lang::Statement& statement : candidate.mapping->program.statements) {
    const bool is_dead =
        has_position(statement)
            ? !deciding.has(statement.range)
            : is_other_rule(statement) && changes_nothing(candidate, workload, statement.range);
    if (is_dead) findings.push_back(dead_rule(candidate, statement));
  }
  return findings;
}

}  // namespace placewright::explain
