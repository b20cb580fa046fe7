// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_operator.h"

#include <fmt/core.h>

#include "lang/check/check_expression.h"
#include "lang/syntax/operator_kind.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

/// The truth of a comparison or a connective, for operands whose values are known.
std::optional<int64_t> fold_truth(BinaryOp op, const Type& lhs, const Type& rhs) {
  const std::optional<Wide> a = lhs.number(), b = rhs.number();
  if (!a || !b) return std::nullopt;
  if (op == BinaryOp::And) return *a != 0 && *b != 0;
  if (op == BinaryOp::Or) return *a != 0 || *b != 0;
  return holds(op, *a < *b ? -1 : *a > *b ? 1 : 0, 0);
}

/// The type of `a op b`, which fits unless this reports that it does not. `b` is not a zero divisor.
Type fold(CheckContext& context, SourceRange range, BinaryOp op, Wide a, Wide b) {
  Wide result = 0;
  if (compute(op, a, b, result)) return number_type(result);
  context.report(DiagnosticKind::IntegerOverflow, range,
                 fmt::format("the result of `{}` needs more than 64 bits", to_string(op)));
  return int_type();
}

/// Whether a type may be an operand of arithmetic and of comparisons.
bool may_be_numeric(const Type& type) {
  return type.may_be(TypeKind::Int) || type.is(TypeKind::Tuple);
}

bool have_different_lengths(const Type& lhs, const Type& rhs) {
  return lhs.is(TypeKind::Tuple) && rhs.is(TypeKind::Tuple) && lhs.length && rhs.length &&
         lhs.length != rhs.length;
}

void report_lengths(CheckContext& context, SourceRange range, BinaryOp op, const Type& lhs,
                    const Type& rhs) {
  context.report(DiagnosticKind::LengthMismatch, range,
                 fmt::format("`{}` takes two tuples of one length, found {} and {} elements",
                             to_string(op), *lhs.length, *rhs.length));
}

/// `&& ||` of two Booleans.
[[gnu::noinline]] Type infer_connective(CheckContext& context, const Binary& node, const Type& lhs,
                                        const Type& rhs) {
  if (context.expect(*node.lhs, lhs, TypeKind::Bool))
    context.expect(*node.rhs, rhs, TypeKind::Bool);
  return bool_type(fold_truth(node.op, lhs, rhs));
}

/// Comparisons of integers and tuples; `== !=` of Booleans too.
[[gnu::noinline]] Type infer_comparison(CheckContext& context, const Binary& node, const Type& lhs,
                                        const Type& rhs) {
  const bool equality = is_equality(node.op);
  const bool truths = equality && lhs.may_be(TypeKind::Bool) && rhs.may_be(TypeKind::Bool);
  if (!truths && !(may_be_numeric(lhs) && may_be_numeric(rhs))) {
    context.report(
        DiagnosticKind::TypeMismatch, node.op_range,
        fmt::format("`{}` compares integers and tuples{}, found {} and {}", to_string(node.op),
                    equality ? ", or two truth values" : "", describe(lhs), describe(rhs)));
    return bool_type();
  }
  if (!equality && have_different_lengths(lhs, rhs))
    report_lengths(context, node.op_range, node.op, lhs, rhs);
  return bool_type(fold_truth(node.op, lhs, rhs));
}

/// Integers and tuples; an integer is combined with every element of a tuple.
[[gnu::noinline]] Type infer_arithmetic(CheckContext& context, const Expr& expr, const Binary& node,
                                        const Type& lhs, const Type& rhs) {
  if (!may_be_numeric(lhs) || !may_be_numeric(rhs)) {
    context.report(DiagnosticKind::TypeMismatch, node.op_range,
                   fmt::format("`{}` takes integers and tuples, found {} and {}",
                               to_string(node.op), describe(lhs), describe(rhs)));
    return {};
  }
  const bool divides = node.op == BinaryOp::Divide || node.op == BinaryOp::Remainder;
  if (divides && rhs.is(TypeKind::Int) && rhs.value == 0) {
    context.report(DiagnosticKind::DivisionByZero, node.rhs->range, "division by zero");
    return lhs.is(TypeKind::Tuple) ? tuple_type(lhs.length) : int_type();
  }
  if (have_different_lengths(lhs, rhs)) {
    report_lengths(context, expr.range, node.op, lhs, rhs);
    return tuple_type();
  }
  if (lhs.is(TypeKind::Tuple) && rhs.is(TypeKind::Tuple))
    return tuple_type(lhs.length ? lhs.length : rhs.length);
  if (lhs.is(TypeKind::Tuple)) return tuple_type(rhs.unknown() ? std::nullopt : lhs.length);
  if (rhs.is(TypeKind::Tuple)) return tuple_type(lhs.unknown() ? std::nullopt : rhs.length);
  if (lhs.number() && rhs.number())
    return fold(context, expr.range, node.op, *lhs.number(), *rhs.number());
  return lhs.unknown() || rhs.unknown() ? Type{} : int_type();
}

}  // namespace

Type infer_unary(CheckContext& context, const Unary& node) {
  const Type operand = infer(context, *node.operand);
  if (node.op == UnaryOp::Not) {
    context.expect(*node.operand, operand, TypeKind::Bool);
    const bool is_known = operand.is(TypeKind::Bool) && operand.value;
    return bool_type(is_known ? std::optional(1 - *operand.value) : std::nullopt);
  }
  if (operand.is(TypeKind::Tuple)) return tuple_type(operand.length);
  if (!context.expect(*node.operand, operand, TypeKind::Int) || operand.unknown()) return {};
  if (!operand.number()) return int_type();
  return fold(context, node.operand->range, BinaryOp::Subtract, 0, *operand.number());
}

Type infer_binary(CheckContext& context, const Expr& expr, const Binary& node) {
  const Type lhs = infer(context, *node.lhs);
  const Type rhs = infer(context, *node.rhs);
  switch (operator_kind(node.op)) {
    case OperatorKind::Arithmetic:
      return infer_arithmetic(context, expr, node, lhs, rhs);
    case OperatorKind::Comparison:
      return infer_comparison(context, node, lhs, rhs);
    case OperatorKind::Connective:
      return infer_connective(context, node, lhs, rhs);
  }
  return {};
}

}  // namespace placewright::lang
