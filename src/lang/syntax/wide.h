// SPDX-License-Identifier: Apache-2.0
// Arithmetic of the language's integers, which reach from -2^63 to 2^64-1, so that every launch tag
// is a number.
#pragma once

#include <cstdint>

#include "lang/syntax/operator_kind.h"
#include "support/check.h"

namespace placewright::lang {

/// Holds the sum, difference and product of any two integers but the largest.
__extension__ typedef __int128 Wide;

[[nodiscard]] inline bool is_small(Wide number) {
  return number >= INT64_MIN && number <= INT64_MAX;
}

/// Whether the language has such an integer.
[[nodiscard]] inline bool is_integer(Wide number) {
  return number >= INT64_MIN && number <= UINT64_MAX;
}

/// The result of an arithmetic operator. `b` is not a zero divisor. Returns false if the language has no such
/// integer.
[[nodiscard]] inline bool compute(BinaryOp op, Wide a, Wide b, Wide& out) {
  switch (op) {
    case BinaryOp::Add:
      return !__builtin_add_overflow(a, b, &out) && is_integer(out);
    case BinaryOp::Subtract:
      return !__builtin_sub_overflow(a, b, &out) && is_integer(out);
    case BinaryOp::Multiply:
      return !__builtin_mul_overflow(a, b, &out) && is_integer(out);
    case BinaryOp::Divide:
      out = a / b;
      return is_integer(out);
    case BinaryOp::Remainder:
      out = a % b;
      return true;
    case BinaryOp::Less:
    case BinaryOp::Greater:
    case BinaryOp::LessEqual:
    case BinaryOp::GreaterEqual:
    case BinaryOp::Equal:
    case BinaryOp::NotEqual:
    case BinaryOp::And:
    case BinaryOp::Or:
      PLACEWRIGHT_CHECK(operator_kind(op) == OperatorKind::Arithmetic);
  }
  return false;
}

}  // namespace placewright::lang
