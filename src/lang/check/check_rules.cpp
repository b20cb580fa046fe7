// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_rules.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker.h"
#include "lang/syntax/words.h"
#include "support/text.h"

namespace placewright::lang {
namespace {

/// One key for each argument that a rule names.
std::vector<std::string> keys(const RegionSelector& regions) {
  if (regions.any) return {"*"};
  std::vector<std::string> result;
  for (const RegionArgument& region : regions.arguments)
    result.push_back(region.name ? "\"" + region.name->text : std::to_string(region.index));
  return result;
}

template <class Kind>
std::string key(const std::optional<Spelled<Kind>>& kind) {
  return kind ? std::string(machine::to_string(kind->value)) : "*";
}

template <class Kind>
void warn_of_repetition(const std::vector<Spelled<Kind>>& kinds, Diagnostics& diagnostics) {
  for (size_t i = 0; i < kinds.size(); ++i) {
    const auto same = [&](const Spelled<Kind>& other) { return other.value == kinds[i].value; };
    const auto first = std::find_if(kinds.begin(), kinds.begin() + static_cast<ptrdiff_t>(i), same);
    if (first == kinds.begin() + static_cast<ptrdiff_t>(i)) continue;
    report(diagnostics, DiagnosticKind::RepeatedWord, kinds[i].range,
           fmt::format("`{}` is listed twice", machine::to_string(kinds[i].value)))
        .notes.push_back({first->range, "the first one"});
  }
}

/// Layout words that exclude each other are in the same group.
int group(LayoutWord word) {
  switch (word) {
    case LayoutWord::FOrder:
    case LayoutWord::COrder:
      return 0;
    case LayoutWord::Aos:
    case LayoutWord::Soa:
      return 1;
    case LayoutWord::Compact:
      return 2;
    case LayoutWord::Exact:
      return 3;
    case LayoutWord::Align:
    case LayoutWord::NoAlign:
      return 4;
  }
  return 5;
}

void check_constraints(CheckContext& context, const LayoutStatement& rule) {
  const LayoutConstraint* last[6] = {};
  for (const LayoutConstraint& constraint : rule.constraints) {
    const LayoutConstraint*& before = last[group(constraint.word)];
    if (before != nullptr) {
      const bool same = before->word == constraint.word && constraint.word != LayoutWord::Align;
      context
          .report(DiagnosticKind::RepeatedWord, constraint.range,
                  same ? fmt::format("`{}` is given twice", to_string(constraint.word))
                       : fmt::format("`{}` replaces an earlier constraint: the last one wins",
                                     to_string(constraint.word)))
          .notes.push_back({before->range, "the earlier one"});
    }
    before = &constraint;
    const int64_t bytes = constraint.bytes;
    if (constraint.word == LayoutWord::Align && (bytes <= 0 || (bytes & (bytes - 1)) != 0)) {
      context.report(DiagnosticKind::OddAlignment, constraint.range,
                     fmt::format("an alignment of {} bytes is not a power of two", bytes));
    }
  }
  const LayoutConstraint* exact = last[group(LayoutWord::Exact)];
  if (exact != nullptr && last[group(LayoutWord::Compact)] == nullptr) {
    context.report(DiagnosticKind::NoEffect, exact->range,
                   "`Exact` has no effect without `Compact`");
  }
}

}  // namespace

void collect_task_rules(const Program& program, CheckedRules& rules) {
  for (const Statement& statement : program.statements) {
    const auto* task = std::get_if<TaskStatement>(&statement.node);
    if (task == nullptr) continue;
    const auto add = [&](const std::string& key) {
      if (statement.condition)
        rules.tasks.insert_or_assign(key, nullptr);
      else
        rules.tasks.emplace(key, task);
    };
    if (task->tasks.any) add("*");
    for (const Name& name : task->tasks.names) {
      add("\"" + name.text);
      if (is_name_pattern(name.text)) rules.patterns.insert(name.text);
    }
  }
}

const TaskStatement* find_task_rule(const CheckedRules& rules, const std::string& task) {
  if (is_name_pattern(task)) return nullptr;
  auto found = rules.tasks.find("\"" + task);
  for (const std::string& pattern : rules.patterns) {
    if (found != rules.tasks.end()) break;
    if (matches_pattern(pattern, task)) found = rules.tasks.find("\"" + pattern);
  }
  if (found == rules.tasks.end()) found = rules.tasks.find("*");
  return found == rules.tasks.end() ? nullptr : found->second;
}

void check_duplicates(CheckContext& context, CheckedRules& rules, std::string_view statement,
                      const TaskSelector& tasks, const RulePlace& place) {
  RuleKeys& keys = rules.keys[fmt::format("{}\n{}", statement, place.kind)];
  const bool has_place = !place.regions.empty();
  keys.begin_rule(has_place ? place.regions : std::vector<std::string>{"*"});
  const auto check_one = [&](const std::string& task, SourceRange range) {
    const std::optional<SourceRange> first = keys.earlier(task);
    if (!rules.has_condition) keys.add(task, range);
    if (!first) return;
    context
        .report(DiagnosticKind::DuplicateRule, range,
                fmt::format("this `{}` rule is ignored: the first one for the same {} wins",
                            statement, has_place ? "place" : "task"))
        .notes.push_back({*first, "the first one"});
  };
  if (tasks.any) check_one("*", tasks.range);
  if (tasks.kind) check_one(std::string(machine::to_string(*tasks.kind)), tasks.range);
  for (const Name& name : tasks.names) check_one("\"" + name.text, name.range);
}

void check_rule(CheckContext& context, CheckedRules& rules, const TaskStatement& rule) {
  check_duplicates(context, rules, "Task", rule.tasks);
  warn_of_repetition(rule.kinds, context.diagnostics);
}

void check_rule(CheckContext& context, CheckedRules& rules, const RegionStatement& rule) {
  check_duplicates(context, rules, "Region", rule.tasks, {keys(rule.region), key(rule.kind)});
  warn_of_repetition(rule.memories, context.diagnostics);
  if (!rule.kind) return;
  for (const auto& memory : rule.memories) {
    if (machine::can_address(rule.kind->value, memory.value)) continue;
    std::vector<std::string_view> seen;
    for (const machine::MemoryKind kind :
         {machine::MemoryKind::FbMem, machine::MemoryKind::ZcMem, machine::MemoryKind::SysMem}) {
      if (machine::can_address(rule.kind->value, kind)) seen.push_back(machine::to_string(kind));
    }
    context
        .report(DiagnosticKind::MemoryNotAddressable, memory.range,
                fmt::format("`{}` is skipped: no {} can address it",
                            machine::to_string(memory.value), machine::to_string(rule.kind->value)))
        .help =
        fmt::format("a {} sees {}", machine::to_string(rule.kind->value), join_alternatives(seen));
  }
}

void check_rule(CheckContext& context, CheckedRules& rules, const LayoutStatement& rule) {
  check_duplicates(context, rules, "Layout", rule.tasks, {keys(rule.region), key(rule.memory)});
  check_constraints(context, rule);
}

void check_rule(CheckContext& context, CheckedRules& rules, const InstanceLimitStatement& rule) {
  check_duplicates(context, rules, "InstanceLimit", rule.tasks);
  if (rule.limit.value > 0) return;
  context.report(DiagnosticKind::NoEffect, rule.limit.range,
                 fmt::format("a limit of {} means no limit", rule.limit.value));
}

void check_rule(CheckContext& context, CheckedRules& rules, const CollectMemoryStatement& rule) {
  check_duplicates(context, rules, "CollectMemory", rule.tasks, {keys(rule.region), ""});
}

void check_rule(CheckContext& context, CheckedRules& rules, const ControlReplicateStatement& rule) {
  check_duplicates(context, rules, "ControlReplicate", rule.tasks);
  check_not_also(context, rules, "SingleTaskMap", rule.tasks);
  if (!rule.nodes || rule.nodes->first < rule.nodes->last) return;
  const bool one = rule.nodes->first == rule.nodes->last;
  context
      .report(DiagnosticKind::IndexOutOfRange, rule.nodes->range,
              one ? "a task cannot be replicated over a single node"
                  : fmt::format("no node is in {}..{}", rule.nodes->first, rule.nodes->last))
      .help = one ? "SingleTaskMap places a task on one node" : "write the smaller number first";
}

void check_not_also(CheckContext& context, const CheckedRules& rules, std::string_view other,
                    const TaskSelector& tasks) {
  if (rules.has_condition) return;
  for (const Name& name : tasks.names) {
    const auto keys = rules.keys.find(fmt::format("{}\n", other));
    if (keys == rules.keys.end()) continue;
    const std::optional<SourceRange> found = keys->second.first("\"" + name.text);
    if (!found) continue;
    Diagnostic& d = context.report(
        DiagnosticKind::ReplicatedAndPlaced, name.range,
        fmt::format("`{}` is both placed by SingleTaskMap and replicated by ControlReplicate",
                    name.text));
    d.notes.push_back({*found, "the other rule"});
    d.help = "remove it from one of them, or give them conditions that exclude each other";
  }
}

void check_rule(CheckContext& context, CheckedRules& rules, const PriorityStatement& rule) {
  check_duplicates(context, rules, "Priority", rule.tasks);
  if (rule.priority.value >= -kLargestPriority && rule.priority.value <= kLargestPriority) return;
  context.report(DiagnosticKind::IntegerTooLarge, rule.priority.range,
                 fmt::format("a priority must be from -{0} to {0}", kLargestPriority));
}

void check_rule(CheckContext& context, CheckedRules&, const TaskStealStatement& rule) {
  context.report(DiagnosticKind::TaskStealIgnored, rule.tasks.range,
                 "`TaskSteal` is ignored: work is not stolen between processors");
}

}  // namespace placewright::lang
