// SPDX-License-Identifier: Apache-2.0
// Which binary operators take and give the same: the checker, the interpreter and the columns tell
// operators apart by these kinds.
#pragma once

#include "lang/syntax/ast.h"

namespace placewright::lang {

enum class OperatorKind {
  Arithmetic,  ///< Integers or tuples to an integer or a tuple.
  Comparison,  ///< Integers, tuples or (`==`, `!=`) truths to a truth.
  Connective   ///< Truths to a truth.
};

[[nodiscard]] constexpr OperatorKind operator_kind(BinaryOp op) {
  switch (op) {
    case BinaryOp::Add:
    case BinaryOp::Subtract:
    case BinaryOp::Multiply:
    case BinaryOp::Divide:
    case BinaryOp::Remainder:
      return OperatorKind::Arithmetic;
    case BinaryOp::Less:
    case BinaryOp::Greater:
    case BinaryOp::LessEqual:
    case BinaryOp::GreaterEqual:
    case BinaryOp::Equal:
    case BinaryOp::NotEqual:
      return OperatorKind::Comparison;
    case BinaryOp::And:
    case BinaryOp::Or:
      return OperatorKind::Connective;
  }
  return OperatorKind::Arithmetic;
}

[[nodiscard]] constexpr bool is_equality(BinaryOp op) {
  return op == BinaryOp::Equal || op == BinaryOp::NotEqual;
}

}  // namespace placewright::lang
