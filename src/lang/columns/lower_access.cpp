// SPDX-License-Identifier: Apache-2.0
#include "lang/columns/lower_access.h"

#include <algorithm>

#include "lang/columns/lower_expression.h"

namespace placewright::lang {
namespace {

constexpr int64_t kLargestTable = int64_t{1} << 20;

Lowered<Abstract> product_of(Lowering& lowering, const Numbers& numbers) {
  Number product = int64_t{1};
  for (const Number& each : numbers) {
    PLACEWRIGHT_TRY(product, lowering.emitter.arithmetic(BinaryOp::Multiply, product, each));
  }
  return to_abstract(product);
}

/// The numbers of a space's processors, the last index varying fastest.
Lowered<std::vector<int32_t>> table(const machine::ProcessorSpace& space, int64_t volume,
                                    int width) {
  std::vector<int32_t> numbers;
  numbers.reserve(static_cast<size_t>(volume));
  machine::SpaceIndex index;
  index.rank = space.rank();
  for (int64_t i = 0; i < volume; ++i) {
    const auto processor = space.at(index.span());
    if (!processor) return no_columns();
    numbers.push_back(static_cast<int32_t>(processor->node * width + processor->ordinal));
    for (int d = index.rank - 1; d >= 0; --d) {
      if (++index.at[static_cast<size_t>(d)] < space.sizes().at[static_cast<size_t>(d)]) break;
      index.at[static_cast<size_t>(d)] = 0;
    }
  }
  return numbers;
}

Lowered<Abstract> index_space(Lowering& lowering, const machine::ProcessorSpace& space,
                              const Numbers& indices) {
  ColumnEmitter& emitter = lowering.emitter;
  const auto sizes = space.sizes().span();
  const int64_t volume = space.volume();
  const int64_t points = emitter.program().domain.volume();
  const int64_t most = points < kLargestTable / 4 ? 4 * points : kLargestTable;
  if (space.kind() != lowering.kind || indices.size() != sizes.size() || volume == 0 ||
      volume > most)
    return no_columns();
  Number flat = int64_t{0};
  for (size_t d = 0; d < sizes.size(); ++d) {
    PLACEWRIGHT_TRY_VOID(emitter.check_range(indices[d], sizes[d]));
    PLACEWRIGHT_TRY(flat, emitter.unchecked_step(flat, sizes[d], indices[d]));
  }
  PLACEWRIGHT_TRY(std::vector<int32_t> numbers, table(space, volume, lowering.width));
  const int64_t largest = int64_t{lowering.program.machine.node_count()} * lowering.width - 1;
  PLACEWRIGHT_TRY(const Number place, emitter.look(flat, std::move(numbers), 0, largest));
  return PlaceColumn{place};
}

/// One index, which is the same for all points.
Lowered<Abstract> index_tuple(const Numbers& numbers, const Numbers& indices) {
  const auto* position = indices.size() == 1 ? std::get_if<int64_t>(&indices[0]) : nullptr;
  if (position == nullptr) return no_columns();
  const auto size = static_cast<int64_t>(numbers.size());
  const int64_t at = *position < 0 ? *position + size : *position;
  if (at < 0 || at >= size) return no_columns();
  return to_abstract(numbers[static_cast<size_t>(at)]);
}

}  // namespace

Lowered<Abstract> lower_property(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract object, lower(lowering, code.children[0], frame));
  if (code.member == Member::IPoint) {
    if (known<const TaskView*>(object) == nullptr) return no_columns();
    return lowering.emitter.coordinates();
  }
  PLACEWRIGHT_TRY(Numbers numbers, as_tuple(lowering, object));
  if (code.member == Member::Size) return numbers;
  if (code.member == Member::Len) return Value(static_cast<int64_t>(numbers.size()));
  if (code.member == Member::Volume) return product_of(lowering, numbers);
  return no_columns();
}

Lowered<Abstract> lower_index(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  const auto is_star = [](const Code& child) { return child.op == Op::Star; };
  if (std::ranges::any_of(code.children, is_star)) return no_columns();
  PLACEWRIGHT_TRY(const Abstract object, lower(lowering, code.children[0], frame));
  PLACEWRIGHT_TRY(const Numbers indices, lower_elements(lowering, code, 1, frame));
  if (const auto* space = known<machine::ProcessorSpace>(object))
    return index_space(lowering, *space, indices);
  PLACEWRIGHT_TRY(const Numbers numbers, as_tuple(lowering, object));
  return index_tuple(numbers, indices);
}

Lowered<Abstract> lower_slice(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract object, lower(lowering, code.children[0], frame));
  PLACEWRIGHT_TRY(const Numbers numbers, as_tuple(lowering, object));
  const auto size = static_cast<int64_t>(numbers.size());
  int64_t bounds[2] = {0, size};
  for (int i = 0; i < 2; ++i) {
    const Code& child = code.children[static_cast<size_t>(i) + 1];
    PLACEWRIGHT_TRY(const Abstract bound, lower(lowering, child, frame));
    if (known<std::monostate>(bound) != nullptr) continue;
    const auto* given = known<int64_t>(bound);
    if (given == nullptr) return no_columns();
    // Negative bounds count from the end, and an end of 0 is the end.
    const bool from_end = *given < 0 || (i == 1 && *given == 0);
    bounds[i] = from_end ? *given + size : *given;
    if (bounds[i] < 0 || (i == 1 && bounds[i] > size)) return no_columns();
  }
  if (bounds[0] >= bounds[1]) return Numbers();
  return Numbers(numbers.begin() + bounds[0], numbers.begin() + bounds[1]);
}

Lowered<Abstract> lower_comprehension(Lowering& lowering, const Code& code, AbstractFrame& frame) {
  PLACEWRIGHT_TRY(const Abstract range, lower(lowering, code.children[1], frame));
  PLACEWRIGHT_TRY(const Numbers over, as_tuple(lowering, range));
  Numbers result;
  for (const Number& each : over) {
    frame[static_cast<size_t>(code.slot)] = to_abstract(each);
    PLACEWRIGHT_TRY(const Abstract element, lower(lowering, code.children[0], frame));
    PLACEWRIGHT_TRY(const Number number, as_number(element));
    result.push_back(number);
  }
  return result;
}

}  // namespace placewright::lang
