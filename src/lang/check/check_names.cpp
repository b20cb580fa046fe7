// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_names.h"

#include <fmt/core.h>

#include "lang/check/check_expression.h"
#include "lang/check/check_function.h"

namespace placewright::lang {
namespace {

void collect_global(CheckContext& context, const Assignment& assignment, size_t statement) {
  const Name& name = assignment.name;
  const auto function = context.functions.find(name.text);
  const auto [global, inserted] = context.globals.try_emplace(name.text);
  if (inserted) global->second = {&assignment, statement, CheckProgress::Untouched, {}};
  if (inserted && function == context.functions.end() && name.text != "Machine") return;
  Diagnostic& d = context.report(DiagnosticKind::DuplicateVariable, name.range,
                                 fmt::format("`{}` already has a value", name.text));
  d.help = "a variable can be assigned only once; choose another name";
  if (!inserted) {
    d.notes.push_back({global->second.definition->name.range, "first assigned here"});
  } else if (function != context.functions.end()) {
    d.notes.push_back({function->second.definition->name.range, "a function of this name"});
  }
}

void collect_function(CheckContext& context, const FunctionDefinition& function, size_t statement) {
  const Name& name = function.name;
  const auto global = context.globals.find(name.text);
  if (global != context.globals.end() || name.text == "Machine") {
    Diagnostic& d = context.report(DiagnosticKind::DuplicateVariable, name.range,
                                   fmt::format("`{}` is already the name of a value", name.text));
    d.help = "choose another name";
    if (global != context.globals.end())
      d.notes.push_back({global->second.definition->name.range, "first assigned here"});
  }
  const auto [entry, inserted] = context.functions.try_emplace(name.text);
  if (inserted) {
    entry->second.definition = &function;
    entry->second.statement = statement;
    return;
  }
  context
      .report(
          DiagnosticKind::DuplicateFunction, name.range,
          fmt::format("function `{}` is already defined; this definition is ignored", name.text))
      .notes.push_back({entry->second.definition->name.range, "first defined here"});
}

/// `mgpu`, `m_cpu`, `m2d`: the usual names for processor spaces.
bool is_machine_name(std::string_view name) {
  if (name.empty() || name[0] != 'm') return false;
  const std::string_view rest = name.substr(name.starts_with("m_") ? 2 : 1);
  return rest.empty() || rest == "gpu" || rest == "cpu" || rest == "omp" || rest == "1d" ||
         rest == "2d" || rest == "3d" || name == "machine";
}

std::string_view machine_kind(std::string_view name) {
  if (name.ends_with("cpu")) return "CPU";
  return name.ends_with("omp") ? "OMP" : "GPU";
}

/// The assignment further below that gives the name its value; null if the function has none.
const Assignment* find_later(const FunctionDefinition& definition, const std::string& name) {
  for (const FunctionStatement& statement : definition.body) {
    const auto* later = std::get_if<Assignment>(&statement.node);
    if (later != nullptr && later->name.text == name) return later;
  }
  return nullptr;
}

void report_unknown_name(CheckContext& context, const Expr& expr, const std::string& name) {
  if (context.scope.function != nullptr) {
    const FunctionDefinition& definition = *context.scope.function->definition;
    if (definition.incomplete && definition.parameters.empty()) return;  // its header is broken
    if (const Assignment* later = find_later(definition, name)) {
      context
          .report(DiagnosticKind::UsedBeforeDefinition, expr.range,
                  fmt::format("`{}` is used before it has a value", name))
          .notes.push_back({later->name.range, "assigned here"});
      return;
    }
  }
  Diagnostic& d = context.report(DiagnosticKind::UnknownVariable, expr.range,
                                 fmt::format("unknown variable `{}`", name));
  if (suggest(d, name, context.visible_names(TypeKind::Unknown))) return;
  if (is_machine_name(name)) {
    const std::string definition = fmt::format("{} = Machine({});", name, machine_kind(name));
    d.help = fmt::format("define it first: `{}`", definition);
    const uint32_t begin = context.program.statements.front().range.begin;
    d.fixes = {FixIt{{begin, begin}, definition + "\n"}};
  } else if (name == "true" || name == "false") {
    d.help = name == "true" ? "write `True`" : "write `False`";
  }
}

}  // namespace

void collect_definitions(CheckContext& context) {
  for (size_t i = 0; i < context.program.statements.size(); ++i) {
    const Statement& statement = context.program.statements[i];
    if (const auto* assignment = std::get_if<Assignment>(&statement.node))
      collect_global(context, *assignment, i);
    if (const auto* function = std::get_if<FunctionDefinition>(&statement.node))
      collect_function(context, *function, i);
  }
}

void report_unused_functions(CheckContext& context) {
  for (const auto& [name, function] : context.functions) {
    if (function.used || function.definition->incomplete) continue;
    context.report(DiagnosticKind::UnusedFunction, function.definition->name.range,
                   fmt::format("function `{}` is never used", name));
  }
}

Type global_type(CheckContext& context, CheckedGlobal& global) {
  context.infer_once(global.progress, {.statement = global.statement}, [&] {
    global.type = infer(context, *global.definition->value);
    check_assignable(context, *global.definition->value, global.type);
  });
  return global.progress == CheckProgress::Done ? global.type : Type{};
}

Type infer_name(CheckContext& context, const Expr& expr, const std::string& name) {
  const CheckScope& scope = context.scope;
  if (const auto local = scope.locals.find(name); local != scope.locals.end())
    return local->second.type;
  if (const auto found = context.globals.find(name); found != context.globals.end()) {
    CheckedGlobal& global = found->second;
    if (scope.function == nullptr && global.statement >= scope.statement) {
      context
          .report(DiagnosticKind::UsedBeforeDefinition, expr.range,
                  fmt::format("`{}` is used before it has a value", name))
          .notes.push_back({global.definition->name.range, "assigned here"});
      return {};
    }
    return global_type(context, global);
  }
  if (name == "Machine") {
    context
        .report(DiagnosticKind::BareMachine, expr.range, "expected `Machine` with a processor kind")
        .help = "write `Machine(GPU)`";
    return space_type(2);
  }
  if (context.functions.contains(name)) return {.kind = TypeKind::Function};
  if (!context.is_broken(name)) report_unknown_name(context, expr, name);
  return {};
}

}  // namespace placewright::lang
