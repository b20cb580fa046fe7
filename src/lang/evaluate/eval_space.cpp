// SPDX-License-Identifier: Apache-2.0
#include "lang/evaluate/eval_space.h"

#include <fmt/core.h>

#include "lang/evaluate/eval_expression.h"
#include "lang/syntax/members.h"
#include "lang/syntax/words.h"

namespace placewright::lang {
namespace {

/// The arguments of a transformation: integers, then tuples.
struct Arguments {
  std::array<int64_t, 3> numbers{};
  size_t number_count = 0;
  std::array<IntTuple, 2> tuples;
  size_t tuple_count = 0;
};

bool read_arguments(EvalContext& context, const Code& code, const MemberInfo& method,
                    const std::vector<Value>& values, Arguments& out) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (method.parameters[i] == MemberType::Int) {
      const auto* number = std::get_if<int64_t>(&values[i]);
      if (!number) {
        return context.type_error(code, fmt::format("an integer as argument {}", i + 1), values[i]);
      }
      out.numbers[out.number_count++] = *number;
    } else {
      const auto* tuple = std::get_if<TupleValue>(&values[i]);
      if (!tuple) return context.type_error(code, "a tuple of extents", values[i]);
      out.tuples[out.tuple_count++] = tuple->elements;
    }
  }
  return true;
}

Result<machine::ProcessorSpace> apply(const machine::ProcessorSpace& space, Member member,
                                      const std::array<int64_t, 3>& n,
                                      const std::array<IntTuple, 2>& t, int64_t& steps) {
  switch (member) {
    case Member::Merge:
      return space.merge(n[0], n[1]);
    case Member::Split:
      return space.split(n[0], n[1]);
    case Member::Swap:
      return space.swap(n[0], n[1]);
    case Member::Slice:
      return space.slice(n[0], n[1], n[2]);
    case Member::Reverse:
      return space.reverse(n[0]);
    case Member::BalanceSplit:
      return space.balance_split(n[0], n[1]);
    case Member::AutoSplit:
      return space.auto_split(n[0], t[0].span(), &steps);
    case Member::GreedySplit:
      return space.greedy_split(n[0], t[0].span());
    case Member::Decompose:
      return space.decompose(n[0], t[0].span(), t[1].span(), &steps);
    case Member::Size:
    case Member::Volume:
    case Member::Has:
    case Member::Len:
    case Member::IPoint:
    case Member::ISpace:
    case Member::Parent:
    case Member::Processor:
    case Member::Lo:
    case Member::Hi:
    case Member::Tag:
    case Member::Depth:
    case Member::MapperId:
    case Member::All:
      break;
  }
  return fail(fmt::format("`{}` is not a transformation", to_string(member)));
}

}  // namespace

bool eval_machine(EvalContext& context, const Code& code, Value& out) {
  if (code.children.size() != 1) {
    return context.fail(DiagnosticKind::WrongArgumentCount, code.range,
                        "`Machine` takes one processor kind", "for example `Machine(GPU)`");
  }
  Value scratch;
  const Value* argument = refer(context, code.children[0], scratch);
  if (!argument) return false;
  const auto* kind = std::get_if<machine::ProcessorKind>(argument);
  if (!kind) return context.type_error(code.children[0], "a processor kind", *argument);
  const machine::MachineShape& machine = context.program.machine;
  machine::ProcessorSpace space(*kind, machine);
  // `Machine(K).all` leaves nothing out.
  if (const int64_t left_out = space.left_out(); left_out > 0 && !context.wants_all) {
    context.warn(DiagnosticKind::UnevenMachine, code.range,
                 fmt::format("`Machine({0})` is {1} x {2}: it leaves out {3} of the {4} {0} "
                             "processors, because nodes have different numbers of them",
                             to_string(*kind), space.sizes().at[0], space.sizes().at[1], left_out,
                             machine.processors(*kind)),
                 fmt::format("`Machine({}).all` is every processor in order", to_string(*kind)));
  }
  out = std::move(space);
  return true;
}

bool transform(EvalContext& context, const Code& code, const machine::ProcessorSpace& space,
               const std::vector<Value>& arguments, Value& out) {
  const MemberInfo& method = info(code.member);
  if (arguments.size() < method.fewest_arguments || arguments.size() > method.most_arguments) {
    return context.fail(DiagnosticKind::WrongArgumentCount, code.range,
                        fmt::format("`{}` takes {} arguments, found {}", to_string(code.member),
                                    method.most_arguments, arguments.size()),
                        fmt::format("for example `.{}`", method.example));
  }
  Arguments read;
  if (!read_arguments(context, code, method, arguments, read)) return false;
  const auto& numbers = read.numbers;
  int64_t steps = 0;
  auto result = apply(space, code.member, numbers, read.tuples, steps);
  if (!context.spend(code, steps)) return false;
  if (!result) {
    return context.fail(DiagnosticKind::InvalidTransformation, code.range, result.error().message,
                        result.error().help);
  }
  if (code.member == Member::Split && space.sizes().at[numbers[0]] % numbers[1] != 0) {
    context.warn(DiagnosticKind::UnevenSplit, code.range,
                 fmt::format("splitting dimension {} of size {} by {} leaves processors out",
                             numbers[0], space.sizes().at[numbers[0]], numbers[1]));
  }
  out = std::move(*result);
  return true;
}

}  // namespace placewright::lang
