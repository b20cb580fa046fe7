// SPDX-License-Identifier: Apache-2.0
#include "lang/check/checker.h"

#include "lang/check/check_context.h"
#include "lang/check/check_expression.h"
#include "lang/check/check_function.h"
#include "lang/check/check_map.h"
#include "lang/check/check_names.h"
#include "lang/check/check_rules.h"
#include "support/overload.h"

namespace placewright::lang {
namespace {

/// A second definition of a name is checked too, though it has no effect.
void check_global(CheckContext& context, const Assignment& assignment) {
  CheckedGlobal& global = context.globals.find(assignment.name.text)->second;
  if (global.definition == &assignment) {
    global_type(context, global);
  } else {
    infer(context, *assignment.value);
  }
}

void check_definition(CheckContext& context, const FunctionDefinition& definition,
                      size_t statement) {
  CheckedFunction& function = context.functions.find(definition.name.text)->second;
  if (function.definition == &definition) {
    function_result(context, function);
  } else {
    CheckedFunction other{.definition = &definition, .statement = statement};
    function_result(context, other);
  }
}

/// Globals defined below the rule are visible too: rules are queried after all globals have values.
void check_condition(CheckContext& context, const Expr& condition) {
  context.scope = {.statement = context.program.statements.size(), .of_rule = true};
  context.scope.locals.emplace("task", CheckedLocal{condition.range, Type{.kind = TypeKind::Task}});
  const Type type = infer(context, condition);
  if (!context.expect(condition, type, TypeKind::Bool) || !type.value) return;
  context.report(DiagnosticKind::ConstantCondition, condition.range,
                 *type.value != 0 ? "condition is always true; remove it"
                                  : "condition is always false; the rule never applies");
}

void check_statement(CheckContext& context, CheckedRules& rules, const Statement& statement,
                     size_t index) {
  rules.has_condition = statement.condition != nullptr;
  if (statement.condition) check_condition(context, *statement.condition);
  context.scope = {.statement = index};
  std::visit(Overload{[&](const Assignment& s) { check_global(context, s); },
                      [&](const FunctionDefinition& s) { check_definition(context, s, index); },
                      [&](const Print& s) { check_print(context, s); },
                      [&](const MapStatement& s) { check_map(context, rules, s, index); },
                      [&](const auto& s) { check_rule(context, rules, s); }},
             statement.node);
}

}  // namespace

void check(const Program& program, Diagnostics& diagnostics) {
  CheckContext context(program, diagnostics);
  CheckedRules rules;
  collect_definitions(context);
  collect_task_rules(program, rules);
  for (size_t i = 0; i < program.statements.size(); ++i)
    check_statement(context, rules, program.statements[i], i);
  if (context.broken.empty() && !diagnostics.has_errors()) report_unused_functions(context);
}

}  // namespace placewright::lang
