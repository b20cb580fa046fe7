// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_builtin.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/evaluate/eval_expression.h"
#include "lang/evaluate/eval_operator.h"
#include "lang/syntax/builtins.h"
#include "support/check.h"

namespace placewright::lang {
namespace {

bool is_number(const Value& value) { return integer_of(value).has_value(); }
bool is_tuple(const Value& value) { return std::holds_alternative<TupleValue>(value); }

/// Element `i` of a tuple; an integer stands for every element.
Wide element(const Value& value, size_t i) {
  const auto* tuple = std::get_if<TupleValue>(&value);
  return tuple ? Wide{tuple->elements[i]} : *integer_of(value);
}

bool ceil_div(EvalContext& context, const Code& code, Wide a, Wide b, Wide& out) {
  Wide quotient = 0;
  if (!arithmetic(context, code, BinaryOp::Divide, a, b, quotient)) return false;
  const bool exact = a % b == 0;
  out = quotient + (!exact && (a < 0) == (b < 0) ? 1 : 0);
  return true;
}

bool pair(EvalContext& context, const Code& code, Wide a, Wide b, Wide& out) {
  switch (code.builtin) {
    case Builtin::Min:
      out = std::min(a, b);
      return true;
    case Builtin::Max:
      out = std::max(a, b);
      return true;
    case Builtin::Sum:
      return arithmetic(context, code, BinaryOp::Add, a, b, out);
    case Builtin::Prod:
      return arithmetic(context, code, BinaryOp::Multiply, a, b, out);
    case Builtin::CeilDiv:
      return ceil_div(context, code, a, b, out);
    case Builtin::Abs:
    case Builtin::Range:
      PLACEWRIGHT_CHECK(code.builtin != Builtin::Abs && code.builtin != Builtin::Range);
  }
  return false;
}

/// Combines several values into one, element by element if one of them is a tuple.
[[gnu::noinline]] bool combine(EvalContext& context, const Code& code,
                               const std::vector<Value>& arguments, Value& out) {
  const auto first = std::ranges::find_if(arguments, is_tuple);
  const bool numbers = first == arguments.end();
  const size_t size = numbers ? 1 : std::get<TupleValue>(*first).elements.size();
  TupleValue result;
  for (const Value& argument : arguments) {
    if (is_number(argument) || std::get<TupleValue>(argument).elements.size() == size) continue;
    return context.fail(
        DiagnosticKind::LengthMismatch, code.range,
        fmt::format("`{}` of tuples of different length: {} and {}", info(code.builtin).name, size,
                    std::get<TupleValue>(argument).elements.size()));
  }
  for (size_t i = 0; i < size; ++i) {
    Wide value = element(arguments[0], i);
    if (code.builtin == Builtin::Abs) {
      if (value < 0 && !arithmetic(context, code, BinaryOp::Subtract, Wide{0}, value, value))
        return false;
    }
    for (size_t k = 1; k < arguments.size(); ++k)
      if (!pair(context, code, value, element(arguments[k], i), value)) return false;
    if (numbers) {
      out = *value_of(value);
      return true;
    }
    if (!is_small(value)) {
      return context.fail(
          DiagnosticKind::IntegerOverflow, code.range,
          fmt::format("{} is too large for an element of a tuple", to_string(value)));
    }
    result.elements.push_back(static_cast<int64_t>(value));
  }
  out = std::move(result);
  return true;
}

/// Folds one tuple to an integer.
[[gnu::noinline]] bool fold(EvalContext& context, const Code& code, const Value& argument,
                            Value& out) {
  const auto* tuple = std::get_if<TupleValue>(&argument);
  if (tuple == nullptr)
    return context.type_error(code, fmt::format("a tuple for `{}`", info(code.builtin).name),
                              argument);
  const auto elements = tuple->elements.span();
  if (!context.spend(code, element_steps(elements.size()))) return false;
  const bool has_neutral = code.builtin == Builtin::Sum || code.builtin == Builtin::Prod;
  if (elements.empty() && !has_neutral) {
    return context.fail(DiagnosticKind::LengthMismatch, code.range,
                        fmt::format("`{}` of a tuple without elements", info(code.builtin).name));
  }
  Wide value = has_neutral ? (code.builtin == Builtin::Prod ? 1 : 0) : elements[0];
  for (const int64_t each : elements)
    if (!pair(context, code, value, each, value)) return false;
  out = *value_of(value);
  return true;
}

[[gnu::noinline]] bool make_range(EvalContext& context, const Code& code,
                                  const std::vector<Value>& arguments, Value& out) {
  for (const Value& argument : arguments)
    if (!std::holds_alternative<int64_t>(argument))
      return context.type_error(code, "integers for `range`", argument);
  const int64_t begin = arguments.size() == 2 ? std::get<int64_t>(arguments[0]) : 0;
  const int64_t end = std::get<int64_t>(arguments.back());
  int64_t length = 0;
  if (__builtin_sub_overflow(end, begin, &length) ||
      length > static_cast<int64_t>(kMaxTupleLength)) {
    return context.fail(DiagnosticKind::EvaluationLimit, code.range,
                        fmt::format("a tuple of more than {} elements", kMaxTupleLength));
  }
  TupleValue result;
  for (int64_t i = begin; i < end; ++i) result.elements.push_back(i);
  out = std::move(result);
  return true;
}

}  // namespace

bool eval_builtin(EvalContext& context, const Code& code, Value& out) {
  std::vector<Value> arguments;
  if (!eval_arguments(context, code, 0, arguments)) return false;
  const BuiltinInfo& function = info(code.builtin);
  const size_t given = arguments.size();
  if (given < function.fewest_arguments ||
      (function.most_arguments > 0 && given > function.most_arguments)) {
    return context.fail(DiagnosticKind::WrongArgumentCount, code.range,
                        fmt::format("`{}` does not take {} argument{}", function.name, given,
                                    given == 1 ? "" : "s"),
                        fmt::format("for example `{}`", function.example));
  }
  for (const Value& argument : arguments) {
    if (!is_number(argument) && !is_tuple(argument))
      return context.type_error(code, fmt::format("integers or tuples for `{}`", function.name),
                                argument);
  }
  if (code.builtin == Builtin::Range) return make_range(context, code, arguments, out);
  const bool folds = code.builtin == Builtin::Sum || code.builtin == Builtin::Prod ||
                     (given == 1 && code.builtin != Builtin::Abs);
  if (folds) return fold(context, code, arguments[0], out);
  return combine(context, code, arguments, out);
}

}  // namespace placewright::lang
