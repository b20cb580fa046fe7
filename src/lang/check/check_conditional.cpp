// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_conditional.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/check_expression.h"

namespace placewright::lang {
namespace {

constexpr size_t kLongestShownText = 200;

std::string with_fixes(std::string_view text, uint32_t begin,
                       const std::vector<FixIt>& insertions) {
  std::string result(text);
  for (auto fix = insertions.rbegin(); fix != insertions.rend(); ++fix)
    result.insert(fix->range.begin - begin, fix->replacement);
  return result;
}

/// False for literals and operators on them. A condition whose value is known but that uses a name
/// may be a switch for the user to flip.
bool has_name(const Expr& expr) {
  if (const auto* inner = std::get_if<Parenthesized>(&expr.node)) return has_name(*inner->inner);
  if (const auto* unary = std::get_if<Unary>(&expr.node)) return has_name(*unary->operand);
  if (const auto* binary = std::get_if<Binary>(&expr.node))
    return has_name(*binary->lhs) || has_name(*binary->rhs);
  return !std::holds_alternative<IntLiteral>(expr.node) &&
         !std::holds_alternative<BoolLiteral>(expr.node);
}

struct ConditionalChain {
  Type type;
  bool left_is_possible = true;        ///< Whether left grouping can be type-correct.
  bool first_may_be_condition = true;  ///< Whether the first branch may be Bool.
};

/// A `?:` whose condition may itself be a `?:` without parentheses.
ConditionalChain infer_chain(CheckContext& context, const Conditional& node) {
  ConditionalChain below;
  if (const auto* inner = std::get_if<Conditional>(&node.condition->node)) {
    below = infer_chain(context, *inner);
  } else {
    below.type = infer(context, *node.condition);
  }
  const Type& condition = below.type;
  const bool good = context.expect(*node.condition, condition, TypeKind::Bool);
  if (good && condition.is(TypeKind::Bool) && condition.value && !has_name(*node.condition)) {
    context.report(
        DiagnosticKind::ConstantCondition, node.condition->range,
        fmt::format("this condition is always {}", *condition.value != 0 ? "True" : "False"));
  }
  ++context.scope.conditions;
  const Type if_true = infer(context, *node.if_true);
  const Type if_false = infer(context, *node.if_false);
  --context.scope.conditions;
  return {merge(if_true, if_false), below.left_is_possible && below.first_may_be_condition,
          if_true.may_be(TypeKind::Bool)};
}

/// `a ? b : c ? d : e` means `(a ? b : c) ? d : e`. If `b` cannot be a condition, only the other
/// grouping can be meant, and the fix switches to it.
[[gnu::noinline]] void report_nested(CheckContext& context, const Expr& expr,
                                     const Conditional& node, bool left_is_possible) {
  std::vector<FixIt> fixes;
  const Conditional* outer = &node;
  while (const auto* inner = std::get_if<Conditional>(&outer->condition->node)) {
    const uint32_t place =
        left_is_possible ? outer->condition->range.end : inner->if_false->range.begin;
    fixes.push_back({{place, place}, left_is_possible ? ")" : "("});
    outer = inner;
  }
  const std::string other_ends(fixes.size(), left_is_possible ? '(' : ')');
  const uint32_t end = left_is_possible ? expr.range.begin : expr.range.end;
  // The places were collected from right to left.
  fixes.insert(left_is_possible ? fixes.end() : fixes.begin(), {{end, end}, other_ends});
  std::ranges::reverse(fixes);
  Diagnostic& d =
      context.report(DiagnosticKind::NestedConditional, node.condition->range,
                     "this `?:` is the condition of the next one: `?:` groups from the left");
  d.help = "put parentheses around what belongs together: `a ? b : (c ? d : e)`";
  const std::string_view text = context.diagnostics.file().text(expr.range);
  if (text.size() <= kLongestShownText)
    d.help = fmt::format("write `{}`", with_fixes(text, expr.range.begin, fixes));
  d.fixes = std::move(fixes);
}

}  // namespace

Type infer_conditional(CheckContext& context, const Expr& expr, const Conditional& node) {
  const ConditionalChain chain = infer_chain(context, node);
  if (std::holds_alternative<Conditional>(node.condition->node))
    report_nested(context, expr, node, chain.left_is_possible);
  return chain.type;
}

}  // namespace placewright::lang
