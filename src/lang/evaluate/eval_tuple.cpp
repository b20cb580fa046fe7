// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_tuple.h"

#include <fmt/core.h>

#include "lang/evaluate/eval_expression.h"

namespace placewright::lang {

bool eval_tuple(EvalContext& context, const Code& code, Value& out) {
  TupleValue result;
  if (!eval_integers(context, code, 0, result.elements)) return false;
  out = std::move(result);
  return true;
}

bool eval_comprehension(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* range = refer(context, code.children[1], scratch);
  if (!range) return false;
  const auto* tuple = std::get_if<TupleValue>(range);
  if (!tuple) return context.type_error(code.children[1], "a tuple to iterate over", *range);
  if (!context.spend(code, element_steps(tuple->elements.size()))) return false;
  const IntTuple over = tuple->elements;
  TupleValue result;
  for (int64_t element : over.span()) {
    context.local(code) = element;
    Value element_scratch;
    const Value* value = refer(context, code.children[0], element_scratch);
    if (!value) return false;
    const auto* number = std::get_if<int64_t>(value);
    if (!number) return context.type_error(code.children[0], "an integer as element", *value);
    result.elements.push_back(*number);
  }
  out = std::move(result);
  return true;
}

bool eval_slice(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(context, code.children[0], scratch);
  if (!object) return false;
  const auto* tuple = std::get_if<TupleValue>(object);
  const auto* space = std::get_if<machine::ProcessorSpace>(object);
  if (!tuple && !space) {
    return context.type_error(code.children[0], "a tuple or a processor space to slice", *object);
  }
  const IntTuple source = tuple ? tuple->elements : IntTuple(space->sizes().span());
  if (!context.spend(code, element_steps(source.size()))) return false;
  const auto size = static_cast<int64_t>(source.size());
  int64_t bounds[2] = {0, size};
  for (int i = 0; i < 2; ++i) {
    Value bound_scratch;
    const Code& child = code.children[static_cast<size_t>(i) + 1];
    const Value* bound = refer(context, child, bound_scratch);
    if (!bound) return false;
    if (std::holds_alternative<std::monostate>(*bound)) continue;
    const auto* number = std::get_if<int64_t>(bound);
    if (!number) return context.type_error(child, "an integer as bound", *bound);
    // Negative bounds count from the end, and an end of 0 is the end.
    const bool from_end = *number < 0 || (i == 1 && *number == 0);
    bounds[i] = from_end ? *number + size : *number;
    if (bounds[i] < 0 || (i == 1 && bounds[i] > size)) {
      return context.fail(DiagnosticKind::IndexOutOfRange, child.range,
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
