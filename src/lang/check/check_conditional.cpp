// SPDX-License-Identifier: Apache-2.0
// Types of `?:`, and the check of chains without parentheses.
#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker_impl.h"

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

}  // namespace

Type Checker::infer(const Expr& expr, const Conditional& node) {
  const ConditionalChain chain = infer_chain(node);
  if (std::holds_alternative<Conditional>(node.condition->node))
    report_nested(expr, node, chain.left_is_possible);
  return chain.type;
}

// A `?:` whose condition may itself be a `?:` without parentheses.
Checker::ConditionalChain Checker::infer_chain(const Conditional& node) {
  ConditionalChain below;
  if (const auto* inner = std::get_if<Conditional>(&node.condition->node)) {
    below = infer_chain(*inner);
  } else {
    below.type = infer(*node.condition);
  }
  const Type& condition = below.type;
  const bool good = expect(*node.condition, condition, TypeKind::Bool);
  if (good && condition.is(TypeKind::Bool) && condition.value && !has_name(*node.condition)) {
    report(diagnostics_, DiagnosticKind::ConstantCondition, node.condition->range,
           fmt::format("this condition is always {}", *condition.value != 0 ? "True" : "False"));
  }
  ++scope_.conditions;
  const Type if_true = infer(*node.if_true);
  const Type if_false = infer(*node.if_false);
  --scope_.conditions;
  return {merge(if_true, if_false), below.left_is_possible && below.first_may_be_condition,
          if_true.may_be(TypeKind::Bool)};
}

// `a ? b : c ? d : e` means `(a ? b : c) ? d : e`. If `b` cannot be a condition, only the other
// grouping can be meant, and the fix switches to it.
void Checker::report_nested(const Expr& expr, const Conditional& node, bool left_is_possible) {
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
  Diagnostic& d = report(diagnostics_, DiagnosticKind::NestedConditional, node.condition->range,
                         "this `?:` is the condition of the next one: `?:` groups from the left");
  d.help = "put parentheses around what belongs together: `a ? b : (c ? d : e)`";
  const std::string_view text = diagnostics_.file().text(expr.range);
  if (text.size() <= kLongestShownText)
    d.help = fmt::format("write `{}`", with_fixes(text, expr.range.begin, fixes));
  d.fixes = std::move(fixes);
}

}  // namespace placewright::lang
