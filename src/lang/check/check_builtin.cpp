// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_builtin.h"

#include <fmt/core.h>

#include <algorithm>

namespace placewright::lang {
namespace {

std::optional<int64_t> range_length(const ListElements& arguments) {
  if (!arguments.complete) return std::nullopt;
  const auto end = arguments.known.back().type.value;
  const auto begin =
      arguments.known.size() == 2 ? arguments.known[0].type.value : std::optional<int64_t>(0);
  int64_t length = 0;
  if (!begin || !end || __builtin_sub_overflow(*end, *begin, &length)) return std::nullopt;
  return std::max<int64_t>(length, 0);
}

/// The type of values combined element by element: a tuple if one of them is a tuple.
Type combined_type(CheckContext& context, const Expr& expr, std::string_view name,
                   const ListElements& arguments) {
  Type result = int_type();
  bool open = !arguments.complete;
  for (const ListElement& argument : arguments.known) {
    open = open || argument.type.unknown();
    if (!argument.type.is(TypeKind::Tuple)) continue;
    const auto known = result.length;
    const auto length = argument.type.length;
    if (known && length && *known != *length) {
      context.report(
          DiagnosticKind::LengthMismatch, expr.range,
          fmt::format("`{}` of tuples of different length: {} and {}", name, *known, *length));
      return tuple_type();
    }
    result = tuple_type(known ? known : length);
  }
  return open && result.is(TypeKind::Int) ? Type{} : result;
}

}  // namespace

Type infer_builtin(CheckContext& context, const Expr& expr, Builtin builtin,
                   const ListElements& arguments) {
  const BuiltinInfo& function = info(builtin);
  const size_t given = arguments.known.size();
  const bool too_few = arguments.complete && given < function.fewest_arguments;
  const bool too_many = function.most_arguments > 0 && given > function.most_arguments;
  if (too_few || too_many) {
    context
        .report(DiagnosticKind::WrongArgumentCount, expr.range,
                fmt::format("`{}` does not take {} argument{}", function.name, given,
                            given == 1 ? "" : "s"))
        .help = fmt::format("for example `{}`", function.example);
    return {};
  }
  const bool one = arguments.complete && given == 1;
  const bool wants_tuple = builtin == Builtin::Sum || builtin == Builtin::Prod ||
                           (one && (builtin == Builtin::Min || builtin == Builtin::Max));
  for (const ListElement& argument : arguments.known) {
    const bool tuple_fits = builtin != Builtin::Range && argument.type.may_be(TypeKind::Tuple);
    if (tuple_fits) continue;
    if (!context.expect(*argument.expr, argument.type,
                        wants_tuple ? TypeKind::Tuple : TypeKind::Int))
      return {};
  }
  if (builtin == Builtin::Range) return tuple_type(range_length(arguments));
  if (wants_tuple) return int_type();
  return combined_type(context, expr, function.name, arguments);
}

}  // namespace placewright::lang
