// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_map.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/check_function.h"

namespace placewright::lang {
namespace {

void report_missing_function(CheckContext& context, const Name& function) {
  const std::string& name = function.text;
  if (context.is_broken(name)) return;
  if (context.globals.contains(name)) {
    context.report(DiagnosticKind::NotAFunction, function.range,
                   fmt::format("`{}` is a variable, not a function", name));
    return;
  }
  Diagnostic& d = context.report(DiagnosticKind::UnknownFunction, function.range,
                                 fmt::format("unknown function `{}`", name));
  suggest(d, name, context.visible_names(TypeKind::Function));
}

/// The original language evaluates a map statement in file order; here the order does not matter.
void report_function_below(CheckContext& context, const MapStatement& rule, size_t statement,
                           const FunctionDefinition& function) {
  Diagnostic& d =
      context.report(DiagnosticKind::FunctionDefinedBelow, rule.function.range,
                     fmt::format("function `{}` is used before it is defined", rule.function.text));
  d.notes.push_back({function.name.range, "defined here"});
  d.help = "move the statement below the function";
  const std::string_view text = context.diagnostics.file().text();
  const uint32_t end = function.body_range.end;
  if (text[function.body_range.begin] != '{') return;  // an indented body needs its own fix first
  const SourceRange range = context.program.statements[statement].range;
  d.fixes = {
      FixIt{range, ""},
      FixIt{{end, end}, fmt::format("\n{}", text.substr(range.begin, range.end - range.begin))}};
}

/// What the body asks of its task must be there for this kind of launch.
void check_needs(CheckContext& context, const MapStatement& rule, const CheckedFunction& function) {
  if (rule.launch == LaunchKind::Index || !function.needs_index_launch) return;
  context
      .report(DiagnosticKind::UnavailableMember, rule.function.range,
              fmt::format("`{}` uses `ipoint` or `ispace`, which a single task does not have",
                          function.definition->name.text))
      .notes.push_back({*function.needs_index_launch, "used here"});
}

void check_kind(CheckContext& context, const CheckedRules& rules, const MapStatement& rule,
                machine::ProcessorKind kind) {
  const std::string_view space_kind = machine::to_string(kind);
  if (rule.tasks.kind && *rule.tasks.kind != kind) {
    context.report(
        DiagnosticKind::WrongProcessorKind, rule.tasks.range,
        fmt::format(
            "this rule is for tasks on {} processors, but `{}` returns a place among {} processors",
            machine::to_string(*rule.tasks.kind), rule.function.text, space_kind));
    return;
  }
  for (const Name& name : rule.tasks.names) {
    const TaskStatement* task_rule = find_task_rule(rules, name.text);
    if (task_rule == nullptr) continue;
    const auto& kinds = task_rule->kinds;
    if (std::ranges::find(kinds, kind, &Spelled<machine::ProcessorKind>::value) != kinds.end())
      continue;
    context
        .report(DiagnosticKind::UnlistedProcessorKind, name.range,
                fmt::format("`{}` returns a place among {} processors, on which `{}` does not run",
                            rule.function.text, space_kind, name.text))
        .notes.push_back({kinds.front().range, "its processor kinds"});
  }
}

/// The result is a place on a machine of the rule's processor kind.
void check_result(CheckContext& context, const CheckedRules& rules, const MapStatement& rule,
                  const Name& function, const Type& result) {
  if (result.unknown()) return;
  const bool tuple = result.is(TypeKind::Tuple);
  if ((!tuple && !result.is(TypeKind::Points)) || (tuple && result.placed == Placed::No)) {
    Diagnostic& d = context.report(DiagnosticKind::NotAProcessor, rule.function.range,
                                   fmt::format("`{}` must return a place on a machine, found {}",
                                               function.text, describe(result)));
    d.notes.push_back({function.range, "defined here"});
    d.help = "index a processor space: `return m[i, j];`";
    return;
  }
  if (result.processor) check_kind(context, rules, rule, *result.processor);
}

void check_map_function(CheckContext& context, const CheckedRules& rules, const MapStatement& rule,
                        CheckedFunction& function) {
  const FunctionDefinition& definition = *function.definition;
  const std::vector<Parameter>& parameters = definition.parameters;
  const bool one_task = parameters.size() == 1 && parameters[0].type.value == ParameterType::Task;
  if (!one_task && !definition.incomplete) {
    Diagnostic& d = context.report(
        DiagnosticKind::BadMapFunction, rule.function.range,
        fmt::format("`{}` must take exactly one parameter of type `Task`", definition.name.text));
    d.notes.push_back({definition.name.range, "defined here"});
    d.help = fmt::format("write `def {}(Task task) {{ ... }}`", definition.name.text);
    return;
  }
  const Type result = function_result(context, function);
  check_needs(context, rule, function);
  check_result(context, rules, rule, definition.name, result);
}

}  // namespace

void check_map(CheckContext& context, CheckedRules& rules, const MapStatement& rule,
               size_t statement) {
  const std::string_view table =
      rule.launch == LaunchKind::Index ? "IndexTaskMap" : "SingleTaskMap";
  check_duplicates(context, rules, table, rule.tasks);
  if (rule.launch == LaunchKind::Single)
    check_not_also(context, rules, "ControlReplicate", rule.tasks);
  const auto found = context.functions.find(rule.function.text);
  if (found == context.functions.end()) {
    report_missing_function(context, rule.function);
    return;
  }
  CheckedFunction& function = found->second;
  function.used = true;
  if (function.statement > statement)
    report_function_below(context, rule, statement, *function.definition);
  check_map_function(context, rules, rule, function);
}

}  // namespace placewright::lang
