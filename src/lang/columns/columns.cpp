// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/columns.h"

#include <algorithm>
#include <array>

namespace placewright::lang {
namespace {

using Kind = ColumnOp::Kind;

/// The columns of a run, stored one after another.
class Columns {
 public:
  Columns(int64_t* data, size_t length) : data_(data), length_(length) {}
  [[nodiscard]] int64_t* at(int column) { return data_ + static_cast<size_t>(column) * length_; }

 private:
  int64_t* data_;
  size_t length_;
};

template <class Operation>
void each(Columns& columns, const ColumnOp& op, size_t count, const Operation& operation) {
  int64_t* const out = columns.at(op.out);
  const int64_t* const a = columns.at(op.a);
  for (size_t i = 0; i < count; ++i) out[i] = operation(a[i]);
}

template <class Operation>
void pairs(Columns& columns, const ColumnOp& op, size_t count, const Operation& operation) {
  int64_t* const out = columns.at(op.out);
  const int64_t* const a = columns.at(op.a);
  const int64_t* const b = columns.at(op.b);
  for (size_t i = 0; i < count; ++i) out[i] = operation(a[i], b[i]);
}

void select(Columns& columns, const ColumnOp& op, size_t count) {
  int64_t* const out = columns.at(op.out);
  const int64_t* const a = columns.at(op.a);
  const int64_t* const b = columns.at(op.b);
  const int64_t* const c = columns.at(op.c);
  for (size_t i = 0; i < count; ++i) out[i] = a[i] != 0 ? b[i] : c[i];
}

bool is_in_range(Columns& columns, const ColumnOp& op, size_t count) {
  const int64_t* const a = columns.at(op.a);
  const int64_t* const mask = op.b >= 0 ? columns.at(op.b) : nullptr;
  const auto size = static_cast<uint64_t>(op.value);
  bool good = true;
  for (size_t i = 0; i < count; ++i)
    good &= static_cast<uint64_t>(a[i]) < size || (mask != nullptr && mask[i] == 0);
  return good;
}

/// An index outside the table occurs only where a check failed or the result is not used.
void look(Columns& columns, const ColumnOp& op, size_t count, const std::vector<int32_t>& table) {
  const auto size = static_cast<uint64_t>(table.size());
  each(columns, op, count, [&](int64_t a) -> int64_t {
    const auto index = static_cast<uint64_t>(a);
    return index < size ? table[index] : 0;
  });
}

/// Coordinates of `count` points starting at `point`, which is advanced past them.
void fill_coordinates(Columns& columns, const machine::LaunchDomain& domain,
                      machine::DomainPoint& point, size_t count) {
  for (size_t i = 0; i < count;) {
    const auto rest = static_cast<size_t>(domain.hi.at[0] - point.at[0] + 1);
    const size_t run = std::min(rest, count - i);
    int64_t* const fastest = columns.at(0) + i;
    for (size_t k = 0; k < run; ++k) fastest[k] = point.at[0] + static_cast<int64_t>(k);
    for (int d = 1; d < domain.dim(); ++d) std::fill_n(columns.at(d) + i, run, point.at[d]);
    i += run;
    point.at[0] += static_cast<int64_t>(run);
    for (int d = 0; d < domain.dim() && point.at[d] > domain.hi.at[d]; ++d) {
      point.at[d] = domain.lo.at[d];
      if (d + 1 < domain.dim()) ++point.at[d + 1];
    }
  }
}

bool apply(Columns& columns, const ColumnOp& op, size_t n, const ColumnProgram& program) {
  using I = int64_t;
  using U = uint64_t;  // numbers of masked-out points may wrap
  switch (op.kind) {
    case Kind::Fill:
      std::fill_n(columns.at(op.out), n, op.value);
      return true;
    case Kind::Add:
      pairs(columns, op, n,
            [](I a, I b) { return static_cast<I>(static_cast<U>(a) + static_cast<U>(b)); });
      return true;
    case Kind::AddValue:
      each(columns, op, n,
           [v = op.value](I a) { return static_cast<I>(static_cast<U>(a) + static_cast<U>(v)); });
      return true;
    case Kind::Subtract:
      pairs(columns, op, n,
            [](I a, I b) { return static_cast<I>(static_cast<U>(a) - static_cast<U>(b)); });
      return true;
    case Kind::Multiply:
      pairs(columns, op, n,
            [](I a, I b) { return static_cast<I>(static_cast<U>(a) * static_cast<U>(b)); });
      return true;
    case Kind::MultiplyValue:
      each(columns, op, n,
           [v = op.value](I a) { return static_cast<I>(static_cast<U>(a) * static_cast<U>(v)); });
      return true;
    case Kind::Divide:
      pairs(columns, op, n, [](I a, I b) { return a / b; });
      return true;
    case Kind::DivideValue:
      each(columns, op, n,
           [d = op.divider](I a) { return static_cast<I>(d.quotient(static_cast<uint64_t>(a))); });
      return true;
    case Kind::Remainder:
      pairs(columns, op, n, [](I a, I b) { return a % b; });
      return true;
    case Kind::RemainderValue:
      each(columns, op, n,
           [d = op.divider](I a) { return static_cast<I>(d.remainder(static_cast<uint64_t>(a))); });
      return true;
    case Kind::Less:
      pairs(columns, op, n, [](I a, I b) -> I { return a < b; });
      return true;
    case Kind::LessEqual:
      pairs(columns, op, n, [](I a, I b) -> I { return a <= b; });
      return true;
    case Kind::Equal:
      pairs(columns, op, n, [](I a, I b) -> I { return a == b; });
      return true;
    case Kind::And:
      pairs(columns, op, n, [](I a, I b) -> I { return a & b; });
      return true;
    case Kind::Not:
      each(columns, op, n, [](I a) -> I { return a ^ 1; });
      return true;
    case Kind::Select:
      select(columns, op, n);
      return true;
    case Kind::Minimum:
      pairs(columns, op, n, [](I a, I b) { return std::min(a, b); });
      return true;
    case Kind::Maximum:
      pairs(columns, op, n, [](I a, I b) { return std::max(a, b); });
      return true;
    case Kind::Look:
      look(columns, op, n, program.tables[op.table]);
      return true;
    case Kind::CheckRange:
      return is_in_range(columns, op, n);
  }
  return false;
}

}  // namespace

std::optional<std::vector<uint32_t>> ColumnProgram::run() const {
  std::vector<int64_t> data(static_cast<size_t>(columns) * kColumnLength);
  Columns block(data.data(), kColumnLength);
  const auto volume = static_cast<size_t>(domain.volume());
  std::vector<uint32_t> numbers(volume);
  machine::DomainPoint point = domain.lo;
  for (size_t begin = 0; begin < volume; begin += kColumnLength) {
    const size_t count = std::min(kColumnLength, volume - begin);
    fill_coordinates(block, domain, point, count);
    for (const ColumnOp& op : ops) {
      if (!apply(block, op, count, *this)) return std::nullopt;
    }
    std::copy_n(block.at(result), count, numbers.begin() + static_cast<ptrdiff_t>(begin));
  }
  return numbers;
}

bool ColumnProgram::is_total() const {
  return columns <= kMostColumnsAtOnce &&
         std::ranges::none_of(ops, [](const ColumnOp& op) { return op.kind == Kind::CheckRange; });
}

uint32_t ColumnProgram::at(const machine::DomainPoint& point) const {
  std::array<int64_t, kMostColumnsAtOnce> data;
  Columns block(data.data(), 1);
  std::copy_n(point.at.begin(), domain.dim(), data.begin());
  for (const ColumnOp& op : ops) apply(block, op, 1, *this);
  return static_cast<uint32_t>(*block.at(result));
}

}  // namespace placewright::lang
