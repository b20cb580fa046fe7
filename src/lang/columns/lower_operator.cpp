// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower_operator.h"

#include "lang/columns/lower_expression.h"
#include "lang/syntax/operator_kind.h"

namespace placewright::lang {
namespace {

/// A comparison of tuples holds if it holds for all elements; `!=` is the negation of `==`.
[[gnu::noinline]] Lowered<Abstract> compare(Lowering& lowering, BinaryOp op, const Abstract& a,
                                            const Abstract& b) {
  ColumnEmitter& emitter = lowering.emitter;
  const bool opposite = op == BinaryOp::NotEqual;
  const BinaryOp asked = opposite ? BinaryOp::Equal : op;
  const auto compare_numbers = [&](const Number& x, const Number& y) {
    return emitter.compare(asked, x, y);
  };
  PLACEWRIGHT_TRY(const Abstract result, element_wise(lowering, a, b, compare_numbers));
  Numbers all;
  if (const auto* numbers = std::get_if<Numbers>(&result)) {
    all = *numbers;
  } else {
    PLACEWRIGHT_TRY(const Number one, as_number(result));
    all = {one};
  }
  if (all.empty()) return no_columns();
  PLACEWRIGHT_TRY(Column every, emitter.column(all[0]));
  for (size_t i = 1; i < all.size(); ++i) {
    PLACEWRIGHT_TRY(const Column next, emitter.column(all[i]));
    PLACEWRIGHT_TRY(every, emitter.both(every, next));
  }
  if (opposite) {
    PLACEWRIGHT_TRY(every, emitter.negated(every));
  }
  return Truth{every};
}

/// `==` or `!=` of two truths.
[[gnu::noinline]] Lowered<Abstract> compare_truths(Lowering& lowering, BinaryOp op,
                                                   const Abstract& left, const Abstract& right) {
  if (!is_equality(op)) return no_columns();
  ColumnEmitter& emitter = lowering.emitter;
  PLACEWRIGHT_TRY(const Column a, as_truth(lowering, left));
  PLACEWRIGHT_TRY(const Column b, as_truth(lowering, right));
  PLACEWRIGHT_TRY(const Number equal, emitter.compare(BinaryOp::Equal, a, b));
  PLACEWRIGHT_TRY(Column same, emitter.column(equal));
  if (op == BinaryOp::NotEqual) {
    PLACEWRIGHT_TRY(same, emitter.negated(same));
  }
  return Truth{same};
}

/// `a || b` is `!(!a && !b)`. The right side counts only where the left side does not decide.
[[gnu::noinline]] Lowered<Abstract> connect(Lowering& lowering, const Code& code,
                                            const Abstract& left, AbstractFrame& frame) {
  ColumnEmitter& emitter = lowering.emitter;
  const bool is_or = code.binary == BinaryOp::Or;
  const auto negated_if_or = [&](Column column) -> Lowered<Column> {
    if (is_or) return emitter.negated(column);
    return column;
  };
  const auto right_side = [&]() -> Lowered<Column> {
    PLACEWRIGHT_TRY(const Abstract right, lower(lowering, code.children[1], frame));
    return as_truth(lowering, right);
  };
  PLACEWRIGHT_TRY(const Column a, as_truth(lowering, left));
  PLACEWRIGHT_TRY(const Column open, negated_if_or(a));
  PLACEWRIGHT_TRY(const Column b, emitter.under(open, right_side));
  PLACEWRIGHT_TRY(const Column open_too, negated_if_or(b));
  PLACEWRIGHT_TRY(const Column both, emitter.both(open, open_too));
  PLACEWRIGHT_TRY(const Column result, negated_if_or(both));
  return Truth{result};
}

bool is_place(const Abstract& value) {
  const auto* tuple = known<TupleValue>(value);
  return std::holds_alternative<PlaceColumn>(value) || (tuple != nullptr && tuple->processor);
}

bool is_truth(const Abstract& value) {
  return std::holds_alternative<Truth>(value) || known<bool>(value) != nullptr;
}

[[gnu::noinline]] Lowered<Abstract> select(Lowering& lowering, Column condition,
                                           const Abstract& yes, const Abstract& no) {
  ColumnEmitter& emitter = lowering.emitter;
  if (is_place(yes) != is_place(no)) return no_columns();
  if (is_place(yes)) {
    PLACEWRIGHT_TRY(const Number a, as_place(lowering, yes));
    PLACEWRIGHT_TRY(const Number b, as_place(lowering, no));
    PLACEWRIGHT_TRY(const Number chosen, emitter.select(condition, a, b));
    return PlaceColumn{chosen};
  }
  if (is_truth(yes) || is_truth(no)) {
    PLACEWRIGHT_TRY(const Column a, as_truth(lowering, yes));
    PLACEWRIGHT_TRY(const Column b, as_truth(lowering, no));
    PLACEWRIGHT_TRY(const Number chosen, emitter.select(condition, a, b));
    PLACEWRIGHT_TRY(const Column column, emitter.column(chosen));
    return Truth{column};
  }
  return element_wise(lowering, yes, no, [&](const Number& x, const Number& y) {
    return emitter.select(condition, x, y);
  });
}

}  // namespace

Lowered<Abstract> lower_negation(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract operand, lower(lowering, code.children[0], frame));
  return lower_arithmetic(lowering, BinaryOp::Subtract, Value(int64_t{0}), operand);
}

Lowered<Abstract> lower_not(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract operand, lower(lowering, code.children[0], frame));
  PLACEWRIGHT_TRY(const Column truth, as_truth(lowering, operand));
  PLACEWRIGHT_TRY(const Column opposite, lowering.emitter.negated(truth));
  return Truth{opposite};
}

Lowered<Abstract> lower_binary(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract left, lower(lowering, code.children[0], frame));
  const OperatorKind kind = operator_kind(code.binary);
  if (kind == OperatorKind::Connective) return connect(lowering, code, left, frame);
  PLACEWRIGHT_TRY(const Abstract right, lower(lowering, code.children[1], frame));
  if (std::holds_alternative<Truth>(left) || std::holds_alternative<Truth>(right))
    return compare_truths(lowering, code.binary, left, right);
  return kind == OperatorKind::Arithmetic ? lower_arithmetic(lowering, code.binary, left, right)
                                          : compare(lowering, code.binary, left, right);
}

Lowered<Abstract> lower_conditional(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract condition, lower(lowering, code.children[0], frame));
  if (const bool* truth = known<bool>(condition))
    return lower(lowering, code.children[*truth ? 1 : 2], frame);
  ColumnEmitter& emitter = lowering.emitter;
  PLACEWRIGHT_TRY(const Column holds, as_truth(lowering, condition));
  const auto branch_under = [&](Column mask, size_t child) {
    return emitter.under(mask, [&] { return lower(lowering, code.children[child], frame); });
  };
  PLACEWRIGHT_TRY(const Abstract yes, branch_under(holds, 1));
  PLACEWRIGHT_TRY(const Column fails, emitter.negated(holds));
  PLACEWRIGHT_TRY(const Abstract no, branch_under(fails, 2));
  return select(lowering, holds, yes, no);
}

Lowered<Abstract> lower_arithmetic(Lowering& lowering, BinaryOp op, const Abstract& a,
                                   const Abstract& b) {
  return element_wise(lowering, a, b, [&](const Number& x, const Number& y) {
    return lowering.emitter.arithmetic(op, x, y);
  });
}

}  // namespace placewright::lang
