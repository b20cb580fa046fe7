// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_index.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/evaluate/eval_expression.h"

namespace placewright::lang {
namespace {

[[gnu::noinline]] bool index_tuple(EvalContext& context, const Code& code, const IntTuple& tuple,
                                   Value& out) {
  IntTuple index;
  if (!eval_integers(context, code, 1, index)) return false;
  if (index.size() != 1) {
    return context.fail(DiagnosticKind::WrongArgumentCount, code.range,
                        fmt::format("a tuple takes one index, found {}", index.size()));
  }
  const auto size = static_cast<int64_t>(tuple.size());
  const int64_t position = index[0] < 0 ? index[0] + size : index[0];
  if (position < 0 || position >= size) {
    return context.fail(DiagnosticKind::IndexOutOfRange, code.children[1].range,
                        fmt::format("index {} is outside a tuple of {}", index[0], size));
  }
  out = tuple[static_cast<size_t>(position)];
  return true;
}

/// All indices with every starred dimension iterated, the last one fastest.
[[gnu::noinline]] bool index_set(EvalContext& context, const Code& code,
                                 const machine::ProcessorSpace& space, machine::SpaceIndex index,
                                 const std::vector<int>& stars, Value& out) {
  PointSet set;
  set.kind = space.kind();
  bool done = std::ranges::any_of(stars, [&](int d) { return space.sizes().at[d] == 0; });
  while (!done) {
    const auto processor = space.at(index.span());
    if (!processor) {
      return context.fail(DiagnosticKind::IndexOutOfRange, code.range, processor.error().message);
    }
    if (!context.spend(code, 1)) return false;
    set.points.push_back(*processor);
    done = true;
    for (auto star = stars.rbegin(); star != stars.rend() && done; ++star) {
      done = ++index.at[*star] == space.sizes().at[*star];
      if (done) index.at[*star] = 0;
    }
  }
  out = std::move(set);
  return true;
}

[[gnu::noinline]] bool index_space(EvalContext& context, const Code& code,
                                   const machine::ProcessorSpace& space, Value& out) {
  IntTuple index;
  std::vector<int> stars;
  for (size_t i = 1; i < code.children.size(); ++i) {
    if (code.children[i].op == Op::Star) {
      stars.push_back(static_cast<int>(index.size()));
      index.push_back(0);
    } else if (!append_integers(context, code.children[i], index)) {
      return false;
    }
  }
  if (!stars.empty() && static_cast<int>(index.size()) == space.rank()) {
    machine::SpaceIndex start;
    start.rank = space.rank();
    std::ranges::copy(index.span(), start.at.begin());
    return index_set(context, code, space, start, stars, out);
  }
  const auto processor = space.at(index.span());
  if (!processor) {
    return context.fail(DiagnosticKind::IndexOutOfRange, code.range, processor.error().message,
                        processor.error().help);
  }
  TupleValue result;
  result.elements.push_back(processor->node);
  result.elements.push_back(processor->ordinal);
  result.processor = space.kind();
  out = std::move(result);
  return true;
}

}  // namespace

bool eval_index(EvalContext& context, const Code& code, Value& out) {
  Value scratch;
  const Value* object = refer(context, code.children[0], scratch);
  if (!object) return false;
  if (const auto* tuple = std::get_if<TupleValue>(object)) {
    return index_tuple(context, code, tuple->elements, out);
  }
  if (const auto* space = std::get_if<machine::ProcessorSpace>(object)) {
    return index_space(context, code, *space, out);
  }
  return context.type_error(code.children[0], "a tuple or a processor space to index", *object);
}

}  // namespace placewright::lang
