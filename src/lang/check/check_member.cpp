// SPDX-License-Identifier: Apache-2.0
#include "lang/check/check_member.h"

#include <fmt/core.h>

#include "lang/check/check_transformation.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

TypeKind type_kind(MemberType type) {
  switch (type) {
    case MemberType::Int:
      return TypeKind::Int;
    case MemberType::Bool:
      return TypeKind::Bool;
    case MemberType::Tuple:
      return TypeKind::Tuple;
    case MemberType::Space:
      return TypeKind::Space;
    case MemberType::Task:
      return TypeKind::Task;
    case MemberType::Memory:
      return TypeKind::Memory;
  }
  return TypeKind::Unknown;
}

/// Whether every launch has it.
bool is_always_known(Member member) {
  return member == Member::Tag || member == Member::Depth || member == Member::MapperId ||
         member == Member::Parent || member == Member::Processor;
}

/// Records what a map function certainly asks of its task: a single task has no point. The condition
/// of a rule refers to a whole launch.
void note_launch(CheckContext& context, Member member, SourceRange range) {
  const CheckScope& scope = context.scope;
  const bool of_point =
      member == Member::IPoint || member == Member::Parent || member == Member::Processor;
  if (scope.of_rule && of_point) {
    context
        .report(DiagnosticKind::UnavailableMember, range,
                fmt::format("the condition of a rule has no `{}`", to_string(member)))
        .help =
        "it applies to a whole launch: `task.ispace`, `task.lo`, `task.hi`, `task.tag`, "
        "`task.depth`, `task.mapper_id`";
  }
  if (scope.function == nullptr || scope.conditions > 0 || is_always_known(member)) return;
  auto& place = scope.function->needs_index_launch;
  if (!place) place = range;
}

Type infer_property_of_task(CheckContext& context, const MemberRef& node, const Type& object) {
  if (!context.expect(*node.object, object, TypeKind::Task)) return {};
  note_launch(context, node.member, node.member_range);
  return {.kind = type_kind(info(node.member).result)};
}

/// `m[0, 0].has(FBMEM)`.
Type infer_has(CheckContext& context, const Expr& expr, const MemberRef& callee,
               const ListElements& arguments) {
  const Type object = infer(context, *callee.object);
  context.expect(*callee.object, object, TypeKind::Tuple);
  if (check_count(context, expr, "`has`", arguments, 1))
    expect_arguments(context, info(Member::Has), arguments);
  return bool_type();
}

/// `task.processor(m)`: its place as an index of the space.
Type infer_processor(CheckContext& context, const Expr& expr, const MemberRef& callee,
                     const ListElements& arguments) {
  const Type object = infer(context, *callee.object);
  if (context.scope.of_rule) note_launch(context, Member::Processor, callee.member_range);
  context.expect(*callee.object, object, TypeKind::Task);
  if (!check_count(context, expr, "`processor`", arguments, 1) || arguments.known.empty())
    return tuple_type();
  expect_arguments(context, info(Member::Processor), arguments);
  const Type& space = arguments.known[0].type;
  return tuple_type(space.is(TypeKind::Space) ? space.length : std::nullopt);
}

}  // namespace

void expect_arguments(CheckContext& context, const MemberInfo& method,
                      const ListElements& arguments) {
  for (size_t i = 0; i < arguments.known.size(); ++i) {
    const ListElement& argument = arguments.known[i];
    context.expect(*argument.expr, argument.type, type_kind(method.parameters[i]));
  }
}

Type infer_method(CheckContext& context, const Expr& expr, const MemberRef& callee,
                  const ListElements& arguments) {
  if (!info(callee.member).is_called()) {
    const Type property = infer_member(context, callee);
    context
        .report(DiagnosticKind::NotAFunction, callee.member_range,
                fmt::format("`{}` is a value, not a function", to_string(callee.member)))
        .help = fmt::format("write `.{}` without `()`", to_string(callee.member));
    return property;
  }
  if (callee.member == Member::Has) return infer_has(context, expr, callee, arguments);
  if (callee.member == Member::Processor) return infer_processor(context, expr, callee, arguments);
  const Type object = infer(context, *callee.object);
  if (!context.expect(*callee.object, object, TypeKind::Space)) return space_type();
  return infer_transformation(context, expr, callee.member, object, arguments);
}

Type infer_member(CheckContext& context, const MemberRef& node) {
  const Type object = infer(context, *node.object);
  const MemberInfo& member = info(node.member);
  const std::string word(to_string(node.member));
  if (member.is_called()) {
    context
        .report(DiagnosticKind::TypeMismatch, node.member_range,
                fmt::format("`{}` needs its arguments", word))
        .help = fmt::format("write `.{}(...)`", word);
    return {};
  }
  if (member.owner == MemberOwner::Task) return infer_property_of_task(context, node, object);
  if (node.member == Member::All) {
    context.expect(*node.object, object, TypeKind::Space);
    return space_type(1, object.processor);
  }
  if (!object.may_be(TypeKind::Tuple) && !object.is(TypeKind::Space)) {
    context.report(DiagnosticKind::TypeMismatch, node.object->range,
                   fmt::format("only a tuple or a processor space has `{}`, found {}", word,
                               describe(object)));
    return {};
  }
  const auto length = object.unknown() ? std::nullopt : object.length;
  if (node.member == Member::Len) return int_type(length);
  return member.result == MemberType::Int ? int_type() : tuple_type(length);
}

}  // namespace placewright::lang
