// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower_call.h"

#include "lang/columns/lower_expression.h"
#include "lang/columns/lower_operator.h"
#include "lang/evaluate/eval_call.h"

namespace placewright::lang {
namespace {

constexpr int kDeepestCall = 32;

/// Values that a parameter's type does not accept are left to the interpreter, which reports them.
bool fits(ParameterType type, const Abstract& value) {
  if (std::holds_alternative<Column>(value)) return type == ParameterType::Int;
  if (std::holds_alternative<Truth>(value)) return type == ParameterType::Bool;
  if (const auto* same = std::get_if<Value>(&value)) return accepts(type, *same);
  return type == ParameterType::IPoint || type == ParameterType::ISpace;
}

/// Lists whose length could depend on the point are left to the interpreter.
Lowered<std::vector<Abstract>> lower_arguments(Lowering& lowering, const Code& code, size_t first,
                                               AbstractFrame& frame) {
  std::vector<Abstract> arguments;
  for (size_t i = first; i < code.children.size(); ++i) {
    const Code& child = code.children[i];
    if (child.op == Op::Unpack) return no_columns();
    PLACEWRIGHT_TRY(Abstract argument, lower(lowering, child, frame));
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

/// The absolute value is the larger one of a number and its opposite.
Lowered<Abstract> lower_abs(Lowering& lowering, const Abstract& argument) {
  PLACEWRIGHT_TRY(const Abstract opposite,
                  lower_arithmetic(lowering, BinaryOp::Subtract, Value(int64_t{0}), argument));
  return element_wise(lowering, argument, opposite, [&](const Number& a, const Number& b) {
    return lowering.emitter.builtin(Builtin::Max, a, b);
  });
}

/// A built-in function of one tuple.
Lowered<Abstract> fold(Lowering& lowering, Builtin builtin, const Abstract& argument) {
  PLACEWRIGHT_TRY(const Numbers numbers, as_tuple(lowering, argument));
  if (numbers.empty()) return no_columns();
  Number result = numbers[0];
  for (size_t i = 1; i < numbers.size(); ++i) {
    PLACEWRIGHT_TRY(result, lowering.emitter.builtin(builtin, result, numbers[i]));
  }
  return to_abstract(result);
}

/// A built-in function of several values, element by element.
Lowered<Abstract> combine(Lowering& lowering, Builtin builtin, std::vector<Abstract> arguments) {
  const auto pair = [&](const Number& a, const Number& b) {
    return lowering.emitter.builtin(builtin, a, b);
  };
  Abstract result = std::move(arguments[0]);
  for (size_t i = 1; i < arguments.size(); ++i) {
    PLACEWRIGHT_TRY(result, element_wise(lowering, result, arguments[i], pair));
  }
  return result;
}

}  // namespace

Lowered<Abstract> lower_call(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Value callee, same_for_all(lowering, code.children[0], frame));
  const auto* which = std::get_if<FunctionValue>(&callee);
  if (which == nullptr || ++lowering.call_depth > kDeepestCall) return no_columns();
  const CompiledFunction& function =
      lowering.program.functions[static_cast<size_t>(which->function)];
  if (code.children.size() - 1 != function.parameters.size()) return no_columns();
  PLACEWRIGHT_TRY(AbstractFrame inner, lower_arguments(lowering, code, 1, frame));
  for (size_t i = 0; i < inner.size(); ++i) {
    if (!fits(function.parameters[i], inner[i])) return no_columns();
  }
  inner.resize(static_cast<size_t>(function.slot_count));
  PLACEWRIGHT_TRY(Abstract result, lower_body(lowering, function, inner));
  --lowering.call_depth;
  return result;
}

Lowered<Abstract> lower_builtin(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(std::vector<Abstract> arguments, lower_arguments(lowering, code, 0, frame));
  switch (code.builtin) {
    case Builtin::Abs:
      if (arguments.size() != 1) return no_columns();
      return lower_abs(lowering, arguments[0]);
    case Builtin::Sum:
    case Builtin::Prod:
      if (arguments.size() != 1) return no_columns();
      return fold(lowering, code.builtin, arguments[0]);
    case Builtin::Min:
    case Builtin::Max:
    case Builtin::CeilDiv:
      if (arguments.size() == 1) return fold(lowering, code.builtin, arguments[0]);
      return combine(lowering, code.builtin, std::move(arguments));
    case Builtin::Range:
      break;
  }
  return no_columns();
}

Lowered<Abstract> lower_body(Lowering& lowering, const CompiledFunction& function,
                             AbstractFrame& frame) {
  for (const CompiledStatement& statement : function.body) {
    if (statement.kind == CompiledStatement::Kind::Print) return no_columns();
    PLACEWRIGHT_TRY(Abstract value, lower(lowering, statement.expressions[0], frame));
    if (statement.kind == CompiledStatement::Kind::Return) return value;
    if (statement.kind == CompiledStatement::Kind::Assign)
      frame[static_cast<size_t>(statement.slot)] = std::move(value);
  }
  return no_columns();
}

}  // namespace placewright::lang
