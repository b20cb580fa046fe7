// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_operator.h"

#include <fmt/core.h>

#include "lang/evaluate/eval_expression.h"
#include "lang/syntax/operator_kind.h"
#include "lang/syntax/words.h"
#include "support/check.h"

namespace placewright::lang {
namespace {

bool is_arithmetic(BinaryOp op) { return operator_kind(op) == OperatorKind::Arithmetic; }
bool is_connective(BinaryOp op) { return operator_kind(op) == OperatorKind::Connective; }

bool holds(BinaryOp op, Wide a, Wide b) { return lang::holds(op, a < b ? -1 : a > b ? 1 : 0, 0); }

bool fail_of_size(EvalContext& context, const Code& code, BinaryOp op, Wide a, Wide b) {
  return context.fail(
      DiagnosticKind::IntegerOverflow, code.range,
      fmt::format("`{} {} {}` does not fit in 64 bits", to_string(a), to_string(op), to_string(b)));
}

bool integers(EvalContext& context, const Code& code, BinaryOp op, Wide a, Wide b, Value& out) {
  if (!is_arithmetic(op)) {
    out = holds(op, a, b);
    return true;
  }
  Wide result = 0;
  if (!arithmetic(context, code, op, a, b, result)) return false;
  out = *value_of(result);
  return true;
}

/// Element by element; an integer combines with every element. A comparison holds if it holds for
/// all elements; `!=` is the negation of `==`.
[[gnu::noinline]] bool tuples(EvalContext& context, const Code& code, const Value& lhs,
                              const Value& rhs, Value& out) {
  const auto* left = std::get_if<TupleValue>(&lhs);
  const auto* right = std::get_if<TupleValue>(&rhs);
  const bool compares = !is_arithmetic(code.binary);
  const bool negated = code.binary == BinaryOp::NotEqual;
  const BinaryOp op = negated ? BinaryOp::Equal : code.binary;
  if (left && right && left->elements.size() != right->elements.size()) {
    if (is_equality(op)) {
      out = negated;
      return true;
    }
    return context.fail(
        DiagnosticKind::LengthMismatch, code.range,
        fmt::format("`{}` of tuples of different length: {} and {}", to_string(code.binary),
                    left->elements.size(), right->elements.size()));
  }
  const size_t size = (left ? left : right)->elements.size();
  if (!context.spend(code, element_steps(size))) return false;
  TupleValue result;
  bool all = true;
  for (size_t i = 0; i < size; ++i) {
    const Wide a = left ? left->elements[i] : *integer_of(lhs);
    const Wide b = right ? right->elements[i] : *integer_of(rhs);
    Wide element = 0;
    if (compares) {
      all = all && holds(op, a, b);
    } else if (!arithmetic(context, code, op, a, b, element)) {
      return false;
    } else if (!is_small(element)) {
      return fail_of_size(context, code, op, a, b);
    }
    result.elements.push_back(static_cast<int64_t>(element));
  }
  if (compares) {
    out = all != negated;
  } else {
    out = std::move(result);
  }
  return true;
}

}  // namespace

bool arithmetic(EvalContext& context, const Code& code, BinaryOp op, Wide a, Wide b, Wide& out) {
  const bool divides = op == BinaryOp::Divide || op == BinaryOp::Remainder;
  if (divides && b == 0) {
    return context.fail(DiagnosticKind::DivisionByZero, code.range,
                        fmt::format("division by zero: `{} {} 0`", to_string(a), to_string(op)));
  }
  if (divides && is_small(a) && is_small(b) && b != -1) {  // much faster than of wide numbers
    const auto x = static_cast<int64_t>(a);
    const auto y = static_cast<int64_t>(b);
    out = op == BinaryOp::Divide ? x / y : x % y;
    return true;
  }
  if (compute(op, a, b, out)) return true;
  return fail_of_size(context, code, op, a, b);
}

bool arithmetic(EvalContext& context, const Code& code, BinaryOp op, int64_t a, int64_t b,
                int64_t& out) {
  Wide result = 0;
  if (!arithmetic(context, code, op, Wide{a}, Wide{b}, result)) return false;
  if (!is_small(result)) return fail_of_size(context, code, op, a, b);
  out = static_cast<int64_t>(result);
  return true;
}

bool eval_binary(EvalContext& context, const Code& code, Value& out) {
  Value left_scratch;
  const Value* lhs = refer(context, code.children[0], left_scratch);
  if (!lhs) return false;
  const BinaryOp op = code.binary;
  const bool connects = is_connective(op);
  if (const bool* a = std::get_if<bool>(lhs); a && connects) {
    const bool decided = *a == (op == BinaryOp::Or);
    if (decided) {
      out = *a;
      return true;
    }
  }
  Value right_scratch;
  const Value* rhs = refer(context, code.children[1], right_scratch);
  if (!rhs) return false;
  const std::optional<Wide> a = integer_of(*lhs);
  const std::optional<Wide> b = integer_of(*rhs);
  if (a && b && !connects) return integers(context, code, op, *a, *b, out);
  const bool* p = std::get_if<bool>(lhs);
  const bool* q = std::get_if<bool>(rhs);
  if (p && q && (connects || is_equality(op))) {
    out = connects ? *q : (*p == *q) == (op == BinaryOp::Equal);
    return true;
  }
  const bool left_tuple = std::holds_alternative<TupleValue>(*lhs);
  const bool right_tuple = std::holds_alternative<TupleValue>(*rhs);
  const bool fits =
      !connects && (left_tuple || a) && (right_tuple || b) && (left_tuple || right_tuple);
  if (fits) return tuples(context, code, *lhs, *rhs, out);
  return context.fail(DiagnosticKind::TypeMismatch, code.range,
                      fmt::format("`{}` does not work on {} and {}", to_string(op), describe(*lhs),
                                  describe(*rhs)));
}

bool eval_unary(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* operand = refer(context, code.children[0], scratch);
  if (!operand) return false;
  if (code.op == Op::Not) {
    const bool* truth = std::get_if<bool>(operand);
    if (!truth) return context.type_error(code.children[0], "a bool after `!`", *operand);
    out = !*truth;
    return true;
  }
  if (const std::optional<Wide> number = integer_of(*operand)) {
    return integers(context, code, BinaryOp::Subtract, 0, *number, out);
  }
  const auto* tuple = std::get_if<TupleValue>(operand);
  if (!tuple)
    return context.type_error(code.children[0], "an integer or a tuple after `-`", *operand);
  TupleValue result;
  for (int64_t element : tuple->elements.span()) {
    int64_t negated = 0;
    if (!arithmetic(context, code, BinaryOp::Subtract, int64_t{0}, element, negated)) return false;
    result.elements.push_back(negated);
  }
  out = std::move(result);
  return true;
}

bool eval_conditional(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* condition = refer(context, code.children[0], scratch);
  if (!condition) return false;
  const bool* truth = std::get_if<bool>(condition);
  if (!truth) return context.type_error(code.children[0], "a bool as condition", *condition);
  return eval(context, code.children[*truth ? 1 : 2], out);
}

}  // namespace placewright::lang
