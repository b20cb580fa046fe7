// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_call.h"

#include <fmt/core.h>

#include "lang/check/check_builtin.h"
#include "lang/check/check_expression.h"
#include "lang/check/check_function.h"
#include "lang/check/check_member.h"
#include "lang/syntax/builtins.h"

namespace placewright::lang {
namespace {

[[gnu::noinline]] Type infer_machine(CheckContext& context, const Expr& expr,
                                     const ListElements& arguments) {
  if (!check_count(context, expr, "`Machine`", arguments, 1)) return space_type(2);
  if (arguments.known.empty()) return space_type(2);
  const ListElement& kind = arguments.known[0];
  context.expect(*kind.expr, kind.type, TypeKind::Processor);
  return space_type(2, kind.type.processor);
}

/// The name is not one of the program's functions.
Type infer_other_call(CheckContext& context, const Expr& expr, const std::string& name,
                      bool is_variable, const ListElements& arguments) {
  if (context.is_broken(name)) return {};
  if (is_variable) {
    context.report(DiagnosticKind::NotAFunction, expr.range,
                   fmt::format("`{}` is a variable, not a function", name));
    return {};
  }
  if (const auto builtin = find_builtin(name))
    return infer_builtin(context, expr, *builtin, arguments);
  Diagnostic& d = context.report(DiagnosticKind::UnknownFunction, expr.range,
                                 fmt::format("unknown function `{}`", name));
  if (!suggest(d, name, context.visible_names(TypeKind::Function)))
    suggest(d, name, builtin_names());
  return {};
}

TypeKind expected_kind(ParameterType type) {
  switch (type) {
    case ParameterType::Int:
      return TypeKind::Int;
    case ParameterType::Bool:
      return TypeKind::Bool;
    case ParameterType::IPoint:
    case ParameterType::ISpace:
      return TypeKind::Tuple;
    case ParameterType::MSpace:
      return TypeKind::Space;
    case ParameterType::Task:
      return TypeKind::Task;
  }
  return TypeKind::Unknown;
}

[[gnu::noinline]] Type infer_user_call(CheckContext& context, const Expr& expr,
                                       const std::string& name, const ListElements& arguments) {
  const bool is_variable = context.scope.locals.contains(name) || context.globals.contains(name);
  const auto found = context.functions.find(name);
  if (is_variable || found == context.functions.end())
    return infer_other_call(context, expr, name, is_variable, arguments);
  CheckedFunction& function = found->second;
  function.used = true;
  if (context.scope.function == nullptr && function.statement >= context.scope.statement) {
    context
        .report(DiagnosticKind::UsedBeforeDefinition, expr.range,
                fmt::format("function `{}` is called before it is defined", name))
        .notes.push_back({function.definition->name.range, "defined here"});
    return {};
  }
  const std::vector<Parameter>& parameters = function.definition->parameters;
  if (!function.definition->incomplete &&
      check_count(context, expr, fmt::format("`{}`", name), arguments, parameters.size()) &&
      arguments.complete) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      const ListElement& argument = arguments.known[i];
      context.expect(*argument.expr, argument.type, expected_kind(parameters[i].type.value));
    }
  }
  return function_result(context, function);
}

}  // namespace

Type infer_call(CheckContext& context, const Expr& expr, const Call& node) {
  const ListElements arguments = infer_elements(context, node.arguments, false);
  const Expr& callee = *node.callee;
  if (const auto* member = std::get_if<MemberRef>(&callee.node))
    return infer_method(context, callee, *member, arguments);
  if (const auto* name = std::get_if<NameRef>(&callee.node)) {
    return name->name == "Machine" ? infer_machine(context, expr, arguments)
                                   : infer_user_call(context, callee, name->name, arguments);
  }
  const Type type = infer(context, callee);
  context.report(DiagnosticKind::NotAFunction, callee.range,
                 fmt::format("expected a function, found {}", describe(type)));
  return {};
}

}  // namespace placewright::lang
