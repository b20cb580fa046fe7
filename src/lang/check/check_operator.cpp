// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_operator.h"

#include <fmt/core.h>

#include "lang/check/check_expression.h"
#include "lang/syntax/operator_kind.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

std::optional<int64_t> fold_difference(int64_t a, int64_t b) {
  int64_t result = 0;
  return __builtin_sub_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

/// The result unless it needs more than 64 bits. Truths are 0 and 1. `b` is not a zero divisor.
std::optional<int64_t> fold(BinaryOp op, int64_t a, int64_t b) {
  int64_t result = 0;
  switch (op) {
    case BinaryOp::Add:
      return __builtin_add_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::Subtract:
      return fold_difference(a, b);
    case BinaryOp::Multiply:
      return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
    case BinaryOp::Divide:
      return b == -1 ? fold_difference(0, a) : std::optional(a / b);
    case BinaryOp::Remainder:
      return b == -1 ? 0 : a % b;
    case BinaryOp::And:
      return a != 0 && b != 0;
    case BinaryOp::Or:
      return a != 0 || b != 0;
    case BinaryOp::Less:
    case BinaryOp::Greater:
    case BinaryOp::LessEqual:
    case BinaryOp::GreaterEqual:
    case BinaryOp::Equal:
    case BinaryOp::NotEqual:
      return holds(op, a, b);
  }
  return std::nullopt;
}

/// Whether a result that needs a sign bit more than 64 bits have is still an integer, like a tag.
bool fits_without_sign(BinaryOp op, int64_t a, int64_t b) {
  __extension__ typedef __int128 Wide;
  const Wide result = op == BinaryOp::Add        ? Wide{a} + b
                      : op == BinaryOp::Subtract ? Wide{a} - b
                      : op == BinaryOp::Multiply ? Wide{a} * b
                                                 : -Wide{a};
  return result >= 0 && result <= UINT64_MAX;
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
  return bool_type(lhs.value && rhs.value ? fold(node.op, *lhs.value, *rhs.value) : std::nullopt);
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
  return bool_type(lhs.value && rhs.value ? fold(node.op, *lhs.value, *rhs.value) : std::nullopt);
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
  if (lhs.value && rhs.value) {
    const std::optional<int64_t> value = fold(node.op, *lhs.value, *rhs.value);
    if (!value && !fits_without_sign(node.op, *lhs.value, *rhs.value)) {
      context.report(DiagnosticKind::IntegerOverflow, expr.range,
                     fmt::format("the result of `{}` needs more than 64 bits", to_string(node.op)));
    }
    return int_type(value);
  }
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
  return int_type(operand.value ? fold_difference(0, *operand.value) : std::nullopt);
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
