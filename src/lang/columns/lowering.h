// SPDX-License-Identifier: Apache-2.0
// What all parts of the lowering share: the program, the emitter, and the values that an expression
// can have for all points. The parts are free functions, each with a header of its own (lower_*.h).
// Private to the lowering.
//
// What only some levels of an expression need room on the stack for is `gnu::noinline`.
#pragma once

#include <utility>
#include <variant>
#include <vector>

#include "lang/columns/lower_numbers.h"
#include "lang/evaluate/evaluate_code.h"

namespace placewright::lang {

/// A Boolean for each point.
struct Truth {
  Column column;
};
/// A processor for each point, as node * width + ordinal.
struct PlaceColumn {
  Number number;
};
using Numbers = std::vector<Number>;
/// The value of an expression for all points: one value, or columns.
using Abstract = std::variant<Value, Column, Truth, Numbers, PlaceColumn>;
using AbstractFrame = std::vector<Abstract>;

struct Lowering {
  /// The launch has a domain.
  Lowering(const CompiledProgram& program, const LaunchFacts& launch, machine::ProcessorKind kind,
           int width);
  Lowering(const Lowering&) = delete;
  Lowering& operator=(const Lowering&) = delete;

  const CompiledProgram& program;
  ColumnEmitter emitter;
  machine::ProcessorKind kind;
  int width;  ///< Number of processors of the kind per node.
  LaunchedTask launched;
  int call_depth = 0;
  int64_t steps_left = kMaxEvaluationSteps;  ///< As the interpreter counts them.
  std::vector<Diagnostic> warnings;
};

/// What the value is if it is the same for all points and has this type; null otherwise.
template <class T>
[[nodiscard]] const T* known(const Abstract& value) {
  const auto* same = std::get_if<Value>(&value);
  return same != nullptr ? std::get_if<T>(same) : nullptr;
}

[[nodiscard]] bool is_tuple(const Abstract& value);
[[nodiscard]] Lowered<Number> as_number(const Abstract& value);
[[nodiscard]] Lowered<Numbers> as_tuple(Lowering& lowering, const Abstract& value);
[[nodiscard]] Lowered<Column> as_truth(Lowering& lowering, const Abstract& value);
/// The number of a processor of the launch's kind.
[[nodiscard]] Lowered<Number> as_place(const Lowering& lowering, const Abstract& value);
[[nodiscard]] Abstract to_abstract(const Number& number);

/// The elements of two values of which at least one is a tuple, as two lists of one length: a number
/// goes with every element.
[[nodiscard]] Lowered<std::pair<Numbers, Numbers>> as_tuples(Lowering& lowering, const Abstract& a,
                                                             const Abstract& b);

/// Calls `operation` with the two numbers, or with each pair of elements.
template <class Operation>
Lowered<Abstract> element_wise(Lowering& lowering, const Abstract& a, const Abstract& b,
                               const Operation& operation) {
  if (!is_tuple(a) && !is_tuple(b)) {
    PLACEWRIGHT_TRY(const Number x, as_number(a));
    PLACEWRIGHT_TRY(const Number y, as_number(b));
    PLACEWRIGHT_TRY(const Number result, operation(x, y));
    return to_abstract(result);
  }
  PLACEWRIGHT_TRY(const auto operands, as_tuples(lowering, a, b));
  const auto& [left, right] = operands;
  Numbers result;
  result.reserve(left.size());
  for (size_t i = 0; i < left.size(); ++i) {
    PLACEWRIGHT_TRY(const Number element, operation(left[i], right[i]));
    result.push_back(element);
  }
  return result;
}

}  // namespace placewright::lang
