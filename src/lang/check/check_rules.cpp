// SPDX-License-Identifier: Apache-2.0
// Checks of the rule statements.
#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker_impl.h"
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

}  // namespace

// The first rule for a key wins; a later one with the same key does nothing.
void Checker::check_duplicates(std::string_view table, const TaskSelector& tasks,
                               std::string_view rest) {
  const auto check_one = [&](const std::string& task, SourceRange range) {
    const std::string key = fmt::format("{}\n{}\n{}", table, task, rest);
    const auto first = rules_.find(key);
    if (first == rules_.end()) {
      if (!has_condition_) rules_.emplace(key, range);
      return;
    }
    Diagnostic& d =
        report(diagnostics_, DiagnosticKind::DuplicateRule, range,
               fmt::format("this `{}` rule is ignored: the first one for the same {} wins", table,
                           rest.empty() ? "task" : "place"));
    d.notes.push_back({first->second, "the first one"});
  };
  if (tasks.any) check_one("*", tasks.range);
  if (tasks.kind) check_one(std::string(machine::to_string(*tasks.kind)), tasks.range);
  for (const Name& name : tasks.names) check_one("\"" + name.text, name.range);
}

void Checker::check_rule(const TaskStatement& rule) {
  check_duplicates("Task", rule.tasks, "");
  warn_of_repetition(rule.kinds, diagnostics_);
}

void Checker::check_rule(const RegionStatement& rule) {
  for (const std::string& region : keys(rule.region))
    check_duplicates("Region", rule.tasks, region + "\n" + key(rule.kind));
  warn_of_repetition(rule.memories, diagnostics_);
  if (!rule.kind) return;
  for (const auto& memory : rule.memories) {
    if (machine::can_address(rule.kind->value, memory.value)) continue;
    std::vector<std::string_view> seen;
    for (const machine::MemoryKind kind :
         {machine::MemoryKind::FbMem, machine::MemoryKind::ZcMem, machine::MemoryKind::SysMem}) {
      if (machine::can_address(rule.kind->value, kind)) seen.push_back(machine::to_string(kind));
    }
    report(diagnostics_, DiagnosticKind::MemoryNotAddressable, memory.range,
           fmt::format("`{}` is skipped: no {} can address it", machine::to_string(memory.value),
                       machine::to_string(rule.kind->value)))
        .help =
        fmt::format("a {} sees {}", machine::to_string(rule.kind->value), join_alternatives(seen));
  }
}

void Checker::check_rule(const LayoutStatement& rule) {
  for (const std::string& region : keys(rule.region))
    check_duplicates("Layout", rule.tasks, region + "\n" + key(rule.memory));
  check_constraints(rule);
}

void Checker::check_constraints(const LayoutStatement& rule) {
  const LayoutConstraint* last[6] = {};
  for (const LayoutConstraint& constraint : rule.constraints) {
    const LayoutConstraint*& before = last[group(constraint.word)];
    if (before != nullptr) {
      const bool same = before->word == constraint.word && constraint.word != LayoutWord::Align;
      report(diagnostics_, DiagnosticKind::RepeatedWord, constraint.range,
             same ? fmt::format("`{}` is given twice", to_string(constraint.word))
                  : fmt::format("`{}` replaces an earlier constraint: the last one wins",
                                to_string(constraint.word)))
          .notes.push_back({before->range, "the earlier one"});
    }
    before = &constraint;
    const int64_t bytes = constraint.bytes;
    if (constraint.word == LayoutWord::Align && (bytes <= 0 || (bytes & (bytes - 1)) != 0)) {
      report(diagnostics_, DiagnosticKind::OddAlignment, constraint.range,
             fmt::format("an alignment of {} bytes is not a power of two", bytes));
    }
  }
  const LayoutConstraint* exact = last[group(LayoutWord::Exact)];
  if (exact != nullptr && last[group(LayoutWord::Compact)] == nullptr) {
    report(diagnostics_, DiagnosticKind::NoEffect, exact->range,
           "`Exact` has no effect without `Compact`");
  }
}

void Checker::check_rule(const InstanceLimitStatement& rule) {
  check_duplicates("InstanceLimit", rule.tasks, "");
  if (rule.limit.value > 0) return;
  report(diagnostics_, DiagnosticKind::NoEffect, rule.limit.range,
         fmt::format("a limit of {} means no limit", rule.limit.value));
}

void Checker::check_rule(const CollectMemoryStatement& rule) {
  for (const std::string& region : keys(rule.region))
    check_duplicates("CollectMemory", rule.tasks, region);
}

void Checker::check_rule(const ControlReplicateStatement& rule) {
  check_duplicates("ControlReplicate", rule.tasks, "");
}

void Checker::check_rule(const PriorityStatement& rule) {
  constexpr int64_t kLargest = 1'000'000;
  check_duplicates("Priority", rule.tasks, "");
  if (rule.priority.value >= -kLargest && rule.priority.value <= kLargest) return;
  report(diagnostics_, DiagnosticKind::IntegerTooLarge, rule.priority.range,
         fmt::format("a priority must be from -{0} to {0}", kLargest));
}

void Checker::check_rule(const TaskStealStatement& rule) {
  report(diagnostics_, DiagnosticKind::TaskStealIgnored, rule.tasks.range,
         "`TaskSteal` is ignored: work is not stolen between processors");
}

void Checker::check_map(const MapStatement& rule, size_t statement) {
  const std::string_view table =
      rule.launch == LaunchKind::Index ? "IndexTaskMap" : "SingleTaskMap";
  check_duplicates(table, rule.tasks, "");
  const std::string& name = rule.function.text;
  const auto found = functions_.find(name);
  if (found == functions_.end()) {
    if (is_broken(name)) return;
    if (globals_.contains(name)) {
      report(diagnostics_, DiagnosticKind::NotAFunction, rule.function.range,
             fmt::format("`{}` is a variable, not a function", name));
      return;
    }
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownFunction, rule.function.range,
                           fmt::format("unknown function `{}`", name));
    suggest(d, name, visible_names(TypeKind::Function));
    return;
  }
  found->second.used = true;
  if (found->second.statement > statement) {
    report_function_below(rule, statement, *found->second.definition);
  }
  check_map_function(rule, found->second);
}

// The original language evaluates a map statement in file order; here the order does not matter.
void Checker::report_function_below(const MapStatement& rule, size_t statement,
                                    const FunctionDefinition& function) {
  Diagnostic& d =
      report(diagnostics_, DiagnosticKind::FunctionDefinedBelow, rule.function.range,
             fmt::format("function `{}` is used before it is defined", rule.function.text));
  d.notes.push_back({function.name.range, "defined here"});
  d.help = "move the statement below the function";
  const std::string_view text = diagnostics_.file().text();
  const uint32_t end = function.body_range.end;
  if (text[function.body_range.begin] != '{') return;  // an indented body needs its own fix first
  const SourceRange range = program_.statements[statement].range;
  d.fixes = {
      FixIt{range, ""},
      FixIt{{end, end}, fmt::format("\n{}", text.substr(range.begin, range.end - range.begin))}};
}

// One parameter of type Task; the result is a place on a machine of the rule's processor kind.
void Checker::check_map_function(const MapStatement& rule, Function& function) {
  const FunctionDefinition& definition = *function.definition;
  const std::vector<Parameter>& parameters = definition.parameters;
  const bool one_task = parameters.size() == 1 && parameters[0].type.value == ParameterType::Task;
  if (!one_task && !definition.incomplete) {
    Diagnostic& d = report(
        diagnostics_, DiagnosticKind::BadMapFunction, rule.function.range,
        fmt::format("`{}` must take exactly one parameter of type `Task`", definition.name.text));
    d.notes.push_back({definition.name.range, "defined here"});
    d.help = fmt::format("write `def {}(Task task) {{ ... }}`", definition.name.text);
    return;
  }
  const Type result = function_result(function);
  const bool index = rule.launch == LaunchKind::Index;
  const auto& needs_other = index ? function.needs_single_launch : function.needs_index_launch;
  if (needs_other) {
    report(diagnostics_, DiagnosticKind::UnavailableMember, rule.function.range,
           index ? fmt::format("`{}` uses `parent`, which a task of an index launch does not have",
                               definition.name.text)
                 : fmt::format("`{}` uses `ipoint` or `ispace`, which a single task does not have",
                               definition.name.text))
        .notes.push_back({*needs_other, "used here"});
  }
  if (function.needs_condition) {
    report(diagnostics_, DiagnosticKind::UnavailableMember, rule.function.range,
           fmt::format("`{}` uses `tag` or `depth`, which only the condition of a rule has",
                       definition.name.text))
        .notes.push_back({*function.needs_condition, "used here"});
  }
  if (result.unknown()) return;
  const bool tuple = result.is(TypeKind::Tuple);
  if ((!tuple && !result.is(TypeKind::Points)) || (tuple && result.placed == Placed::No)) {
    Diagnostic& d = report(diagnostics_, DiagnosticKind::NotAProcessor, rule.function.range,
                           fmt::format("`{}` must return a place on a machine, found {}",
                                       definition.name.text, describe(result)));
    d.notes.push_back({definition.name.range, "defined here"});
    d.help = "index a processor space: `return m[i, j];`";
    return;
  }
  if (result.processor) check_map_kind(rule, *result.processor);
}

void Checker::check_map_kind(const MapStatement& rule, machine::ProcessorKind kind) {
  const std::string_view space_kind = machine::to_string(kind);
  if (rule.tasks.kind && *rule.tasks.kind != kind) {
    report(
        diagnostics_, DiagnosticKind::WrongProcessorKind, rule.tasks.range,
        fmt::format(
            "this rule is for tasks on {} processors, but `{}` returns a place among {} processors",
            machine::to_string(*rule.tasks.kind), rule.function.text, space_kind));
    return;
  }
  for (const Name& name : rule.tasks.names) {
    auto found = task_rules_.find("\"" + name.text);
    if (found == task_rules_.end()) found = task_rules_.find("*");
    if (found == task_rules_.end() || found->second == nullptr) continue;
    const auto& kinds = found->second->kinds;
    if (std::ranges::find(kinds, kind, &Spelled<machine::ProcessorKind>::value) != kinds.end())
      continue;
    report(diagnostics_, DiagnosticKind::UnlistedProcessorKind, name.range,
           fmt::format("`{}` returns a place among {} processors, on which `{}` does not run",
                       rule.function.text, space_kind, name.text))
        .notes.push_back({kinds.front().range, "its processor kinds"});
  }
}

}  // namespace placewright::lang
