// SPDX-License-Identifier: Apache-2.0
// Checks functions and their bodies.
#include <fmt/core.h>

#include "lang/check/checker_impl.h"

namespace placewright::lang {
namespace {

Type parameter_type(ParameterType type) {
  switch (type) {
    case ParameterType::Int:
      return int_type();
    case ParameterType::Bool:
      return bool_type();
    case ParameterType::IPoint:
    case ParameterType::ISpace: {
      Type result = tuple_type();
      result.placed = Placed::Maybe;
      return result;
    }
    case ParameterType::MSpace:
      return space_type();
    case ParameterType::Task:
      return {.kind = TypeKind::Task};
  }
  return {};
}

}  // namespace

// The result type of a function; checks its body on the first call.
Type Checker::function_result(Function& function) {
  constexpr int kMaxDepth = 50;
  if (function.progress == Progress::Done) return function.result;
  if (function.progress == Progress::Running || depth_ >= kMaxDepth) return {};
  function.progress = Progress::Running;
  Scope outer = std::move(scope_);
  scope_ = Scope{.function = &function, .statement = function.statement, .locals = {}};
  ++depth_;
  check_body(function);
  --depth_;
  scope_ = std::move(outer);
  function.progress = Progress::Done;
  return function.result;
}

void Checker::check_body(Function& function) {
  const FunctionDefinition& definition = *function.definition;
  for (const Parameter& parameter : definition.parameters) {
    const auto [first, inserted] = scope_.locals.try_emplace(
        parameter.name.text, Local{parameter.name.range, parameter_type(parameter.type.value)});
    if (inserted) continue;
    report(diagnostics_, DiagnosticKind::DuplicateParameter, parameter.name.range,
           fmt::format("two parameters are named `{}`", parameter.name.text))
        .notes.push_back({first->second.range, "the first one"});
  }
  bool returned = false;
  bool reported = false;
  for (const FunctionStatement& statement : definition.body) {
    if (returned && !reported) {
      report(diagnostics_, DiagnosticKind::UnreachableStatement, statement.range,
             "this statement is never reached: the function has returned");
      reported = true;
    }
    if (const auto* assignment = std::get_if<Assignment>(&statement.node)) {
      check_local(*assignment);
    } else if (const auto* print = std::get_if<Print>(&statement.node)) {
      check_print(*print);
    } else {
      const Expr& value = *std::get<Return>(statement.node).value;
      const Type type = infer(value);
      if (type.is(TypeKind::Processor) || type.is(TypeKind::Memory) ||
          type.is(TypeKind::Function)) {
        report(diagnostics_, DiagnosticKind::NotAssignable, value.range,
               fmt::format("{} cannot be returned", describe(type)));
      }
      if (!returned) function.result = type;
      returned = true;
    }
  }
  if (returned || definition.incomplete) return;
  report(diagnostics_, DiagnosticKind::MissingReturn, definition.name.range,
         fmt::format("function `{}` returns nothing", definition.name.text))
      .help = "end it with `return value;`";
}

void Checker::check_local(const Assignment& assignment) {
  const Type type = infer(*assignment.value);
  check_assignable(*assignment.value, type);
  const Name& name = assignment.name;
  const auto [first, inserted] = scope_.locals.try_emplace(name.text, Local{name.range, type});
  if (inserted) return;
  Diagnostic& d =
      report(diagnostics_, DiagnosticKind::DuplicateLocal, name.range,
             fmt::format("`{}` already has a value in this function; this assignment is ignored",
                         name.text));
  d.notes.push_back({first->second.range, "first defined here"});
  d.help = "choose another name";
}

void Checker::check_assignable(const Expr& value, const Type& type) {
  const bool kind = type.is(TypeKind::Processor) || type.is(TypeKind::Memory);
  if (!kind && !type.is(TypeKind::Function)) return;
  Diagnostic& d = report(diagnostics_, DiagnosticKind::NotAssignable, value.range,
                         fmt::format("{} cannot be assigned to a variable", describe(type)));
  if (type.is(TypeKind::Processor) && type.processor)
    d.help = fmt::format("write `Machine({})` for its processor space",
                         machine::to_string(*type.processor));
}

// Every `{}` takes one argument; surplus arguments are ignored.
void Checker::check_print(const Print& print) {
  const std::string& format = print.format.value;
  size_t places = 0;
  for (size_t at = format.find("{}"); at != std::string::npos; at = format.find("{}", at + 2))
    ++places;
  const size_t given = print.arguments.size();
  for (const ExprPtr& argument : print.arguments) infer(*argument);
  if (given < places) {
    report(diagnostics_, DiagnosticKind::PrintArguments, print.format.range,
           fmt::format("this format has {} `{{}}`, found {} argument{}", places, given,
                       given == 1 ? "" : "s"));
  } else if (given > places) {
    report(diagnostics_, DiagnosticKind::SuperfluousPrintArgument, print.arguments[places]->range,
           fmt::format("this argument is ignored: the format has {} `{{}}`", places));
  }
}

// For "did you mean": functions, or every other name in scope.
std::vector<std::string> Checker::visible_names(TypeKind wanted) const {
  std::vector<std::string> names;
  if (wanted == TypeKind::Function) {
    for (const auto& [name, function] : functions_) names.push_back(name);
    names.push_back("Machine");
    return names;
  }
  for (const auto& [name, local] : scope_.locals) names.push_back(name);
  for (const auto& [name, global] : globals_) names.push_back(name);
  return names;
}

}  // namespace placewright::lang
