// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lowering.h"

namespace placewright::lang {

Lowering::Lowering(const CompiledProgram& compiled, const LaunchFacts& launch,
                   machine::ProcessorKind of_kind, int of_width)
    : program(compiled),
      emitter(*launch.domain),
      kind(of_kind),
      width(of_width),
      launched(launch) {}

bool is_tuple(const Abstract& value) {
  return std::holds_alternative<Numbers>(value) || std::holds_alternative<PlaceColumn>(value) ||
         known<TupleValue>(value) != nullptr;
}

Lowered<Number> as_number(const Abstract& value) {
  if (const auto* column = std::get_if<Column>(&value)) return *column;
  const auto* integer = known<int64_t>(value);
  if (integer == nullptr) return no_columns();
  return *integer;
}

Lowered<Numbers> as_tuple(Lowering& lowering, const Abstract& value) {
  if (const auto* numbers = std::get_if<Numbers>(&value)) return *numbers;
  if (const auto* at = std::get_if<PlaceColumn>(&value)) {
    const Number width = int64_t{lowering.width};
    ColumnEmitter& emitter = lowering.emitter;
    PLACEWRIGHT_TRY(const Number node, emitter.arithmetic(BinaryOp::Divide, at->number, width));
    PLACEWRIGHT_TRY(const Number ordinal,
                    emitter.arithmetic(BinaryOp::Remainder, at->number, width));
    return Numbers{node, ordinal};
  }
  const auto* tuple = known<TupleValue>(value);
  if (tuple == nullptr) return no_columns();
  const auto span = tuple->elements.span();
  return Numbers(span.begin(), span.end());
}

Lowered<Column> as_truth(Lowering& lowering, const Abstract& value) {
  if (const auto* truth = std::get_if<Truth>(&value)) return truth->column;
  const bool* truth = known<bool>(value);
  if (truth == nullptr) return no_columns();
  return lowering.emitter.column(int64_t{*truth});
}

Lowered<Number> as_place(const Lowering& lowering, const Abstract& value) {
  if (const auto* at = std::get_if<PlaceColumn>(&value)) return at->number;
  const auto* processor = known<TupleValue>(value);
  if (processor == nullptr || processor->processor != lowering.kind) return no_columns();
  return processor->elements[0] * lowering.width + processor->elements[1];
}

Abstract to_abstract(const Number& number) {
  if (const auto* column = std::get_if<Column>(&number)) return *column;
  return Value(std::get<int64_t>(number));
}

Lowered<std::pair<Numbers, Numbers>> as_tuples(Lowering& lowering, const Abstract& a,
                                               const Abstract& b) {
  std::pair<Numbers, Numbers> result;
  auto& [left, right] = result;
  if (is_tuple(a)) {
    PLACEWRIGHT_TRY(left, as_tuple(lowering, a));
  }
  if (is_tuple(b)) {
    PLACEWRIGHT_TRY(right, as_tuple(lowering, b));
  }
  if (!is_tuple(a)) {
    PLACEWRIGHT_TRY(const Number number, as_number(a));
    left.assign(right.size(), number);
  }
  if (!is_tuple(b)) {
    PLACEWRIGHT_TRY(const Number number, as_number(b));
    right.assign(left.size(), number);
  }
  if (left.size() != right.size()) return no_columns();
  return result;
}

}  // namespace placewright::lang
