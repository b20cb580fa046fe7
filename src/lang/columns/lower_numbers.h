// SPDX-License-Identifier: Apache-2.0
// Emits operations on columns and tracks the bounds of every column: operations that could overflow
// or divide by zero are not emitted. Private to the lowering.
#pragma once

#include <cstdint>
#include <optional>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "lang/columns/columns.h"
#include "lang/syntax/ast.h"
#include "lang/syntax/builtins.h"
#include "support/try.h"

namespace placewright::lang {

/// Columns cannot express the function. There is nothing to say about it: the interpreter takes
/// over and words every error.
struct NoColumns {};
template <class T>
using Lowered = tl::expected<T, NoColumns>;

[[nodiscard]] inline tl::unexpected<NoColumns> no_columns() { return tl::unexpected(NoColumns{}); }

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
  /// Hands over the program, which computes `result`; nothing can be emitted afterwards.
  [[nodiscard]] Lowered<ColumnProgram> finish(const Number& result);

  [[nodiscard]] std::vector<Number> coordinates() const;
  [[nodiscard]] Lowered<Column> column(const Number& number);
  [[nodiscard]] Lowered<Number> arithmetic(BinaryOp op, const Number& a, const Number& b);
  /// `<`, `<=`, `>`, `>=` or `==`.
  [[nodiscard]] Lowered<Number> compare(BinaryOp op, const Number& a, const Number& b);
  /// min, max, ceil_div, sum or prod of two numbers.
  [[nodiscard]] Lowered<Number> builtin(Builtin builtin, const Number& a, const Number& b);
  [[nodiscard]] Lowered<Column> both(Column a, Column b);
  [[nodiscard]] Lowered<Column> negated(Column a);
  [[nodiscard]] Lowered<Number> select(Column condition, const Number& yes, const Number& no);
  /// Emits a check that 0 <= index < size wherever the masks of under() hold.
  [[nodiscard]] Lowered<void> check_range(const Number& index, int64_t size);
  /// flat * size + index, where both are within bounds that were checked.
  [[nodiscard]] Lowered<Number> unchecked_step(const Number& flat, int64_t size,
                                               const Number& index);
  [[nodiscard]] Lowered<Number> look(const Number& index, std::vector<int32_t> table, int64_t lo,
                                     int64_t hi);

  /// Whatever `emit` emits applies only where the condition holds.
  template <class Emit>
  [[nodiscard]] auto under(Column condition, const Emit& emit) -> decltype(emit()) {
    const std::optional<Column> outer = mask_;
    Column inner = condition;
    if (outer) {
      PLACEWRIGHT_TRY(inner, both(*outer, condition));
    }
    mask_ = inner;
    auto result = emit();
    mask_ = outer;
    return result;
  }

 private:
  Lowered<Column> add(ColumnOp op, int64_t lo, int64_t hi);
  /// An operation on two columns.
  Lowered<Number> add_pair(ColumnOp::Kind kind, const Number& a, const Number& b, int64_t lo,
                           int64_t hi);
  Lowered<Number> divide(BinaryOp op, const Number& a, const Number& b);
  Lowered<Number> least_or_largest(bool least, const Number& a, const Number& b);

  ColumnProgram program_;
  std::optional<Column> mask_;
};

}  // namespace placewright::lang
