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
Bounds fitting(Wide lo, Wide hi) {
  if (lo < INT64_MIN || hi > INT64_MAX) throw NoColumns();
  return {static_cast<int64_t>(lo), static_cast<int64_t>(hi)};
}

Bounds bounds_of(BinaryOp op, Bounds a, Bounds b) {
  switch (op) {
    case BinaryOp::Add:
      return fitting(Wide{a.lo} + b.lo, Wide{a.hi} + b.hi);
    case BinaryOp::Subtract:
      return fitting(Wide{a.lo} - b.hi, Wide{a.hi} - b.lo);
    default: {
      const auto [lo, hi] =
          std::minmax({Wide{a.lo} * b.lo, Wide{a.lo} * b.hi, Wide{a.hi} * b.lo, Wide{a.hi} * b.hi});
      return fitting(lo, hi);
    }
  }
}

bool is_constant(const Number& number) { return std::holds_alternative<int64_t>(number); }

}  // namespace

ColumnEmitter::ColumnEmitter(const machine::LaunchDomain& domain) {
  program_.domain = domain;
  program_.columns = domain.dim();
}

std::vector<Number> ColumnEmitter::coordinates() const {
  std::vector<Number> result;
  for (int d = 0; d < program_.domain.dim(); ++d)
    result.emplace_back(Column{d, program_.domain.lo.at[static_cast<size_t>(d)],
                               program_.domain.hi.at[static_cast<size_t>(d)]});
  return result;
}

Column ColumnEmitter::add(ColumnOp op, int64_t lo, int64_t hi) {
  if (program_.ops.size() >= kMostOps) throw NoColumns();
  op.out = program_.columns++;
  program_.ops.push_back(op);
  return {op.out, lo, hi};
}

Column ColumnEmitter::column(const Number& number) {
  if (const auto* column = std::get_if<Column>(&number)) return *column;
  const int64_t value = std::get<int64_t>(number);
  return add({.kind = Kind::Fill, .value = value}, value, value);
}

Number ColumnEmitter::arithmetic(BinaryOp op, const Number& a, const Number& b) {
  if (op == BinaryOp::Divide || op == BinaryOp::Remainder) return divide(op, a, b);
  const Bounds range = bounds_of(op, bounds(a), bounds(b));
  if (is_constant(a) && is_constant(b)) return range.lo;
  const bool commutes = op != BinaryOp::Subtract;
  if (commutes && is_constant(a)) return arithmetic(op, b, a);
  if (is_constant(b)) {
    const int64_t value = std::get<int64_t>(b);
    const int left = column(a).number;
    if (op == BinaryOp::Multiply)
      return add({.kind = Kind::MultiplyValue, .a = left, .value = value}, range.lo, range.hi);
    if (op == BinaryOp::Subtract && value == INT64_MIN) throw NoColumns();
    const int64_t step = op == BinaryOp::Subtract ? -value : value;
    return add({.kind = Kind::AddValue, .a = left, .value = step}, range.lo, range.hi);
  }
  const Kind kind = op == BinaryOp::Add        ? Kind::Add
                    : op == BinaryOp::Subtract ? Kind::Subtract
                                               : Kind::Multiply;
  const int left = column(a).number;
  return add({.kind = kind, .a = left, .b = column(b).number}, range.lo, range.hi);
}

Number ColumnEmitter::divide(BinaryOp op, const Number& a, const Number& b) {
  const Bounds dividend = bounds(a);
  const Bounds divisor = bounds(b);
  if (divisor.lo < 1 || dividend.lo == INT64_MIN) throw NoColumns();
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
  const int left = column(a).number;
  if (divider) {
    return add({.kind = divides ? Kind::DivideValue : Kind::RemainderValue,
                .a = left,
                .value = divisor.lo,
                .divider = *divider},
               lo, hi);
  }
  return add({.kind = divides ? Kind::Divide : Kind::Remainder, .a = left, .b = column(b).number},
             lo, hi);
}

Number ColumnEmitter::compare(BinaryOp op, const Number& a, const Number& b) {
  if (op == BinaryOp::Greater) return compare(BinaryOp::Less, b, a);
  if (op == BinaryOp::GreaterEqual) return compare(BinaryOp::LessEqual, b, a);
  if (is_constant(a) && is_constant(b))
    return int64_t{holds(op, std::get<int64_t>(a), std::get<int64_t>(b))};
  const Kind kind = op == BinaryOp::Less        ? Kind::Less
                    : op == BinaryOp::LessEqual ? Kind::LessEqual
                                                : Kind::Equal;
  const int left = column(a).number;
  return add({.kind = kind, .a = left, .b = column(b).number}, 0, 1);
}

Number ColumnEmitter::builtin(Builtin builtin, const Number& a, const Number& b) {
  const Bounds x = bounds(a);
  const Bounds y = bounds(b);
  switch (builtin) {
    case Builtin::Sum:
      return arithmetic(BinaryOp::Add, a, b);
    case Builtin::Prod:
      return arithmetic(BinaryOp::Multiply, a, b);
    case Builtin::CeilDiv: {
      if (x.lo < 0 || y.lo < 1) throw NoColumns();
      const Number above = arithmetic(BinaryOp::Add, a, arithmetic(BinaryOp::Subtract, b, 1));
      return divide(BinaryOp::Divide, above, b);
    }
    default:
      break;
  }
  const bool least = builtin == Builtin::Min;
  const int64_t lo = least ? std::min(x.lo, y.lo) : std::max(x.lo, y.lo);
  const int64_t hi = least ? std::min(x.hi, y.hi) : std::max(x.hi, y.hi);
  if (is_constant(a) && is_constant(b)) return lo;
  const int left = column(a).number;
  return add({.kind = least ? Kind::Minimum : Kind::Maximum, .a = left, .b = column(b).number}, lo,
             hi);
}

Column ColumnEmitter::both(Column a, Column b) {
  return add({.kind = Kind::And, .a = a.number, .b = b.number}, 0, 1);
}

Column ColumnEmitter::negated(Column a) { return add({.kind = Kind::Not, .a = a.number}, 0, 1); }

Number ColumnEmitter::select(Column condition, const Number& yes, const Number& no) {
  const Bounds x = bounds(yes);
  const Bounds y = bounds(no);
  const int chosen = column(yes).number;
  return add({.kind = Kind::Select, .a = condition.number, .b = chosen, .c = column(no).number},
             std::min(x.lo, y.lo), std::max(x.hi, y.hi));
}

void ColumnEmitter::check_range(const Number& index, int64_t size) {
  const Bounds range = bounds(index);
  if (range.lo >= 0 && range.hi < size) return;
  const int checked = column(index).number;
  program_.ops.push_back(
      {.kind = Kind::CheckRange, .a = checked, .b = mask_ ? mask_->number : -1, .value = size});
}

Number ColumnEmitter::unchecked_step(const Number& flat, int64_t size, const Number& index) {
  const Number whole = is_constant(flat) && std::get<int64_t>(flat) == 0
                           ? Number(int64_t{0})
                           : arithmetic(BinaryOp::Multiply, flat, size);
  if (is_constant(whole) && std::get<int64_t>(whole) == 0) {
    if (is_constant(index)) return index;
    const Column column = std::get<Column>(index);
    return Column{column.number, std::max<int64_t>(column.lo, 0),
                  std::clamp<int64_t>(column.hi, 0, size - 1)};
  }
  const Bounds range = bounds(whole);
  const int left = column(whole).number;
  if (is_constant(index)) return arithmetic(BinaryOp::Add, whole, index);
  return add({.kind = Kind::Add, .a = left, .b = std::get<Column>(index).number}, range.lo,
             range.hi + size - 1);
}

Number ColumnEmitter::look(const Number& index, std::vector<int32_t> table, int64_t lo,
                           int64_t hi) {
  ColumnOp op{.kind = Kind::Look, .a = column(index).number};
  op.table = program_.tables.size();
  program_.tables.push_back(std::move(table));
  return add(op, lo, hi);
}

}  // namespace placewright::lang
