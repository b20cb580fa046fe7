// SPDX-License-Identifier: Apache-2.0
// Checks and types of members, calls, indices and slices.
#include <fmt/core.h>

#include <algorithm>

#include "lang/check/checker_impl.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

struct Method {
  Member member;
  size_t arguments;
};

constexpr Method kTransformations[] = {
    {Member::Split, 2},     {Member::Merge, 2},       {Member::Swap, 2},
    {Member::Slice, 3},     {Member::Reverse, 1},     {Member::BalanceSplit, 2},
    {Member::AutoSplit, 2}, {Member::GreedySplit, 2}, {Member::Decompose, 2},
};

const Method* find_transformation(Member member) {
  const auto* found = std::ranges::find(kTransformations, member, &Method::member);
  return found == std::end(kTransformations) ? nullptr : found;
}

bool is_called(Member member) {
  return find_transformation(member) != nullptr || member == Member::Has ||
         member == Member::Processor;
}

std::string plural(size_t count, std::string_view word) {
  return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

}  // namespace

Type Checker::infer(const Expr& expr, const Call& node) {
  const Elements arguments = infer_elements(node.arguments, false);
  if (const auto* member = std::get_if<MemberRef>(&node.callee->node))
    return infer_method(*node.callee, *member, arguments);
  if (const auto* name = std::get_if<NameRef>(&node.callee->node)) {
    if (name->name == "Machine") return infer_machine(expr, arguments);
    return infer_user_call(*node.callee, *name, arguments);
  }
  const Type callee = infer(*node.callee);
  report(diagnostics_, DiagnosticKind::NotAFunction, node.callee->range,
         fmt::format("expected a function, found {}", describe(callee)));
  return {};
}

Type Checker::infer_machine(const Expr& expr, const Elements& arguments) {
  if (!check_count(expr, "`Machine`", arguments, 1)) return space_type(2);
  if (arguments.known.empty()) return space_type(2);
  const Element& kind = arguments.known[0];
  expect(*kind.expr, kind.type, TypeKind::Processor);
  return space_type(2, kind.type.processor);
}

Type Checker::infer_user_call(const Expr& expr, const NameRef& callee, const Elements& arguments) {
  const bool hidden = scope_.locals.contains(callee.name) || globals_.contains(callee.name);
  const auto found = functions_.find(callee.name);
  if (hidden || found == functions_.end()) {
    if (is_broken(callee.name)) return {};
    if (hidden) {
      report(diagnostics_, DiagnosticKind::NotAFunction, expr.range,
             fmt::format("`{}` is a variable, not a function", callee.name));
      return {};
    }
    if (const auto builtin = find_builtin(callee.name))
      return infer_builtin(expr, *builtin, arguments);
    Diagnostic& d = report(diagnostics_, DiagnosticKind::UnknownFunction, expr.range,
                           fmt::format("unknown function `{}`", callee.name));
    if (!suggest(d, callee.name, visible_names(TypeKind::Function)))
      suggest(d, callee.name, builtin_names());
    return {};
  }
  Function& function = found->second;
  function.used = true;
  if (scope_.function == nullptr && function.statement >= scope_.statement) {
    report(diagnostics_, DiagnosticKind::UsedBeforeDefinition, expr.range,
           fmt::format("function `{}` is called before it is defined", callee.name))
        .notes.push_back({function.definition->name.range, "defined here"});
    return {};
  }
  const std::vector<Parameter>& parameters = function.definition->parameters;
  if (!function.definition->incomplete &&
      check_count(expr, fmt::format("`{}`", callee.name), arguments, parameters.size()) &&
      arguments.complete) {
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Element& argument = arguments.known[i];
      switch (parameters[i].type.value) {
        case ParameterType::Int:
          expect(*argument.expr, argument.type, TypeKind::Int);
          break;
        case ParameterType::Bool:
          expect(*argument.expr, argument.type, TypeKind::Bool);
          break;
        case ParameterType::IPoint:
        case ParameterType::ISpace:
          expect(*argument.expr, argument.type, TypeKind::Tuple);
          break;
        case ParameterType::MSpace:
          expect(*argument.expr, argument.type, TypeKind::Space);
          break;
        case ParameterType::Task:
          expect(*argument.expr, argument.type, TypeKind::Task);
          break;
      }
    }
  }
  return function_result(function);
}

// Unpacked tuples of unknown length leave the count open, unless there are too many already.
bool Checker::check_count(const Expr& expr, std::string_view what, const Elements& arguments,
                          size_t expected) {
  const size_t given = arguments.known.size();
  if (given == expected || (!arguments.complete && given < expected)) return true;
  report(diagnostics_, DiagnosticKind::WrongArgumentCount, expr.range,
         fmt::format("{} takes {}, found {}", what, plural(expected, "argument"), given));
  return false;
}

Type Checker::infer_method(const Expr& expr, const MemberRef& callee, const Elements& arguments) {
  if (!is_called(callee.member)) {
    const Type property = infer(expr, callee);
    report(diagnostics_, DiagnosticKind::NotAFunction, callee.member_range,
           fmt::format("`{}` is a value, not a function", to_string(callee.member)))
        .help = fmt::format("write `.{}` without `()`", to_string(callee.member));
    return property;
  }
  const Type object = infer(*callee.object);
  if (callee.member == Member::Has) {
    expect(*callee.object, object, TypeKind::Tuple);
    if (check_count(expr, "`has`", arguments, 1) && !arguments.known.empty())
      expect(*arguments.known[0].expr, arguments.known[0].type, TypeKind::Memory);
    return bool_type();
  }
  if (callee.member == Member::Processor) {
    if (scope_.of_rule) note_launch(Member::Processor, callee.member_range);
    expect(*callee.object, object, TypeKind::Task);
    if (!check_count(expr, "`processor`", arguments, 1) || arguments.known.empty())
      return tuple_type();
    const Element& space = arguments.known[0];
    expect(*space.expr, space.type, TypeKind::Space);
    return tuple_type(space.type.is(TypeKind::Space) ? space.type.length : std::nullopt);
  }
  if (!expect(*callee.object, object, TypeKind::Space)) return space_type();
  return infer_transformation(expr, callee.member, object, arguments);
}

Type Checker::infer_transformation(const Expr& expr, Member member, const Type& space,
                                   const Elements& arguments) {
  const Type any_rank = space_type(std::nullopt, space.processor);
  const Method& method = *find_transformation(member);
  const std::string what = fmt::format("`{}`", to_string(member));
  const bool has_halos = member == Member::Decompose && arguments.known.size() == 3;
  if (!check_count(expr, what, arguments, method.arguments + (has_halos ? 1 : 0))) return any_rank;
  if (!arguments.complete) return any_rank;
  const bool has_targets =
      member == Member::AutoSplit || member == Member::GreedySplit || member == Member::Decompose;
  for (size_t i = 0; i < arguments.known.size(); ++i) {
    const bool targets = has_targets && i >= 1;
    expect(*arguments.known[i].expr, arguments.known[i].type,
           targets ? TypeKind::Tuple : TypeKind::Int);
  }
  const bool two_dimensions = member == Member::Merge || member == Member::Swap;
  if (space.length) {
    check_dimension(arguments.known[0], *space.length);
    if (two_dimensions) check_dimension(arguments.known[1], *space.length);
  }
  const auto value = [&](size_t i) { return arguments.known[i].type.value; };
  const auto bad = [&](size_t i, std::string message) {
    report(diagnostics_, DiagnosticKind::InvalidTransformation, arguments.known[i].expr->range,
           std::move(message));
  };
  if (two_dimensions && value(0) && value(0) == value(1))
    bad(1, fmt::format("{} takes two different dimensions", what));
  if (member == Member::Split && value(1) && *value(1) < 1)
    bad(1, fmt::format("`split` takes a factor of at least 1, found {}", *value(1)));
  if (member == Member::BalanceSplit && value(1) && *value(1) != 2 && *value(1) != 3)
    bad(1, fmt::format("`balance_split` makes 2 or 3 dimensions, found {}", *value(1)));
  if (member == Member::Slice && value(1) && *value(1) < 0)
    bad(1, fmt::format("`slice` begins at 0 or later, found {}", *value(1)));
  if (member == Member::Slice && value(1) && value(2) && *value(1) > *value(2))
    bad(2, fmt::format("`slice` takes the first and the last index, found {} and {}", *value(1),
                       *value(2)));
  if (!space.length) return any_rank;
  return space_type(rank_after(member, *space.length, arguments), space.processor);
}

std::optional<int64_t> Checker::rank_after(Member member, int64_t rank, const Elements& arguments) {
  switch (member) {
    case Member::Merge:
      return std::max<int64_t>(rank - 1, 1);
    case Member::Split:
      return rank + 1;
    case Member::BalanceSplit: {
      const auto parts = arguments.known[1].type.value;
      if (!parts || *parts < 2 || *parts > 3) return std::nullopt;
      return rank + *parts - 1;
    }
    case Member::AutoSplit:
    case Member::GreedySplit:
    case Member::Decompose: {
      const Type& targets = arguments.known[1].type;
      if (!targets.is(TypeKind::Tuple) || !targets.length) return std::nullopt;
      return rank + *targets.length - 1;
    }
    default:
      return rank;
  }
}

void Checker::check_dimension(const Element& argument, int64_t rank) {
  if (!argument.type.value) return;
  const int64_t dimension = *argument.type.value;
  if (dimension >= 0 && dimension < rank) return;
  report(diagnostics_, DiagnosticKind::IndexOutOfRange, argument.expr->range,
         fmt::format("there is no dimension {}: the processor space has {}", dimension,
                     plural(static_cast<size_t>(rank), "dimension")))
      .help = "dimensions count from 0";
}

Type Checker::infer(const Expr&, const MemberRef& node) {
  const Type object = infer(*node.object);
  const std::string word(to_string(node.member));
  if (is_called(node.member)) {
    report(diagnostics_, DiagnosticKind::TypeMismatch, node.member_range,
           fmt::format("`{}` needs its arguments", word))
        .help = fmt::format("write `.{}(...)`", word);
    return {};
  }
  const bool of_task = node.member == Member::IPoint || node.member == Member::ISpace ||
                       node.member == Member::Lo || node.member == Member::Hi ||
                       node.member == Member::Parent || node.member == Member::Tag ||
                       node.member == Member::Depth;
  if (of_task) {
    if (!expect(*node.object, object, TypeKind::Task)) return {};
    note_launch(node.member, node.member_range);
    if (node.member == Member::Tag || node.member == Member::Depth) return int_type();
    return node.member == Member::Parent ? Type{.kind = TypeKind::Task} : tuple_type();
  }
  if (!object.may_be(TypeKind::Tuple) && !object.is(TypeKind::Space)) {
    report(diagnostics_, DiagnosticKind::TypeMismatch, node.object->range,
           fmt::format("only a tuple or a processor space has `{}`, found {}", word,
                       describe(object)));
    return {};
  }
  if (node.member == Member::Len) return int_type(object.unknown() ? std::nullopt : object.length);
  if (node.member == Member::Volume) return int_type();
  return tuple_type(object.unknown() ? std::nullopt : object.length);
}

// Records what a map function certainly asks of its task: a single task has no point, a point of an
// index launch no parent. The condition of a rule refers to a whole launch.
void Checker::note_launch(Member member, SourceRange range) {
  const bool of_point =
      member == Member::IPoint || member == Member::Parent || member == Member::Processor;
  if (scope_.of_rule && of_point) {
    report(diagnostics_, DiagnosticKind::UnavailableMember, range,
           fmt::format("the condition of a rule has no `{}`", to_string(member)))
        .help =
        "it applies to a whole launch: `task.ispace`, `task.lo`, `task.hi`, `task.tag`, "
        "`task.depth`";
  }
  if (scope_.function == nullptr || scope_.conditions > 0) return;
  auto& place = member == Member::Tag || member == Member::Depth ? scope_.function->needs_condition
                : member == Member::Parent ? scope_.function->needs_single_launch
                                           : scope_.function->needs_index_launch;
  if (!place) place = range;
}

Type Checker::infer(const Expr& expr, const Index& node) {
  const Type object = infer(*node.object);
  if (object.is(TypeKind::Space)) return infer_space_index(expr, node, object);
  if (object.is(TypeKind::Tuple)) return infer_tuple_index(expr, node, object);
  infer_elements(node.indices, true);
  if (object.unknown()) return {};
  Diagnostic& d = report(
      diagnostics_, DiagnosticKind::TypeMismatch, node.object->range,
      fmt::format("only a tuple or a processor space has elements, found {}", describe(object)));
  if (object.is(TypeKind::Task))
    d.help = "write `.ipoint[0]` for the first coordinate of its point";
  return {};
}

Type Checker::infer_space_index(const Expr& expr, const Index& node, const Type& space) {
  const Elements indices = infer_elements(node.indices, true);
  const Element* star = nullptr;
  bool good = true;
  for (const Element& index : indices.known) {
    if (index.star) {
      if (star != nullptr) {
        report(diagnostics_, DiagnosticKind::TwoStars, index.expr->range,
               "only one index of a processor space can be `*`")
            .notes.push_back({star->expr->range, "the first one"});
      }
      star = &index;
      continue;
    }
    if (!expect(*index.expr, index.type, TypeKind::Int)) {
      good = false;
      const uint32_t begin = index.expr->range.begin;
      if (index.type.is(TypeKind::Tuple)) diagnostics_.last().fixes = {{{begin, begin}, "*"}};
    }
    if (index.type.value && *index.type.value < 0) {
      report(diagnostics_, DiagnosticKind::IndexOutOfRange, index.expr->range,
             fmt::format("an index of a processor space must be 0 or larger, found {}",
                         *index.type.value));
    }
  }
  const auto given = static_cast<int64_t>(indices.known.size());
  if (good && space.length && (indices.complete ? given != *space.length : given > *space.length)) {
    report(diagnostics_, DiagnosticKind::WrongIndexCount, expr.range,
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

// One integer; a negative one counts from the end.
Type Checker::infer_tuple_index(const Expr& expr, const Index& node, const Type& tuple) {
  if (node.indices.size() != 1) {
    report(diagnostics_, DiagnosticKind::WrongIndexCount, expr.range,
           fmt::format("a tuple takes 1 index, found {}", node.indices.size()));
    infer_elements(node.indices, true);
    return int_type();
  }
  const Type index = infer(*node.indices[0]);
  expect(*node.indices[0], index, TypeKind::Int);
  if (!index.value || !tuple.length) return int_type();
  if (*index.value >= *tuple.length || *index.value < -*tuple.length) {
    report(diagnostics_, DiagnosticKind::IndexOutOfRange, node.indices[0]->range,
           fmt::format("there is no element {} in a tuple of {}", *index.value, *tuple.length))
        .help = "elements count from 0, or from -1 at the end";
  }
  return int_type();
}

Type Checker::infer(const Expr&, const SliceExpr& node) {
  const Type object = infer(*node.object);
  const Type begin = node.begin ? infer(*node.begin) : int_type(0);
  const Type end = node.end ? infer(*node.end) : int_type(0);
  if (node.begin) expect(*node.begin, begin, TypeKind::Int);
  if (node.end) expect(*node.end, end, TypeKind::Int);
  if (!object.may_be(TypeKind::Tuple) && !object.is(TypeKind::Space)) {
    report(diagnostics_, DiagnosticKind::TypeMismatch, node.object->range,
           fmt::format("only a tuple or a processor space has a part `[:]`, found {}",
                       describe(object)));
    return tuple_type();
  }
  if (object.unknown() || !object.length) return tuple_type();
  return tuple_type(slice_length(node, *object.length, begin, end));
}

// A negative bound counts from the end; an end of 0 means the end.
std::optional<int64_t> Checker::slice_length(const SliceExpr& node, int64_t length,
                                             const Type& begin, const Type& end) {
  if (!begin.value || !end.value) return std::nullopt;
  const int64_t first = *begin.value < 0 ? *begin.value + length : *begin.value;
  const int64_t last = *end.value <= 0 ? *end.value + length : *end.value;
  if (last > length || last < 0) {
    report(diagnostics_, DiagnosticKind::IndexOutOfRange, node.end->range,
           fmt::format("there is no end {} in a tuple of {}", *end.value, length));
    return std::nullopt;
  }
  if (first < 0) {
    report(diagnostics_, DiagnosticKind::IndexOutOfRange, node.begin->range,
           fmt::format("there is no element {} in a tuple of {}", *begin.value, length));
    return std::nullopt;
  }
  return std::max<int64_t>(last - first, 0);
}

}  // namespace placewright::lang
