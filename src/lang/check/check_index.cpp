// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_index.h"

#include <fmt/core.h>

#include <algorithm>

#include "lang/check/check_expression.h"

namespace placewright::lang {
namespace {

/// False if something else than an integer is used as an index.
bool check_space_index(CheckContext& context, const ListElement& index) {
  const bool good = context.expect(*index.expr, index.type, TypeKind::Int);
  if (!good && index.type.is(TypeKind::Tuple)) {
    const uint32_t begin = index.expr->range.begin;
    context.diagnostics.last().fixes = {{{begin, begin}, "*"}};
  }
  if (index.type.value && *index.type.value < 0) {
    context.report(DiagnosticKind::IndexOutOfRange, index.expr->range,
                   fmt::format("an index of a processor space must be 0 or larger, found {}",
                               *index.type.value));
  }
  return good;
}

[[gnu::noinline]] Type infer_space_index(CheckContext& context, const Expr& expr, const Index& node,
                                         const Type& space) {
  const ListElements indices = infer_elements(context, node.indices, true);
  const ListElement* star = nullptr;
  bool good = true;
  for (const ListElement& index : indices.known) {
    if (!index.star) {
      good = check_space_index(context, index) && good;
      continue;
    }
    if (star != nullptr) {
      context
          .report(DiagnosticKind::TwoStars, index.expr->range,
                  "only one index of a processor space can be `*`")
          .notes.push_back({star->expr->range, "the first one"});
    }
    star = &index;
  }
  const auto given = static_cast<int64_t>(indices.known.size());
  if (good && space.length && (indices.complete ? given != *space.length : given > *space.length)) {
    context.report(
        DiagnosticKind::WrongIndexCount, expr.range,
        fmt::format("a processor space of {} takes {}, found {}",
                    plural(static_cast<size_t>(*space.length), "dimension"),
                    *space.length == 1 ? "1 index" : fmt::format("{} indices", *space.length),
                    given));
  }
  if (star != nullptr) return {.kind = TypeKind::Points, .processor = space.processor};
  Type point = tuple_type(2);
  point.placed = Placed::Yes;
  point.processor = space.processor;
  return point;
}

/// One integer; a negative one counts from the end.
[[gnu::noinline]] Type infer_tuple_index(CheckContext& context, const Expr& expr, const Index& node,
                                         const Type& tuple) {
  if (node.indices.size() != 1) {
    context.report(DiagnosticKind::WrongIndexCount, expr.range,
                   fmt::format("a tuple takes 1 index, found {}", node.indices.size()));
    infer_elements(context, node.indices, true);
    return int_type();
  }
  const Expr& position = *node.indices[0];
  const Type index = infer(context, position);
  context.expect(position, index, TypeKind::Int);
  if (!index.value || !tuple.length) return int_type();
  if (*index.value >= *tuple.length || *index.value < -*tuple.length) {
    context
        .report(DiagnosticKind::IndexOutOfRange, position.range,
                fmt::format("there is no element {} in a tuple of {}", *index.value, *tuple.length))
        .help = "elements count from 0, or from -1 at the end";
  }
  return int_type();
}

/// A negative bound counts from the end; an end of 0 means the end.
[[gnu::noinline]] std::optional<int64_t> slice_length(CheckContext& context, const SliceExpr& node,
                                                      int64_t length, const Type& begin,
                                                      const Type& end) {
  if (!begin.value || !end.value) return std::nullopt;
  const int64_t first = *begin.value < 0 ? *begin.value + length : *begin.value;
  const int64_t last = *end.value <= 0 ? *end.value + length : *end.value;
  if (last > length || last < 0) {
    context.report(DiagnosticKind::IndexOutOfRange, node.end->range,
                   fmt::format("there is no end {} in a tuple of {}", *end.value, length));
    return std::nullopt;
  }
  if (first < 0) {
    context.report(DiagnosticKind::IndexOutOfRange, node.begin->range,
                   fmt::format("there is no element {} in a tuple of {}", *begin.value, length));
    return std::nullopt;
  }
  return std::max<int64_t>(last - first, 0);
}

}  // namespace

Type infer_index(CheckContext& context, const Expr& expr, const Index& node) {
  const Type object = infer(context, *node.object);
  if (object.is(TypeKind::Space)) return infer_space_index(context, expr, node, object);
  if (object.is(TypeKind::Tuple)) return infer_tuple_index(context, expr, node, object);
  infer_elements(context, node.indices, true);
  if (object.unknown()) return {};
  Diagnostic& d = context.report(
      DiagnosticKind::TypeMismatch, node.object->range,
      fmt::format("only a tuple or a processor space has elements, found {}", describe(object)));
  if (object.is(TypeKind::Task))
    d.help = "write `.ipoint[0]` for the first coordinate of its point";
  return {};
}

Type infer_slice(CheckContext& context, const SliceExpr& node) {
  const Type object = infer(context, *node.object);
  const Type begin = node.begin ? infer(context, *node.begin) : int_type(0);
  const Type end = node.end ? infer(context, *node.end) : int_type(0);
  if (node.begin) context.expect(*node.begin, begin, TypeKind::Int);
  if (node.end) context.expect(*node.end, end, TypeKind::Int);
  if (!object.may_be(TypeKind::Tuple) && !object.is(TypeKind::Space)) {
    context.report(DiagnosticKind::TypeMismatch, node.object->range,
                   fmt::format("only a tuple or a processor space has a part `[:]`, found {}",
                               describe(object)));
    return tuple_type();
  }
  if (object.unknown() || !object.length) return tuple_type();
  return tuple_type(slice_length(context, node, *object.length, begin, end));
}

}  // namespace placewright::lang
