// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_function.h"

#include <fmt/core.h>

#include "lang/check/check_expression.h"

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

void define_parameters(CheckContext& context, const std::vector<Parameter>& parameters) {
  for (const Parameter& parameter : parameters) {
    const auto [first, inserted] = context.scope.locals.try_emplace(
        parameter.name.text,
        CheckedLocal{parameter.name.range, parameter_type(parameter.type.value)});
    if (inserted) continue;
    context
        .report(DiagnosticKind::DuplicateParameter, parameter.name.range,
                fmt::format("two parameters are named `{}`", parameter.name.text))
        .notes.push_back({first->second.range, "the first one"});
  }
}

/// A processor kind, a memory kind or a function is not a value that can be kept.
bool is_bare_word(const Type& type) {
  return type.is(TypeKind::Processor) || type.is(TypeKind::Memory) || type.is(TypeKind::Function);
}

void check_local(CheckContext& context, const Assignment& assignment) {
  const Type type = infer(context, *assignment.value);
  check_assignable(context, *assignment.value, type);
  const Name& name = assignment.name;
  const auto [first, inserted] =
      context.scope.locals.try_emplace(name.text, CheckedLocal{name.range, type});
  if (inserted) return;
  Diagnostic& d = context.report(
      DiagnosticKind::DuplicateLocal, name.range,
      fmt::format("`{}` already has a value in this function; this assignment is ignored",
                  name.text));
  d.notes.push_back({first->second.range, "first defined here"});
  d.help = "choose another name";
}

Type check_return(CheckContext& context, const Expr& value) {
  const Type type = infer(context, value);
  if (is_bare_word(type)) {
    context.report(DiagnosticKind::NotAssignable, value.range,
                   fmt::format("{} cannot be returned", describe(type)));
  }
  return type;
}

void check_body(CheckContext& context, CheckedFunction& function) {
  const FunctionDefinition& definition = *function.definition;
  define_parameters(context, definition.parameters);
  bool returned = false;
  bool reported = false;
  for (const FunctionStatement& statement : definition.body) {
    if (returned && !reported) {
      context.report(DiagnosticKind::UnreachableStatement, statement.range,
                     "this statement is never reached: the function has returned");
      reported = true;
    }
    if (const auto* assignment = std::get_if<Assignment>(&statement.node)) {
      check_local(context, *assignment);
    } else if (const auto* print = std::get_if<Print>(&statement.node)) {
      check_print(context, *print);
    } else {
      const Type type = check_return(context, *std::get<Return>(statement.node).value);
      if (!returned) function.result = type;
      returned = true;
    }
  }
  if (returned || definition.incomplete) return;
  context
      .report(DiagnosticKind::MissingReturn, definition.name.range,
              fmt::format("function `{}` returns nothing", definition.name.text))
      .help = "end it with `return value;`";
}

}  // namespace

Type function_result(CheckContext& context, CheckedFunction& function) {
  context.infer_once(function.progress, {.function = &function, .statement = function.statement},
                     [&] { check_body(context, function); });
  return function.progress == CheckProgress::Done ? function.result : Type{};
}

void check_assignable(CheckContext& context, const Expr& value, const Type& type) {
  if (!is_bare_word(type)) return;
  Diagnostic& d =
      context.report(DiagnosticKind::NotAssignable, value.range,
                     fmt::format("{} cannot be assigned to a variable", describe(type)));
  if (type.is(TypeKind::Processor) && type.processor)
    d.help = fmt::format("write `Machine({})` for its processor space",
                         machine::to_string(*type.processor));
}

// Every `{}` takes one argument; surplus arguments are ignored.
void check_print(CheckContext& context, const Print& print) {
  const std::string& format = print.format.value;
  size_t places = 0;
  for (size_t at = format.find("{}"); at != std::string::npos; at = format.find("{}", at + 2))
    ++places;
  const size_t given = print.arguments.size();
  for (const ExprPtr& argument : print.arguments) infer(context, *argument);
  if (given < places) {
    context.report(
        DiagnosticKind::PrintArguments, print.format.range,
        fmt::format("this format has {} `{{}}`, found {}", places, plural(given, "argument")));
  } else if (given > places) {
    context.report(DiagnosticKind::SuperfluousPrintArgument, print.arguments[places]->range,
                   fmt::format("this argument is ignored: the format has {} `{{}}`", places));
  }
}

}  // namespace placewright::lang
