// SPDX-License-Identifier: Apache-2.0
// Emits operations on columns and tracks the bounds of every column: operations that could overflow
// or divide by zero are not emitted. Private to lower.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "lang/columns/columns.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/builtins.h"

namespace placewright::lang {

/// Thrown inside a Lowering and caught at its entry: columns cannot express the function.
struct NoColumns {};

/// A column whose numbers lie in lo .. hi.
struct Column {
  int number = 0;
  int64_t lo = 0;
  int64_t hi = 0;
};
/// One number for all points, or a column.
using Number = std::variant<int64_t, Column>;

class ColumnEmitter {
 public:
  explicit ColumnEmitter(const machine::LaunchDomain& domain);

  [[nodiscard]] const ColumnProgram& program() const { return program_; }
  void finish(const Number& result) { program_.result = column(result).number; }

  [[nodiscard]] std::vector<Number> coordinates() const;
  [[nodiscard]] Column column(const Number& number);
  [[nodiscard]] Number arithmetic(BinaryOp op, const Number& a, const Number& b);
  /// `<`, `<=`, `>`, `>=` or `==`.
  [[nodiscard]] Number compare(BinaryOp op, const Number& a, const Number& b);
  /// min, max, ceil_div, sum or prod of two numbers.
  [[nodiscard]] Number builtin(Builtin builtin, const Number& a, const Number& b);
  [[nodiscard]] Column both(Column a, Column b);
  [[nodiscard]] Column negated(Column a);
  [[nodiscard]] Number select(Column condition, const Number& yes, const Number& no);
  /// Emits a check that 0 <= index < size wherever the masks of under() hold.
  void check_range(const Number& index, int64_t size);
  /// flat * size + index, where both are within bounds that were checked.
  [[nodiscard]] Number unchecked_step(const Number& flat, int64_t size, const Number& index);
  [[nodiscard]] Number look(const Number& index, std::vector<int32_t> table, int64_t lo,
                            int64_t hi);

  /// Whatever `emit` emits applies only where the condition holds.
  template <class Emit>
  auto under(Column condition, const Emit& emit) {
    const std::optional<Column> outer = mask_;
    mask_ = outer ? both(*outer, condition) : condition;
    auto result = emit();
    mask_ = outer;
    return result;
  }

 private:
  Column add(ColumnOp op, int64_t lo, int64_t hi);
  Number divide(BinaryOp op, const Number& a, const Number& b);

  ColumnProgram program_;
  std::optional<Column> mask_;
};

}  // namespace placewright::lang
