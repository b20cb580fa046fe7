// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower_numbers.h"

#include <algorithm>

#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

using Kind = ColumnOp::Kind;
using Wide = __int128;

constexpr size_t kMostOps = 10'000;

struct Bounds {
  int64_t lo;
  int64_t hi;
};

Bounds bounds(const Number& number) {
  if (const auto* column = std::get_if<Column>(&number)) return {column->lo, column->hi};
  return {std::get<int64_t>(number), std::get<int64_t>(number)};
}

/// Values that do not fit into 64 bits are left to the interpreter to report.
Lowered<Bounds> fitting(Wide lo, Wide hi) {
  if (lo < INT64_MIN || hi > INT64_MAX) return no_columns();
  return Bounds{static_cast<int64_t>(lo), static_cast<int64_t>(hi)};
}

Lowered<Bounds> bounds_of_product(Bounds a, Bounds b) {
  const auto [lo, hi] =
      std::minmax({Wide{a.lo} * b.lo, Wide{a.lo} * b.hi, Wide{a.hi} * b.lo, Wide{a.hi} * b.hi});
  return fitting(lo, hi);
}

/// Quotients and remainders have bounds of their own (ColumnEmitter::divide).
Lowered<Bounds> bounds_of(BinaryOp op, Bounds a, Bounds b) {
  switch (op) {
    case BinaryOp::Add:
      return fitting(Wide{a.lo} + b.lo, Wide{a.hi} + b.hi);
    case BinaryOp::Subtract:
      return fitting(Wide{a.lo} - b.hi, Wide{a.hi} - b.lo);
    case BinaryOp::Multiply:
      return bounds_of_product(a, b);
    case BinaryOp::Divide:
    case BinaryOp::Remainder:
    case BinaryOp::Less:
    case BinaryOp::Greater:
    case BinaryOp::LessEqual:
    case BinaryOp::GreaterEqual:
    case BinaryOp::Equal:
    case BinaryOp::NotEqual:
    case BinaryOp::And:
    case BinaryOp::Or:
      break;
  }
  return no_columns();
}

bool is_constant(const Number& number) { return std::holds_alternative<int64_t>(number); }

}  // namespace

ColumnEmitter::ColumnEmitter(const machine::LaunchDomain& domain) {
  program_.domain = domain;
  program_.columns = domain.dim();
}

Lowered<ColumnProgram> ColumnEmitter::finish(const Number& result) {
  PLACEWRIGHT_TRY(const Column last, column(result));
  program_.result = last.number;
  return std::move(program_);
}

std::vector<Number> ColumnEmitter::coordinates() const {
  std::vector<Number> result;
  for (int d = 0; d < program_.domain.dim(); ++d)
    result.emplace_back(Column{d, program_.domain.lo.at[static_cast<size_t>(d)],
                               program_.domain.hi.at[static_cast<size_t>(d)]});
  return result;
}

Lowered<Column> ColumnEmitter::add(ColumnOp op, int64_t lo, int64_t hi) {
  if (program_.ops.size() >= kMostOps) return no_columns();
  op.out = program_.columns++;
  program_.ops.push_back(op);
  return Column{op.out, lo, hi};
}

Lowered<Number> ColumnEmitter::add_pair(ColumnOp::Kind kind, const Number& a, const Number& b,
                                        int64_t lo, int64_t hi) {
  PLACEWRIGHT_TRY(const Column left, column(a));
  PLACEWRIGHT_TRY(const Column right, column(b));
  return add({.kind = kind, .a = left.number, .b = right.number}, lo, hi);
}

Lowered<Column> ColumnEmitter::column(const Number& number) {
  if (const auto* column = std::get_if<Column>(&number)) return *column;
  const int64_t value = std::get<int64_t>(number);
  return add({.kind = Kind::Fill, .value = value}, value, value);
}

Lowered<Number> ColumnEmitter::arithmetic(BinaryOp op, const Number& a, const Number& b) {
  if (op == BinaryOp::Divide || op == BinaryOp::Remainder) return divide(op, a, b);
  PLACEWRIGHT_TRY(const Bounds range, bounds_of(op, bounds(a), bounds(b)));
  if (is_constant(a) && is_constant(b)) return range.lo;
  const bool subtracts = op == BinaryOp::Subtract;
  const bool multiplies = op == BinaryOp::Multiply;
  if (!subtracts && is_constant(a)) return arithmetic(op, b, a);
  if (!is_constant(b)) {
    const Kind kind = subtracts ? Kind::Subtract : multiplies ? Kind::Multiply : Kind::Add;
    return add_pair(kind, a, b, range.lo, range.hi);
  }
  const int64_t value = std::get<int64_t>(b);
  PLACEWRIGHT_TRY(const Column left, column(a));
  if (multiplies) {
    return add({.kind = Kind::MultiplyValue, .a = left.number, .value = value}, range.lo, range.hi);
  }
  if (subtracts && value == INT64_MIN) return no_columns();
  const int64_t step = subtracts ? -value : value;
  return add({.kind = Kind::AddValue, .a = left.number, .value = step}, range.lo, range.hi);
}

Lowered<Number> ColumnEmitter::divide(BinaryOp op, const Number& a, const Number& b) {
  const Bounds dividend = bounds(a);
  const Bounds divisor = bounds(b);
  if (divisor.lo < 1 || dividend.lo == INT64_MIN) return no_columns();
  const bool divides = op == BinaryOp::Divide;
  if (is_constant(a) && is_constant(b))
    return divides ? dividend.lo / divisor.lo : dividend.lo % divisor.lo;
  const int64_t rest = divisor.hi - 1;
  const int64_t lo =
      divides ? (dividend.lo < 0 ? dividend.lo / divisor.lo : 0) : (dividend.lo < 0 ? -rest : 0);
  const int64_t hi = divides ? (dividend.hi > 0 ? dividend.hi / divisor.lo : 0)
                             : (dividend.hi > 0 ? std::min(rest, dividend.hi) : 0);
  const auto divider = is_constant(b) && dividend.lo >= 0
                           ? machine::Divider::make(static_cast<uint64_t>(divisor.lo),
                                                    static_cast<uint64_t>(dividend.hi))
                           : std::nullopt;
  if (!divider) return add_pair(divides ? Kind::Divide : Kind::Remainder, a, b, lo, hi);
  PLACEWRIGHT_TRY(const Column left, column(a));
  return add({.kind = divides ? Kind::DivideValue : Kind::RemainderValue,
              .a = left.number,
              .value = divisor.lo,
              .divider = *divider},
             lo, hi);
}

Lowered<Number> ColumnEmitter::compare(BinaryOp op, const Number& a, const Number& b) {
  if (op == BinaryOp::Greater) return compare(BinaryOp::Less, b, a);
  if (op == BinaryOp::GreaterEqual) return compare(BinaryOp::LessEqual, b, a);
  if (is_constant(a) && is_constant(b))
    return int64_t{holds(op, std::get<int64_t>(a), std::get<int64_t>(b))};
  const Kind kind = op == BinaryOp::Less        ? Kind::Less
                    : op == BinaryOp::LessEqual ? Kind::LessEqual
                                                : Kind::Equal;
  return add_pair(kind, a, b, 0, 1);
}

Lowered<Number> ColumnEmitter::builtin(Builtin builtin, const Number& a, const Number& b) {
  switch (builtin) {
    case Builtin::Sum:
      return arithmetic(BinaryOp::Add, a, b);
    case Builtin::Prod:
      return arithmetic(BinaryOp::Multiply, a, b);
    case Builtin::CeilDiv: {
      if (bounds(a).lo < 0 || bounds(b).lo < 1) return no_columns();
      PLACEWRIGHT_TRY(const Number below, arithmetic(BinaryOp::Subtract, b, 1));
      PLACEWRIGHT_TRY(const Number above, arithmetic(BinaryOp::Add, a, below));
      return divide(BinaryOp::Divide, above, b);
    }
    case Builtin::Min:
      return least_or_largest(true, a, b);
    case Builtin::Max:
      return least_or_largest(false, a, b);
    case Builtin::Abs:
    case Builtin::Range:
      break;
  }
  return no_columns();
}

Lowered<Number> ColumnEmitter::least_or_largest(bool least, const Number& a, const Number& b) {
  const Bounds x = bounds(a);
  const Bounds y = bounds(b);
  const int64_t lo = least ? std::min(x.lo, y.lo) : std::max(x.lo, y.lo);
  const int64_t hi = least ? std::min(x.hi, y.hi) : std::max(x.hi, y.hi);
  if (is_constant(a) && is_constant(b)) return lo;
  return add_pair(least ? Kind::Minimum : Kind::Maximum, a, b, lo, hi);
}

Lowered<Column> ColumnEmitter::both(Column a, Column b) {
  return add({.kind = Kind::And, .a = a.number, .b = b.number}, 0, 1);
}

Lowered<Column> ColumnEmitter::negated(Column a) {
  return add({.kind = Kind::Not, .a = a.number}, 0, 1);
}

Lowered<Number> ColumnEmitter::select(Column condition, const Number& yes, const Number& no) {
  const Bounds x = bounds(yes);
  const Bounds y = bounds(no);
  PLACEWRIGHT_TRY(const Column chosen, column(yes));
  PLACEWRIGHT_TRY(const Column other, column(no));
  return add({.kind = Kind::Select, .a = condition.number, .b = chosen.number, .c = other.number},
             std::min(x.lo, y.lo), std::max(x.hi, y.hi));
}

Lowered<void> ColumnEmitter::check_range(const Number& index, int64_t size) {
  const Bounds range = bounds(index);
  if (range.lo >= 0 && range.hi < size) return {};
  PLACEWRIGHT_TRY(const Column checked, column(index));
  program_.ops.push_back({.kind = Kind::CheckRange,
                          .a = checked.number,
                          .b = mask_ ? mask_->number : -1,
                          .value = size});
  return {};
}

Lowered<Number> ColumnEmitter::unchecked_step(const Number& flat, int64_t size,
                                              const Number& index) {
  Number whole = int64_t{0};
  const bool starts = is_constant(flat) && std::get<int64_t>(flat) == 0;
  if (!starts) {
    PLACEWRIGHT_TRY(whole, arithmetic(BinaryOp::Multiply, flat, size));
  }
  if (is_constant(whole) && std::get<int64_t>(whole) == 0) {
    if (is_constant(index)) return index;
    const Column column = std::get<Column>(index);
    return Column{column.number, std::max<int64_t>(column.lo, 0),
                  std::clamp<int64_t>(column.hi, 0, size - 1)};
  }
  const Bounds range = bounds(whole);
  if (is_constant(index)) return arithmetic(BinaryOp::Add, whole, index);
  return add_pair(Kind::Add, whole, index, range.lo, range.hi + size - 1);
}

Lowered<Number> ColumnEmitter::look(const Number& index, std::vector<int32_t> table, int64_t lo,
                                    int64_t hi) {
  PLACEWRIGHT_TRY(const Column asked, column(index));
  ColumnOp op{.kind = Kind::Look, .a = asked.number};
  op.table = program_.tables.size();
  program_.tables.push_back(std::move(table));
  return add(op, lo, hi);
}

}  // namespace placewright::lang
