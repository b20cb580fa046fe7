// SPDX-License-Identifier: Apache-2.0
// Numbers and tuples: operators, indexing, slicing, comprehension.
#include <fmt/core.h>

#include "lang/evaluate/interpreter.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

bool is_logic(BinaryOp op) { return op == BinaryOp::And || op == BinaryOp::Or; }
bool is_equality(BinaryOp op) { return op == BinaryOp::Equal || op == BinaryOp::NotEqual; }
bool is_arithmetic(BinaryOp op) { return op <= BinaryOp::Remainder; }

}  // namespace

bool Interpreter::arithmetic(const Code& code, BinaryOp op, int64_t a, int64_t b, int64_t& out) {
  bool overflow = false;
  switch (op) {
    case BinaryOp::Add:
      overflow = __builtin_add_overflow(a, b, &out);
      break;
    case BinaryOp::Subtract:
      overflow = __builtin_sub_overflow(a, b, &out);
      break;
    case BinaryOp::Multiply:
      overflow = __builtin_mul_overflow(a, b, &out);
      break;
    default:
      if (b == 0) {
        return fail(DiagnosticKind::DivisionByZero, code.range,
                    fmt::format("division by zero: `{} {} 0`", a, to_string(op)));
      }
      if (b == -1) {  // INT64_MIN / -1 traps
        overflow = __builtin_sub_overflow(int64_t{0}, a, &out);
        if (op == BinaryOp::Remainder) {
          out = 0;
          overflow = false;
        }
      } else {
        out = op == BinaryOp::Divide ? a / b : a % b;
      }
  }
  if (!overflow) return true;
  return fail(DiagnosticKind::IntegerOverflow, code.range,
              fmt::format("`{} {} {}` does not fit in 64 bits", a, to_string(op), b));
}

bool Interpreter::integers(const Code& code, BinaryOp op, int64_t a, int64_t b, Value& out) {
  if (!is_arithmetic(op)) {
    out = holds(op, a, b);
    return true;
  }
  int64_t result = 0;
  if (!arithmetic(code, op, a, b, result)) return false;
  out = result;
  return true;
}

// Element by element; an integer combines with every element. A comparison holds if it holds for
// all elements; `!=` is the negation of `==`.
bool Interpreter::tuples(const Code& code, const Value& lhs, const Value& rhs, Value& out) {
  const auto* left = std::get_if<TupleValue>(&lhs);
  const auto* right = std::get_if<TupleValue>(&rhs);
  const bool compares = !is_arithmetic(code.binary);
  const bool negated = code.binary == BinaryOp::NotEqual;
  const BinaryOp op = negated ? BinaryOp::Equal : code.binary;
  if (left && right && is_equality(op) && left->elements.size() != right->elements.size()) {
    out = negated;
    return true;
  }
  if (left && right && left->elements.size() != right->elements.size()) {
    return fail(DiagnosticKind::LengthMismatch, code.range,
                fmt::format("`{}` of tuples of different length: {} and {}", to_string(code.binary),
                            left->elements.size(), right->elements.size()));
  }
  const size_t size = (left ? left : right)->elements.size();
  TupleValue result;
  bool all = true;
  for (size_t i = 0; i < size; ++i) {
    const int64_t a = left ? left->elements[i] : std::get<int64_t>(lhs);
    const int64_t b = right ? right->elements[i] : std::get<int64_t>(rhs);
    int64_t element = 0;
    if (compares) {
      all = all && holds(op, a, b);
    } else if (!arithmetic(code, op, a, b, element)) {
      return false;
    }
    result.elements.push_back(element);
  }
  if (compares) {
    out = all != negated;
  } else {
    out = std::move(result);
  }
  return true;
}

bool Interpreter::eval_binary(const Code& code, Value& out) {
  Value left_scratch;
  const Value* lhs = refer(code.children[0], left_scratch);
  if (!lhs) return false;
  const BinaryOp op = code.binary;
  if (const bool* a = std::get_if<bool>(lhs); a && is_logic(op)) {
    const bool decided = *a == (op == BinaryOp::Or);
    if (decided) {
      out = *a;
      return true;
    }
  }
  Value right_scratch;
  const Value* rhs = refer(code.children[1], right_scratch);
  if (!rhs) return false;
  const auto* a = std::get_if<int64_t>(lhs);
  const auto* b = std::get_if<int64_t>(rhs);
  if (a && b && !is_logic(op)) return integers(code, op, *a, *b, out);
  const bool* p = std::get_if<bool>(lhs);
  const bool* q = std::get_if<bool>(rhs);
  if (p && q && (is_logic(op) || is_equality(op))) {
    out = is_logic(op) ? *q : (*p == *q) == (op == BinaryOp::Equal);
    return true;
  }
  const bool left_tuple = std::holds_alternative<TupleValue>(*lhs);
  const bool right_tuple = std::holds_alternative<TupleValue>(*rhs);
  const bool fits =
      !is_logic(op) && (left_tuple || a) && (right_tuple || b) && (left_tuple || right_tuple);
  if (fits) return tuples(code, *lhs, *rhs, out);
  return fail(DiagnosticKind::TypeMismatch, code.range,
              fmt::format("`{}` does not work on {} and {}", to_string(op), describe(*lhs),
                          describe(*rhs)));
}

bool Interpreter::eval_unary(const Code& code, Value& out) {
  Value scratch;
  const Value* operand = refer(code.children[0], scratch);
  if (!operand) return false;
  if (code.op == Op::Not) {
    const bool* truth = std::get_if<bool>(operand);
    if (!truth) return type_error(code.children[0], "a bool after `!`", *operand);
    out = !*truth;
    return true;
  }
  if (const auto* number = std::get_if<int64_t>(operand)) {
    return integers(code, BinaryOp::Subtract, 0, *number, out);
  }
  const auto* tuple = std::get_if<TupleValue>(operand);
  if (!tuple) return type_error(code.children[0], "an integer or a tuple after `-`", *operand);
  TupleValue result;
  for (int64_t element : tuple->elements.span()) {
    int64_t negated = 0;
    if (!arithmetic(code, BinaryOp::Subtract, 0, element, negated)) return false;
    result.elements.push_back(negated);
  }
  out = std::move(result);
  return true;
}

bool Interpreter::append_integers(const Code& element, IntTuple& out) {
  const bool unpacks = element.op == Op::Unpack;
  const Code& code = unpacks ? element.children[0] : element;
  Value scratch;
  const Value* value = refer(code, scratch);
  if (!value) return false;
  const auto* tuple = std::get_if<TupleValue>(value);
  const auto* number = std::get_if<int64_t>(value);
  if (unpacks && tuple) {
    for (int64_t each : tuple->elements.span()) out.push_back(each);
  } else if (!unpacks && number) {
    out.push_back(*number);
  } else if (tuple) {
    return fail(DiagnosticKind::TypeMismatch, code.range,
                fmt::format("expected an integer, found {}", describe(*value)),
                "unpack a tuple with `*` in front of it");
  } else {
    return type_error(code, unpacks ? "a tuple to unpack" : "an integer", *value);
  }
  if (out.size() <= kMaxTupleLength) return true;
  return fail(DiagnosticKind::EvaluationLimit, code.range,
              fmt::format("a tuple of more than {} elements", kMaxTupleLength));
}

bool Interpreter::eval_integers(const Code& code, size_t first, IntTuple& out) {
  for (size_t i = first; i < code.children.size(); ++i) {
    if (!append_integers(code.children[i], out)) return false;
  }
  return true;
}

bool Interpreter::eval_tuple(const Code& code, Value& out) {
  TupleValue result;
  if (!eval_integers(code, 0, result.elements)) return false;
  out = std::move(result);
  return true;
}

bool Interpreter::eval_comprehension(const Code& code, Value& out) {
  Value scratch;
  const Value* range = refer(code.children[1], scratch);
  if (!range) return false;
  const auto* tuple = std::get_if<TupleValue>(range);
  if (!tuple) return type_error(code.children[1], "a tuple to iterate over", *range);
  const IntTuple over = tuple->elements;
  TupleValue result;
  for (int64_t element : over.span()) {
    (*frame_)[static_cast<size_t>(code.slot)] = element;
    Value element_scratch;
    const Value* value = refer(code.children[0], element_scratch);
    if (!value) return false;
    const auto* number = std::get_if<int64_t>(value);
    if (!number) return type_error(code.children[0], "an integer as element", *value);
    result.elements.push_back(*number);
  }
  out = std::move(result);
  return true;
}

bool Interpreter::index_tuple(const Code& code, const IntTuple& tuple, Value& out) {
  IntTuple index;
  if (!eval_integers(code, 1, index)) return false;
  if (index.size() != 1) {
    return fail(DiagnosticKind::WrongArgumentCount, code.range,
                fmt::format("a tuple takes one index, found {}", index.size()));
  }
  const auto size = static_cast<int64_t>(tuple.size());
  const int64_t position = index[0] < 0 ? index[0] + size : index[0];
  if (position < 0 || position >= size) {
    return fail(DiagnosticKind::IndexOutOfRange, code.children[1].range,
                fmt::format("index {} is outside a tuple of {}", index[0], size));
  }
  out = tuple[static_cast<size_t>(position)];
  return true;
}

bool Interpreter::eval_slice(const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(code.children[0], scratch);
  if (!object) return false;
  const auto* tuple = std::get_if<TupleValue>(object);
  const auto* space = std::get_if<machine::ProcessorSpace>(object);
  if (!tuple && !space) {
    return type_error(code.children[0], "a tuple or a processor space to slice", *object);
  }
  const IntTuple source = tuple ? tuple->elements : IntTuple(space->sizes().span());
  const auto size = static_cast<int64_t>(source.size());
  int64_t bounds[2] = {0, size};
  for (int i = 0; i < 2; ++i) {
    Value bound_scratch;
    const Code& child = code.children[static_cast<size_t>(i) + 1];
    const Value* bound = refer(child, bound_scratch);
    if (!bound) return false;
    if (std::holds_alternative<std::monostate>(*bound)) continue;
    const auto* number = std::get_if<int64_t>(bound);
    if (!number) return type_error(child, "an integer as bound", *bound);
    // Negative bounds count from the end, and an end of 0 is the end.
    const bool from_end = *number < 0 || (i == 1 && *number == 0);
    bounds[i] = from_end ? *number + size : *number;
    if (bounds[i] < 0 || (i == 1 && bounds[i] > size)) {
      return fail(DiagnosticKind::IndexOutOfRange, child.range,
                  fmt::format("bound {} is outside a tuple of {}", *number, size));
    }
  }
  TupleValue result;
  for (int64_t i = bounds[0]; i < bounds[1]; ++i) {
    result.elements.push_back(source[static_cast<size_t>(i)]);
  }
  out = std::move(result);
  return true;
}

}  // namespace placewright::lang
